/** The words for errors: total, in full sentences, and robust against whatever a command throws. */
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../src/ipc/error_codes";
import { errorMessages } from "../src/ipc/error_messages";
import { toCommandError, toProblem } from "../src/ipc/problem";

describe("error table", () => {
  it("has_words_for_every_code_and_no_others", () => {
    expect(Object.keys(errorMessages).sort(), "table and contract name the same codes").toEqual(
      [...ERROR_CODES].sort(),
    );
  });

  it.each(ERROR_CODES)("%s_has_a_heading_and_a_cure_in_a_sentence", (code) => {
    const { title, cure, kind } = errorMessages[code];
    expect(title, "a heading is short and has no full stop").toMatch(/^[A-Z].{2,34}[^.]$/);
    expect(cure, "a cure is a full sentence").toMatch(/^[A-Z].+\.$/);
    expect(["refused", "unavailable", "defect"], "one of three kinds").toContain(kind);
    expect(`${title} ${cure}`, "nothing cute").not.toMatch(/oops|success|sorry/i);
  });
});

describe("thrown things", () => {
  it("rusts_sentences_win_over_the_tables", () => {
    const problem = toProblem({ code: "disk_full", message: "It is full.", hint: "Free 3 MB.", reference: "r1" });
    expect([problem.message, problem.hint, problem.reference], "what Rust said is shown").toEqual([
      "It is full.",
      "Free 3 MB.",
      "r1",
    ]);
    expect(toProblem({ code: "disk_full", message: "", hint: "" }).hint, "else the table's cure").toBe(
      errorMessages.disk_full.cure,
    );
  });

  it.each([
    [new Error("x")],
    ["text"],
    [null],
    [undefined],
    [{ code: "made_up", message: "y" }],
    [{ code: "__proto__" }],
    [42],
  ])("%s_is_a_defect_of_ours", (thrown) => {
    expect(toCommandError(thrown).code, "an unknown code is never trusted").toBe("internal");
  });
});
