/** The question's text as people and facets edit it; the bars and the month it is edited by; the pages of its answer. */
import { describe, expect, it } from "vitest";
import { heldText, outline, spanText, stepText, ticks } from "../src/audit/bars";
import { choicesAt, chosen } from "../src/audit/completion";
import { movedDay, plusMonths, weeks } from "../src/audit/month";
import { Pages } from "../src/audit/pages";
import {
  asks,
  between,
  completed,
  isBounded,
  narrowed,
  quoted,
  terms,
  toggled,
  unbounded,
  wanted,
} from "../src/audit/query";
import { verdictLine } from "../src/audit/verdict";
import { UnfoldingRows } from "../src/lib/unfolding.svelte";
import type { VerifyView } from "../src/ipc/backend";

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 20, 12);

describe("the terms of a question", () => {
  it("knows_fields_free_words_quotes_and_the_dash", () => {
    const found = terms('-act:portal.open  bageri person:"ann \\"a\\" berg" until:');
    expect(found.map(({ field, value, not }) => [field, value, not])).toEqual([
      ["act", "portal.open", true],
      [null, "bageri", false],
      ["person", 'ann "a" berg', false],
      ["until", "", false],
    ]);
  });

  it("holds_an_open_quote_together_while_it_is_typed", () => {
    expect(terms('person:"ann be').map(({ value }) => value)).toEqual(["ann be"]);
  });

  it("counts_places_so_that_cutting_a_term_out_leaves_the_rest", () => {
    const text = "a  outcome:refused b";
    const [, term] = terms(text);
    expect(text.slice(term?.start, term?.end)).toBe("outcome:refused");
  });

  it.each(["two words", 'a "quote"', "back\\slash", "", "plain"])("reads_back_what_it_wrote: %s", (value) => {
    expect(terms(`person:${quoted(value)}`)[0]?.value, "nothing is lost on the way").toBe(value);
  });
});

describe("a facet's press", () => {
  it("writes_its_value_once_and_takes_it_out_again", () => {
    const once = toggled("bageri", "outcome", "refused");
    expect(once).toBe("bageri outcome:refused");
    expect(asks(once, "outcome", "REFUSED"), "letters' size does not matter").toBe(true);
    expect(toggled(once, "outcome", "refused"), "and back").toBe("bageri");
  });

  it("turns_an_exclusion_into_a_wish", () => {
    expect(toggled("-outcome:refused x", "outcome", "refused")).toBe("x outcome:refused");
  });

  it("keeps_other_values_of_the_field", () => {
    expect(toggled("act:portal.open", "act", "access.grant")).toBe("act:portal.open act:access.grant");
    expect(narrowed("act:portal.open", "act", "portal.open"), "a link asks once").toBe("act:portal.open");
  });
});

describe("a range of the bars", () => {
  it("is_days_where_it_is_whole_days_the_last_one_meant_whole", () => {
    expect(between("x", Date.UTC(2026, 10, 14), Date.UTC(2026, 10, 17))).toBe("x since:2026-11-14 until:2026-11-16");
  });

  it("is_exact_times_otherwise_and_ends_before_the_next_bar", () => {
    expect(between("", NOON, NOON + 3_600_000)).toBe("since:2026-11-20T12:00:00Z until:2026-11-20T12:59:59.999Z");
  });

  it("takes_the_place_of_the_range_before", () => {
    const text = between("since:7d x until:today", NOON - (NOON % DAY), NOON - (NOON % DAY) + DAY);
    expect(text).toBe("x since:2026-11-20 until:2026-11-20");
    expect([isBounded(text), unbounded(text)]).toEqual([true, "x"]);
  });
});

describe("completion", () => {
  const facets = [{ field: "actor" as const, more: false, values: [{ value: "5f2c", label: "Nora Lind", count: 3 }] }];

  it("offers_fields_by_their_beginning_and_leaves_the_caret_after_the_colon", () => {
    const { place, choices } = choicesAt("x out", 5, facets);
    expect(choices.map(({ value }) => value)).toEqual(["outcome"]);
    expect(completed("x out", place, "outcome")).toEqual({ text: "x outcome:", caret: 10 });
  });

  it("offers_values_by_what_they_are_called_too", () => {
    const text = "actor:nora y";
    const { place, choices } = choicesAt(text, 10, facets);
    expect(choices[0]?.what).toBe("Nora Lind");
    const [choice] = choices;
    if (!choice) throw new Error("nothing is offered");
    expect(chosen(text, place, choice)).toEqual({ text: "actor:5f2c y", caret: 11 });
  });

  it("keeps_a_dash_and_knows_where_it_stands", () => {
    const place = wanted("-outcome:ref", 12);
    expect([place.field, place.typed, place.not]).toEqual(["outcome", "ref", true]);
    expect(completed("-outcome:ref", place, "refused").text).toBe("-outcome:refused ");
  });
});

