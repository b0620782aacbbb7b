/** Times, durations and ids as people read them. */
import { describe, expect, it } from "vitest";
import { ago, exact, left, plural, since, tail, utc } from "../src/lib/format";

const NOW = Date.UTC(2026, 10, 20, 14, 2, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("ago", () => {
  it.each([
    [null, "–"],
    [NOW, "now"],
    [NOW + 5000, "now"],
    [NOW - 44_000, "now"],
    [NOW - 50_000, "1 min"],
    [NOW - 2 * MINUTE, "2 min"],
    [NOW - 3 * HOUR, "3 h"],
    [NOW - 26 * HOUR, "yesterday"],
    [NOW - 6 * DAY, "6 days"],
    [NOW - 40 * DAY, "11 Oct"],
    [NOW - 400 * DAY, "16 Oct 2025"],
  ])("%s_is_%s", (then, text) => {
    expect(ago(then, NOW, "en-GB"), "short and relative").toBe(text);
  });

  it("ends_a_sentence", () => {
    const said = [0, 2 * MINUTE, 26 * HOUR, 40 * DAY].map((past) => since(NOW - past, NOW, "en-GB"));
    expect(said, "reads as part of a sentence").toEqual(["just now", "2 min ago", "yesterday", "on 11 Oct"]);
  });
});

describe("left", () => {
  it.each([
    [8 * HOUR - 1, "7 h 59 m"],
    [7 * HOUR + 41 * MINUTE, "7 h 41 m"],
    [12 * MINUTE, "12 m"],
    [4 * MINUTE + 10_000, "4 m 10 s"],
    [59_500, "60 s"],
    [41_000, "41 s"],
    [1, "1 s"],
    [0, "0 s"],
    [-5000, "0 s"],
    [364 * DAY + 3 * HOUR, "364 d 3 h"],
  ])("%s_ms_is_%s", (rest, text) => {
    expect(left(NOW + rest, NOW), "two units, never below zero").toBe(text);
  });
});

describe("others", () => {
  it("audit_times_are_utc", () => expect(utc(NOW), "UTC to the second").toBe("2026-11-20 14:02:00Z"));
  it("exact_times_follow_the_locale", () => expect(exact(NOW, "en-GB"), "has the year").toContain("2026"));
  it("counts_agree_with_their_noun", () =>
    expect([plural(1, "act"), plural(4812, "act")]).toEqual(["1 act", "4,812 acts"]));
  it("ids_show_their_last_segment", () => {
    expect(tail("krn:partner:global:account:test:MB6KIE1P"), "the last segment of a KRN").toBe("MB6KIE1P");
    expect(tail("0123456789abcdef"), "else the last eight").toBe("89abcdef");
  });
});
