/**
 * Light, dark or the system's choice, as an attribute that the tokens follow.
 * The last choice is remembered here only so that the next start does not flash; Rust keeps the setting.
 */
import type { Theme } from "../ipc/backend";

const KEY = "gatehouse.theme";

export function rememberedTheme(): Theme {
  const found = localStorage.getItem(KEY);
  return found === "light" || found === "dark" ? found : "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
}
