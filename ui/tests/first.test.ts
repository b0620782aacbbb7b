/** The first two answers: taken from the page where Rust put them, asked for by command where it did not. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AppStateView, SearchView } from "../src/ipc/backend";

const rows = { total: 7, of: 7, first: 0, rows: [], tookUs: 1 } satisfies SearchView;

function put(text: string): void {
  const block = document.createElement("script");
  block.type = "application/json";
  block.id = "first-answers";
  block.textContent = text;
  document.head.append(block);
}

/** Loads the module anew, as a page does, and says what it answered and how often it asked. */
async function load(): Promise<{ state: AppStateView; rows: SearchView; asked: [number, number] }> {
  const { backend } = await import("#backend");
  const states = vi.spyOn(backend, "appState");
  const searches = vi.spyOn(backend, "merchantsSearch");
  const first = await import("../src/ipc/first");
  const answers = { state: await first.firstState, rows: await first.firstRows };
  return { ...answers, asked: [states.mock.calls.length, searches.mock.calls.length] };
}

beforeEach(() => {
  vi.resetModules();
  document.head.replaceChildren();
});

describe("the first answers", () => {
  it("come_with_the_page_and_nobody_is_asked", async () => {
    put(JSON.stringify({ state: { version: "9.9.9" }, rows }));
    const { state, rows: shown, asked } = await load();
    expect([state.version, shown.total], "what Rust handed over").toEqual(["9.9.9", 7]);
    expect(asked, "no command was needed").toEqual([0, 0]);
    expect(document.getElementById("first-answers"), "the block does not stay in the page").toBeNull();
  });

  it("are_asked_for_when_the_page_has_none", async () => {
    const { state, rows: shown, asked } = await load();
    expect(asked, "each once, in parallel").toEqual([1, 1]);
    expect([state.version, shown.first], "and answered").toEqual(["0.1.0", 0]);
  });

  it("without_rows_only_the_rows_are_asked_for", async () => {
    put(JSON.stringify({ state: { version: "9.9.9" }, rows: null }));
    expect((await load()).asked, "the state is there already").toEqual([0, 1]);
  });

  it("a_block_that_cannot_be_read_counts_as_none", async () => {
    put('{"state":');
    expect((await load()).asked, "the page still starts").toEqual([1, 1]);
  });
});
