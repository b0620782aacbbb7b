/** What was looked ahead is shown in the key's own task, never when it is stale, and nothing is asked while somebody types. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import type { SearchView } from "../src/ipc/backend";
import { Directory } from "../src/merchants/directory.svelte";
import { Foresight, QUIET } from "../src/merchants/foresight";

const view = (total: number): SearchView => ({ total, of: 9, first: 0, rows: [], tookUs: 0 });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("foresight", () => {
  it("is_asked_for_once_it_is_quiet_and_only_for_the_last_query", async () => {
    const asked = vi.spyOn(backend, "merchantsAhead").mockResolvedValue([{ query: "ab", found: view(3) }]);
    const foresight = new Foresight();
    foresight.from("x");
    vi.advanceTimersByTime(QUIET - 1);
    foresight.from("a");
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(asked.mock.calls.map(([request]) => request.query)).toEqual(["a"]);
    expect(foresight.get("AB")?.total, "in any case").toBe(3);
  });

  it("forgets_what_comes_after_the_merchants_changed", async () => {
    let give: (found: { query: string; found: SearchView }[]) => void = () => undefined;
    vi.spyOn(backend, "merchantsAhead").mockReturnValue(new Promise((settle) => (give = settle)));
    const foresight = new Foresight();
    foresight.from("a");
    vi.advanceTimersByTime(QUIET);
    foresight.clear();
    give([{ query: "ab", found: view(3) }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(foresight.get("ab"), "it was asked before the change").toBeUndefined();
  });

  it("is_silent_about_a_failure_because_the_search_itself_will_tell", async () => {
    vi.spyOn(backend, "merchantsAhead").mockRejectedValue({ code: "database_busy" });
    const foresight = new Foresight();
    foresight.from("a");
    await vi.advanceTimersByTimeAsync(QUIET);
    expect(foresight.get("ab")).toBeUndefined();
  });
});

describe("the directory", () => {
  it("shows_foreseen_rows_in_the_task_of_the_key_and_asks_rust_for_others", async () => {
    vi.spyOn(backend, "merchantsAhead").mockResolvedValue([{ query: "a", found: view(3) }]);
    const search = vi.spyOn(backend, "merchantsSearch").mockResolvedValue(view(5));
    const directory = new Directory();
    directory.search("");
    await vi.advanceTimersByTimeAsync(QUIET * 2);
    search.mockClear();
    directory.search("a");
    expect([directory.shown, directory.total, directory.source], "at once").toEqual(["a", 3, "ahead"]);
    expect(search, "Rust is not asked").not.toHaveBeenCalled();
    directory.search("b");
    expect(directory.shown, "not foreseen").toBe("a");
    expect(search).toHaveBeenCalledOnce();
  });
});
