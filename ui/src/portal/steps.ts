/**
 * One step of an act as a piece of the line "Recorded · signed · asked Klarna 84 ms · opened in Firefox".
 * Absent on purpose: the steps' order; Rust sends them as they happen.
 */
import type { ActProgress } from "../ipc/backend";

/** The piece for a step, or null for steps that are not worth a word. */
export function stepText({ step, text, ms }: ActProgress): string | null {
  switch (step) {
    case "recorded":
      return "Recorded";
    case "signed":
      return "signed";
    case "asked":
      return `asked Klarna ${Math.round(ms)} ms`;
    case "browser-asked":
      return text ? `asking ${bare(text)}` : "asking the browser";
    case "opened":
      return text ? `opened in ${bare(text)}` : "opened in the browser";
    case "link-dead":
      return "the link was not used and is dead now";
    case "setup":
      return text;
    case "link":
    case "failed":
      return null;
  }
}

/** The browser's name out of whatever sentence it comes in. */
const bare = (text: string): string => text.replace(/^(opened in|asked|asking|browser asked:?)\s+/i, "");
