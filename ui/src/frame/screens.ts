/**
 * The screens there are, and which one the last run showed. Absent on purpose: state; src/frame/view.svelte.ts has it.
 */
export const SCREENS = ["merchants", "sessions", "people", "tokens", "audit", "keys", "settings"] as const;
export type Screen = (typeof SCREENS)[number];

const KEY = "gatehouse.screen";

export function rememberedScreen(): Screen {
  const found = localStorage.getItem(KEY);
  return SCREENS.find((screen) => screen === found) ?? "merchants";
}

export function rememberScreen(screen: Screen): void {
  localStorage.setItem(KEY, screen);
}
