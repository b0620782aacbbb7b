/**
 * What is said of a new passphrase while it is typed: in words, not as a bar. Only the length is a rule, and Rust holds it.
 * Absent on purpose: a score that pretends to know how long somebody would guess.
 */
export const LEAST = 12;

export interface Strength {
  word: string;
  text: string;
  enough: boolean;
}

/** Length as a person counts it. */
const lengthOf = (text: string): number => Array.from(text).length;

function kindsOf(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(text)).length;
}

export function strengthOf(text: string): Strength {
  const length = lengthOf(text);
  const missing = LEAST - length;
  if (length === 0)
    return { word: "", text: `At least ${LEAST} characters; four or more unrelated words are best.`, enough: false };
  if (missing > 0) return { word: "Too short", text: `${missing} more, at least.`, enough: false };
  if (text.trim() !== text) return { word: "Not usable", text: "It begins or ends with a space.", enough: false };
  if (new Set(text.toLowerCase()).size < 6) return { word: "Weak", text: "It repeats itself.", enough: true };
  const words = new Set(
    text
      .toLowerCase()
      .split(/[\s\-_.,]+/u)
      .filter((word) => word.length > 2),
  ).size;
  if (length >= 20 && (words >= 4 || kindsOf(text) >= 3))
    return { word: "Strong", text: "Long and varied.", enough: true };
  if (length >= 16) return { word: "Good", text: "Another unrelated word makes it strong.", enough: true };
  return { word: "Fair", text: "Longer is better: add an unrelated word or two.", enough: true };
}
