/**
 * The steps of an act as pieces of the line "Recorded · signed · asked Klarna 84 ms · opened in Firefox".
 * The milliseconds are Rust's, counted from the act's beginning; Klarna's share is what lies between asking and the link.
 * Absent on purpose: any step that Rust did not report.
 */
import type { ActProgress, Step } from "../ipc/backend";

/** What was heard of an act, step by step. */
export type Steps = Partial<Record<Step, Pick<ActProgress, "text" | "ms">>>;

/** The line's pieces for what was heard so far. */
export function pieces(steps: Steps): string[] {
  const line: string[] = [];
  if (steps.recorded) line.push("Recorded");
  if (steps.signed) line.push("signed");
  const { asked } = steps;
  const answered = steps.link ?? steps["browser-asked"];
  if (asked)
    line.push(answered ? `asked Klarna ${Math.max(0, Math.round(answered.ms - asked.ms))} ms` : "asking Klarna");
  const last = browserPiece(steps);
  if (last) line.push(last);
  return line;
}

/** "opened" is said only when the browser has come for the link. */
function browserPiece(steps: Steps): string | null {
  if (steps.opened) return `opened in ${browserName(steps.opened.text)}`;
  if (steps["link-dead"]) return "the link was not used and is dead now";
  return steps["browser-asked"] ? `asking ${browserName(steps["browser-asked"].text)}` : null;
}

const known: Record<string, string> = { firefox: "Firefox", chromium: "Chromium", "google-chrome": "Google Chrome" };

/** A browser as people call it: the program's own name without its folder. */
export function browserName(text: string): string {
  const name = text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1);
  if (name === "" || name === "default" || name === "default browser") return "the default browser";
  return (Object.hasOwn(known, name) && known[name]) || name;
}
