/** Enter in the search field: it opens what is typed, also when the answer is not here yet, and never anything else. */
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { listener } from "../src/frame/hear";
// Fetched by the listener when a profile changes; here beforehand, or the test may be over before it has come.
import "../src/frame/queries";
import type { SearchView } from "../src/ipc/backend";
import { acts } from "../src/portal/acts.svelte";
import { directory } from "../src/merchants/directory.svelte";
import { openSelected } from "../src/merchants/enter";

const row = (id: string): SearchView["rows"][number] => ({
  id,
  name: id,
  reference: "",
  state: "OPERATIONAL",
  country: "SE",
  tags: [],
  pinned: false,
  openedAt: null,
  matched: [],
});
const found = (...ids: string[]): SearchView => ({
  total: ids.length,
  of: 9,
  first: 0,
  rows: ids.map(row),
  tookUs: 1,
});
const busy = { code: "database_busy", message: "", hint: "", reference: "" };

interface Answer {
  give: (view: SearchView) => Promise<void>;
  fail: () => Promise<void>;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await tick();
};

/** The answers to the searches, in the order in which they were asked; the test gives them when it likes. */
let answers: Answer[];
let opened: string[];

const press = (): void => openSelected(new KeyboardEvent("keydown", { key: "Enter" }));
const answer = (index: number): Answer => answers[index] as Answer;

beforeEach(async () => {
  [answers, opened] = [[], []];
  vi.spyOn(acts, "open").mockImplementation((request) => {
    opened.push(request.merchantId);
    return Promise.resolve();
  });
  vi.spyOn(backend, "merchantsSearch").mockImplementation(
    () =>
      new Promise((done, refuse) =>
        answers.push({
          give: (view) => (done(view), settle()),
          fail: () => (refuse(busy), settle()),
        }),
      ),
  );
  directory.refresh();
  directory.search("");
  await answers.at(-1)?.give(found("before"));
  answers.length = 0;
});

afterEach(() => vi.useRealTimers());

describe("Enter", () => {
  it("opens_the_selected_row_at_once_when_its_rows_are_shown", () => {
    press();
    expect(opened).toEqual(["before"]);
  });

  it("before_the_answer_opens_the_best_row_once", async () => {
    directory.search("ab");
    press();
    press();
    expect(opened, "nothing that is still shown from before").toEqual([]);
    await answer(0).give(found("best", "second"));
    expect(opened, "the best row, once").toEqual(["best"]);
    directory.refresh();
    await answer(1).give(found("best", "second"));
    expect(opened, "a later answer opens nothing").toEqual(["best"]);
  });

  it("is_taken_back_by_more_typing", async () => {
    directory.search("abc");
    press();
    directory.search("abcd");
    await answer(1).give(found("other"));
    await answer(0).give(found("best"));
    expect(opened, "it was meant for the shorter text").toEqual([]);
  });

  it("is_taken_back_by_a_failure", async () => {
    directory.search("abf");
    press();
    await answer(0).fail();
    press();
    directory.refresh();
    await answer(1).give(found("best"));
    expect(opened, "a retry opens nothing by itself").toEqual([]);
    press();
    expect(opened, "the next Enter does").toEqual(["best"]);
  });

  it("survives_a_change_that_asks_again_and_opens_the_best_row_not_the_old_one", async () => {
    directory.search("abr");
    press();
    directory.refresh();
    await answer(1).give(found("best", "before"));
    expect(opened, "the selection of the rows before does not count").toEqual(["best"]);
  });

  it("is_taken_back_by_another_profile", async () => {
    vi.useFakeTimers();
    directory.search("abp");
    press();
    listener()(["profile"]);
    vi.advanceTimersByTime(30);
    vi.useRealTimers();
    await answer(1).give(found("of the other profile"));
    expect(opened, "it was meant for the profile before").toEqual([]);
  });

  it("opens_nothing_when_nothing_matches", async () => {
    directory.search("zzzz");
    press();
    await answer(0).give(found());
    expect(opened).toEqual([]);
  });
});
