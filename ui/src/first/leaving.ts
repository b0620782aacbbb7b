/**
 * What the first picture and the app say to each other when the app takes its place; all that both scripts know.
 * Absent on purpose: values that only one side needs.
 */
/** The app asks for the place. The picture refuses (preventDefault) while a character is being composed. */
export const LEAVES = "picture-leaves";

/** A key or a click that the picture could not answer. A click names its place among `FOCUSABLE`. */
export type Kept = { key: KeyboardEventInit } | { click: number };

/** What may have the focus; picture and app have the same elements in the same order. */
export const FOCUSABLE = "button, input, [tabindex]";
