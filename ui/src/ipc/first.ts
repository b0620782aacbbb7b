/**
 * The two questions whose answers the first picture needs, asked in parallel before anything is drawn.
 * Absent on purpose: waiting. Whoever needs an answer awaits it.
 */
import { backend } from "#backend";

/** Rows asked for at first and after each key press: what a tall window shows, little more. */
export const FIRST_ROWS = 60;

export const firstState = backend.appState();
export const firstRows = backend.merchantsSearch({ query: "", first: 0, count: FIRST_ROWS });

const heardByItsReader = (): void => undefined;
firstState.catch(heardByItsReader);
firstRows.catch(heardByItsReader);
