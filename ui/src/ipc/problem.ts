/**
 * Turns whatever a command threw into a CommandError, and that into what is shown.
 * Absent on purpose: the chain of causes; it stays in Rust's log under the reference.
 */
import type { CommandError } from "./backend";
import type { ErrorCode } from "./error_codes";
import { errorMessages, type ErrorKind } from "./error_messages";

/** What a failed view shows: heading, what happened, what to do, and what to quote. */
export interface Problem {
  kind: ErrorKind;
  code: ErrorCode;
  title: string;
  message: string;
  hint: string;
  reference: string;
}

/** Says whether a text is one of the contract's codes. */
export const isKnownCode = (code: unknown): code is ErrorCode =>
  typeof code === "string" && Object.hasOwn(errorMessages, code);

/** Accepts anything thrown; what is no CommandError is a defect of ours. */
export function toCommandError(thrown: unknown): CommandError {
  const given = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Partial<CommandError>;
  if (isKnownCode(given.code)) {
    return {
      code: given.code,
      message: given.message ?? "",
      hint: given.hint ?? "",
      reference: given.reference ?? "",
    };
  }
  const said = thrown instanceof Error ? thrown.message : typeof thrown === "string" ? thrown : "";
  return { code: "internal", message: said, hint: "", reference: given.reference ?? "" };
}

/** Joins Rust's two sentences with the table's words. */
export function toProblem(thrown: unknown): Problem {
  const error = toCommandError(thrown);
  const words = errorMessages[error.code];
  return {
    kind: words.kind,
    code: error.code,
    title: words.title,
    message: error.message || `${words.title}.`,
    hint: error.hint || words.cure,
    reference: error.reference,
  };
}
