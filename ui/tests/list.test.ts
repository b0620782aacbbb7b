/** The list: keys, windows of rows, and which answer is shown. */
import { tick } from "svelte";
import { describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import type { SearchRequest, SearchView } from "../src/ipc/backend";
import { EqualRows } from "../src/lib/rows.svelte";
import { Directory, WINDOW } from "../src/merchants/directory.svelte";
import { caretWants, moved } from "../src/merchants/move";

const rowsFrom = (query: string, first: number, count: number, total: number): SearchView["rows"] =>
  Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, place) => ({
    id: `${query}:${first + place}`,
    name: `${query} ${first + place}`,
    reference: "",
    state: "OPERATIONAL",
    country: "SE",
    tags: [],
    pinned: false,
    openedAt: null,
    matched: [],
  }));

const view = ({ query, first, count }: SearchRequest, total = 1000): SearchView => ({
  total,
  of: 1000,
  first,
  rows: rowsFrom(query, first, count, total),
  tookUs: 1,
});

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await tick();
};

describe("keys", () => {
  const place = { index: 5, total: 100_000, page: 18 };
  it.each([
    ["ArrowDown", 6],
    ["ArrowUp", 4],
    ["PageDown", 23],
    ["PageUp", 0],
    ["Home", 0],
    ["End", 99_999],
    ["x", null],
  ])("%s_goes_to_%s", (key, index) => expect(moved(key, place), "from row 5").toBe(index));

  it("stay_within_the_list", () => {
    expect(moved("ArrowDown", { index: 2, total: 3, page: 9 }), "no wrapping at the end").toBe(2);
    expect(moved("ArrowUp", { index: 0, total: 3, page: 9 }), "nor at the start").toBe(0);
    expect(moved("End", { index: 0, total: 0, page: 9 }), "nothing in an empty list").toBeNull();
  });

  it("home_and_end_move_the_caret_first", () => {
    const field = (value: string, at: number): Parameters<typeof caretWants>[1] => ({
      value,
      selectionStart: at,
      selectionEnd: at,
    });
    expect(caretWants("Home", field("abc", 3)), "the caret is at the end").toBe(true);
    expect(caretWants("Home", field("abc", 0)), "the caret is there already").toBe(false);
    expect(caretWants("End", field("abc", 3)), "the caret is there already").toBe(false);
    expect(caretWants("End", field("", 0)), "an empty field has no use for it").toBe(false);
  });
});

describe("rows in sight", () => {
  const rows = new EqualRows(() => 100_000, 32, 0);
  rows.extra = 6;
  it("are_never_more_than_the_window_has_room_for", () => {
    const unstyled = new EqualRows(() => 100_000, 32, 0);
    unstyled.height = 3_200_000;
    expect(unstyled.slots, "a box without its style sheet is as high as all rows").toBeLessThan(
      window.innerHeight / 32 + 14,
    );
  });

  it("draws_a_constant_number_of_slots", () => {
    rows.height = 640;
    for (const top of [0, 500, 1_600_000, 3_199_360]) {
      rows.top = top;
      expect(rows.slots, "slots are used again").toBe(32);
      expect(rows.first, "never before the start").toBeGreaterThanOrEqual(0);
      expect(rows.last, "never past the end").toBeLessThan(100_000);
      expect(rows.first * 32, "the first drawn row is above the edge").toBeLessThanOrEqual(top);
    }
  });

  it("reveals_no_more_than_needed", () => {
    [rows.top, rows.height] = [320, 640];
    expect(rows.reveal(12), "a row in sight moves nothing").toBeNull();
    expect(rows.reveal(3), "a row above comes to the top").toBe(96);
    expect(rows.reveal(30), "a row below comes to the bottom").toBe(352);
  });
});

describe("directory", () => {
  it("an_overtaken_answer_is_dropped", async () => {
    const answers: ((value: SearchView) => void)[] = [];
    vi.spyOn(backend, "merchantsSearch").mockImplementation(() => new Promise((done) => answers.push(done)));
    const directory = new Directory();
    directory.search("a");
    directory.search("ab");
    answers[1]?.(view({ query: "ab", first: 0, count: 60 }, 7));
    await settle();
    answers[0]?.(view({ query: "a", first: 0, count: 60 }, 500));
    await settle();
    expect([directory.shown, directory.total], "the newest key press wins").toEqual(["ab", 7]);
    expect(directory.selected?.id, "its best row is selected").toBe("ab:0");
  });

  it("deleting_a_letter_asks_nobody", async () => {
    const search = vi.spyOn(backend, "merchantsSearch").mockImplementation((request) => Promise.resolve(view(request)));
    const directory = new Directory();
    directory.search("a");
    await settle();
    directory.search("ab");
    await settle();
    const asked = search.mock.calls.length;
    directory.search("a");
    expect([directory.shown, directory.source], "shown in the same task").toEqual(["a", "memory"]);
    expect(search.mock.calls.length, "Rust was not asked").toBe(asked);
  });

  it("asks_for_windows_that_are_looked_at_once", async () => {
    const search = vi.spyOn(backend, "merchantsSearch").mockImplementation((request) => Promise.resolve(view(request)));
    const directory = new Directory();
    directory.search("a");
    await settle();
    search.mockClear();
    directory.need(540, 580);
    directory.need(541, 581);
    await settle();
    expect(
      search.mock.calls.map(([request]) => request.first),
      "one window, once",
    ).toEqual([5 * WINDOW]);
    expect(directory.row(541)?.id, "the row is here").toBe("a:541");
    expect(directory.row(900), "rows nobody looks at are not").toBeNull();
  });

  it("a_refresh_follows_the_selected_merchant", async () => {
    const search = vi.spyOn(backend, "merchantsSearch").mockImplementation((request) => Promise.resolve(view(request)));
    const directory = new Directory();
    directory.search("a");
    await settle();
    directory.select(4);
    search.mockImplementation((request) => {
      const answer = view(request);
      return Promise.resolve({
        ...answer,
        rows: [answer.rows[4], ...answer.rows.filter((_, place) => place !== 4)] as SearchView["rows"],
      });
    });
    directory.refresh();
    await settle();
    expect([directory.index, directory.selected?.id], "the same merchant at its new place").toEqual([0, "a:4"]);
  });

  it("a_failure_is_kept_until_an_answer_comes", async () => {
    const search = vi
      .spyOn(backend, "merchantsSearch")
      .mockRejectedValueOnce({ code: "database_busy", message: "", hint: "", reference: "" });
    const directory = new Directory();
    directory.search("a");
    await settle();
    expect(directory.problem?.code, "the cause is shown").toBe("database_busy");
    search.mockImplementation((request) => Promise.resolve(view(request)));
    directory.refresh();
    await settle();
    expect(directory.problem, "and gone after a good answer").toBeNull();
  });
});
