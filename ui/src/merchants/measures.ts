/**
 * The measures of the merchants screen that both the first picture and the app need before anything can be measured.
 * Absent on purpose: what only a style sheet needs.
 */
/** The height of a row of the list. */
export const ROW_HEIGHT = 32;

/** How much of the window's height is not the list's: header, search field, column heads, footer. */
export const AROUND = 150;

/** From this width on the selected merchant stands beside the list. */
export const WIDE = "(width >= 1000px)";

const KEY = "gatehouse.pane";
const USUAL = 340;

export const paneWidth = (): number => Number(localStorage.getItem(KEY)) || USUAL;

export function rememberPaneWidth(width: number): void {
  localStorage.setItem(KEY, String(width));
}
