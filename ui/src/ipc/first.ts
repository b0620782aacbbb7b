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

/** Lets an answer fail without anybody listening yet: whoever needs it hears of it. */
function asked<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined);
  return answer;
}

const first = handed();

/** The state itself where it came with the page, else the answer that is awaited; so with the rows. */
export const firstState: AppStateView | Promise<AppStateView> = first?.state ?? asked(backend.appState());
export const firstRows: SearchView | Promise<SearchView> =
  first?.rows ?? asked(backend.merchantsSearch({ query: "", first: 0, count: FIRST_ROWS }));
