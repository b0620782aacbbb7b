/**
 * The two answers that the first picture needs: handed over with the page where Rust had them ready, else asked for in parallel
 * before anything is drawn. Absent on purpose: waiting. Whoever needs an answer awaits it.
 */
import { backend } from "#backend";
import type { AppStateView, SearchView } from "./backend";

/** Rows asked for at first and after each key press: what a tall window shows, little more. */
export const FIRST_ROWS = 60;

interface Handed {
  state: AppStateView;
  rows: SearchView | null;
}

/** Takes what Rust put into the page as a data block (src-tauri/src/first_answers.rs); it does so for the first load only. */
function handed(): Handed | null {
  const block = document.getElementById("first-answers");
  block?.remove();
  try {
    return block?.textContent ? (JSON.parse(block.textContent) as Handed) : null;
  } catch {
    return null;
  }
}

/** What came with the page; `null` where both answers are asked for by command. */
export const first = handed();

export const firstState = first ? Promise.resolve(first.state) : backend.appState();
export const firstRows = first?.rows
  ? Promise.resolve(first.rows)
  : backend.merchantsSearch({ query: "", first: 0, count: FIRST_ROWS });

const heardByItsReader = (): void => undefined;
firstState.catch(heardByItsReader);
firstRows.catch(heardByItsReader);
