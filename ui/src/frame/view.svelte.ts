/**
 * Which screen is shown, with back and forward, restored at the next start.
 * Absent on purpose: addresses. The window has one page; a link from outside can never choose a view.
 */
import { rememberedScreen, rememberScreen, type Screen } from "./screens";

export { SCREENS, type Screen } from "./screens";

export interface View {
  screen: Screen;
  /** The detail as a page of its own, where the window is too narrow for a pane. */
  page: boolean;
}

const LONGEST = 50;

export class Views {
  current: View = $state.raw({ screen: "merchants", page: false });
  private past: View[] = [];
  private future: View[] = [];

  constructor(start: Screen) {
    this.current = { screen: start, page: false };
  }

  go(screen: Screen, page = false): void {
    if (screen === this.current.screen && page === this.current.page) return;
    this.past = [...this.past.slice(-LONGEST), this.current];
    this.future = [];
    this.show({ screen, page });
  }

  back(): boolean {
    const view = this.past.pop();
    if (!view) return false;
    this.future.push(this.current);
    this.show(view);
    return true;
  }

  forward(): boolean {
    const view = this.future.pop();
    if (!view) return false;
    this.past.push(this.current);
    this.show(view);
    return true;
  }

  private show(view: View): void {
    this.current = view;
    rememberScreen(view.screen);
  }
}

export const views = new Views(rememberedScreen());
