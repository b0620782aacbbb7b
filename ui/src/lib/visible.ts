/**
 * Makes text from outside safe to look at: control characters and direction overrides become visible marks.
 * It is always rendered as text; this is against deception, not against markup.
 * Absent on purpose: changing what is stored, sent or copied.
 */
const SUSPECT = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function mark(character: string): string {
  const code = character.charCodeAt(0);
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}

/** Replaces every suspect character by something a person sees. Text without any comes back as it is. */
export function visible(text: string): string {
  return text.replace(SUSPECT, mark);
}

/** The same for a text of several lines, such as a call: its line breaks stay. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}
