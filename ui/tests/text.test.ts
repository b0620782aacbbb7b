/** Text from outside: matched letters, hostile characters, and nothing of it as markup. */
import { render } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import Marked from "../src/lib/Marked.svelte";
import Outside from "../src/lib/Outside.svelte";
import Row from "../src/merchants/Row.svelte";
import { fieldText, pieces } from "../src/lib/spans";
import { visible, visibleLines } from "../src/lib/visible";
import type { MerchantRow } from "../src/ipc/backend";

const HOSTILE = '<img src=x onerror="alert(1)">\u202Egnp.exe\u001B[31m\u0000{{7*7}}';

const row = (change: Partial<MerchantRow>): MerchantRow => ({
  id: "krn:partner:global:account:test:MB6KIE1P",
  name: "Bageri Åsa",
  reference: "SE-00417",
  state: "OPERATIONAL",
  country: "SE",
  tags: [],
  pinned: false,
  openedAt: null,
  matched: [],
  ...change,
});

describe("matched spans", () => {
  const cut = (text: string, ranges: { start: number; end: number }[]): string =>
    pieces(text, ranges)
      .map(({ text, hit }) => (hit ? `[${text}]` : text))
      .join("");

  it("cuts_by_utf16_offsets", () => {
    expect(cut("Café Größe", [{ start: 5, end: 8 }]), "in the middle").toBe("Café [Grö]ße");
    expect(cut("👩‍🍳 Bakery", [{ start: 6, end: 9 }]), "after a surrogate pair").toContain("[Bak]ery");
    expect(cut("abc", []), "no match is one piece").toBe("abc");
    expect(cut("", []), "empty stays empty").toBe("");
  });

  it("mends_offsets_that_cannot_be", () => {
    expect(
      cut("abcdef", [
        { start: 4, end: 99 },
        { start: 0, end: 2 },
      ]),
      "out of order and too far",
    ).toBe("[ab]cd[ef]");
    expect(
      cut("abcdef", [
        { start: 1, end: 4 },
        { start: 2, end: 5 },
      ]),
      "overlapping",
    ).toBe("a[bcd][e]f");
    expect(
      cut("abc", [
        { start: 2, end: 1 },
        { start: -3, end: -1 },
      ]),
      "backwards",
    ).toBe("abc");
  });

  it("joined_pieces_are_the_visible_text", () => {
    const joined = pieces(HOSTILE, [{ start: 28, end: 33 }])
      .map(({ text }) => text)
      .join("");
    expect(joined, "nothing is lost by marking").toBe(visible(HOSTILE));
  });

  it("tags_count_as_one_text", () => expect(fieldText(row({ tags: ["vip", "chain"] }), "tag")).toBe("vip chain"));
});

describe("hostile text", () => {
  it("lines_stay_lines_and_all_else_becomes_visible", () => {
    expect(visibleLines("curl \\\n  -X\u202E\r")).toBe("curl \\\n  -X⟨U+202E⟩⟨U+000D⟩");
  });

  it("controls_and_direction_marks_become_visible", () => {
    expect(visible("a\u202Eb\u0007c\u200Bd\u2066"), "each is written out").toBe("a⟨U+202E⟩b⟨U+0007⟩c⟨U+200B⟩d⟨U+2066⟩");
    expect(visible("Δέλτα 東京 Größe 👩"), "letters of any script stay").toBe("Δέλτα 東京 Größe 👩");
  });

  it("is_rendered_as_text_everywhere", () => {
    for (const view of [
      render(Outside, { text: HOSTILE }),
      render(Marked, { text: HOSTILE, ranges: [{ start: 1, end: 4 }] }),
      render(Row, { index: 0, row: row({ name: HOSTILE, reference: HOSTILE, tags: [HOSTILE] }), selected: false }),
    ]) {
      expect(view.container.querySelector("img"), "no element is made of it").toBeNull();
      expect(view.container.textContent, "it is there to be read").toContain("onerror");
      expect(view.container.querySelector("bdi"), "its direction is isolated").not.toBeNull();
      expect(view.container.textContent, "no control character is left").not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    }
  });
});