describe("the bars", () => {
  const bar = (succeeded: number, refused = 0) => ({ succeeded, refused, unknown: 0, notes: 0 });

  it("draws_what_is_there_even_where_it_is_one_in_a_thousand", () => {
    expect(outline([bar(1000), bar(0, 1)], "refused"), "three of a hundred at least").toBe("M1.1 97.0h0.8v3.0h-0.8z");
    expect(outline([bar(0)], "succeeded"), "and nothing where nothing is").toBe("");
  });

  it("says_what_a_bar_holds_and_when", () => {
    const histogram = { from: NOON - (NOON % DAY), step: DAY, bars: [bar(3, 2), bar(1)] };
    expect(heldText([bar(3, 2)])).toBe("5 acts, 2 refused");
    expect(spanText(histogram, 0, 0)).toBe("20 Nov");
    expect(spanText(histogram, 0, 1)).toBe("20 Nov to 21 Nov");
    expect(spanText({ ...histogram, from: NOON, step: 900_000 }, 0, 1)).toBe("20 Nov 12:00 to 12:30");
    expect([stepText(DAY), stepText(3 * 3_600_000)]).toEqual(["a day", "3 hours"]);
    expect(ticks({ ...histogram, bars: Array.from({ length: 60 }, () => bar(1)) }).length).toBeLessThanOrEqual(6);
  });
});

describe("the calendar", () => {
  it("has_weeks_from_monday_and_only_days_of_the_month", () => {
    const found = weeks("2026-11-20");
    expect(found[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    expect(found.flat().filter(Boolean)).toHaveLength(30);
  });

  it("moves_by_days_weeks_and_months_never_past_today", () => {
    const from = (key: string, day = "2026-03-31"): string | null => movedDay(key, day, "2026-11-20");
    expect([from("ArrowLeft"), from("ArrowUp"), from("Home")]).toEqual(["2026-03-30", "2026-03-24", "2026-03-30"]);
    expect(from("PageUp"), "a shorter month ends earlier").toBe("2026-02-28");
    expect(plusMonths("2024-01-31", 1), "leap years too").toBe("2024-02-29");
    expect(from("ArrowDown", "2026-11-18"), "nothing lies after today").toBe("2026-11-20");
    expect(from("x"), "other keys mean nothing").toBeNull();
  });
});

describe("pages of a list of any length", () => {
  it("lets_rows_go_and_knows_where_they_came_from", () => {
    const pages = new Pages<number>(2);
    for (let page = 0; page < 5; page += 1)
      pages.add(page === 0 ? null : 100 - page * 10, [page * 3, page * 3 + 1, page * 3 + 2]);
    expect(pages.total).toBe(15);
    expect([pages.row(14), pages.row(0)], "the last are kept, the first were let go").toEqual([14, null]);
    expect(pages.missing(0, 4).map(({ page, before }) => [page, before])).toEqual([
      [0, null],
      [1, 90],
    ]);
    pages.put(1, [3, 4, 5, 99]);
    expect([pages.row(3), pages.row(5), pages.row(6)], "no row moves to another page").toEqual([3, 5, null]);
  });
});

describe("a list with one row unfolded", () => {
  it("knows_which_rows_are_seen_and_where_they_begin", () => {
    const rows = new UnfoldingRows(() => 1_000_000, 32);
    [rows.height, rows.open, rows.block] = [320, 3, 400];
    expect([rows.start(3), rows.start(4), rows.total]).toEqual([96, 528, 32_000_400]);
    rows.top = 300;
    expect([rows.first, rows.last], "within the block, its own row is the first").toEqual([0, 12]);
    rows.top = 5_000_400;
    expect(rows.first, "far below, the block is one height").toBe(156_244);
    expect(rows.reveal(156_250), "what is in sight stays").toBeNull();
    expect(rows.reveal(2), "what is above is scrolled to").toBe(64);
  });
});

describe("the verdict line", () => {
  const verdict: VerifyView = {
    ...{ verdict: "intact", size: 4812, root: "", firstBadSeq: null, reason: null, checkedAt: NOON, tookMs: 1 },
    ...{ witnessed: { size: 4807, time: NOON + 7_380_000, by: "" }, reviewed: null, notices: [] },
  };

  it("says_what_is_verified_what_is_witnessed_and_what_is_not_yet", () => {
    expect(verdictLine(verdict, 4812, NOON)).toBe(
      "Verified to #4,812 · witnessed to #4,807 14:03 UTC · 5 not yet witnessed",
    );
    expect(verdictLine({ ...verdict, witnessed: null }, 4815, NOON)).toBe(
      "Verified to #4,812 · not witnessed · 3 since",
    );
  });
});
