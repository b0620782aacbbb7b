/** What is typed, pressed and focused on the first picture counts in the app that takes its place, once. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepPresses } from "../src/first/keep";
import { takeOver } from "../src/first/take_over";
import { directory } from "../src/merchants/directory.svelte";

const PARTS = '<button>palette</button><input id="search" /><div tabindex="0">row</div>';

let target: HTMLElement;
let heard: string[];
let searched: string[];

const field = (): HTMLInputElement => target.querySelector("input") as HTMLInputElement;

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  field().dispatchEvent(event);
  return event;
}

function type(value: string): void {
  field().value = value;
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

/** The app: the same parts, and somebody who listens. */
function stand(): void {
  target.innerHTML = PARTS;
  target.querySelector("button")?.addEventListener("click", () => heard.push("click"));
  target.addEventListener("keydown", ({ key, shiftKey, repeat, target: on }) =>
    heard.push(`${shiftKey ? "Shift " : ""}${repeat ? "held " : ""}${key} on ${(on as Element).localName}`),
  );
}

beforeEach(() => {
  [heard, searched] = [[], []];
  vi.spyOn(directory, "search").mockImplementation((query) => void searched.push(query));
  document.body.innerHTML = `<div id="app">${PARTS}</div><template id="picture"></template>`;
  target = document.getElementById("app") as HTMLElement;
  keepPresses(target);
  field().focus();
});

describe("the app in the place of the first picture", () => {
  it("hears_every_press_in_order_and_once", () => {
    for (const key of ["ArrowDown", "Enter"]) press(key);
    press("Enter", { shiftKey: true, repeat: true });
    takeOver(target, stand);
    expect(heard).toEqual(["ArrowDown on input", "Enter on input", "Shift held Enter on input"]);
    expect(document.getElementById("picture"), "the template is gone").toBeNull();
    heard = [];
    press("Enter");
    expect(heard, "a key that comes later is the app's alone").toEqual(["Enter on input"]);
  });

  it("searches_what_was_typed_and_keeps_the_caret", () => {
    type("bager");
    field().setSelectionRange(1, 3);
    takeOver(target, () => {
      stand();
      field().value = searched[0] ?? "";
    });
    expect(searched, "at once, before it stands").toEqual(["bager"]);
    const { selectionStart, selectionEnd } = field();
    expect([selectionStart, selectionEnd, document.activeElement?.id]).toEqual([1, 3, "search"]);
  });

  it("forgets_the_keys_before_more_typing", () => {
    press("Enter");
    type("b");
    takeOver(target, stand);
    expect(heard, "it was meant for the shorter text").toEqual([]);
  });

  it("keeps_clicks_and_the_focus_by_place", () => {
    target.querySelector("button")?.click();
    target.querySelector<HTMLElement>("[tabindex]")?.focus();
    takeOver(target, stand);
    expect(heard).toEqual(["click"]);
    expect(document.activeElement?.textContent, "the same element of the app").toBe("row");
  });

  it("keeps_neither_typed_letters_nor_keys_of_the_field_itself", () => {
    for (const key of ["a", "Tab", "Shift", "Dead"]) press(key);
    press("x", { isComposing: true });
    takeOver(target, stand);
    expect(heard).toEqual([]);
  });

  it("leaves_arrows_up_and_down_to_the_list", () => {
    expect(press("ArrowUp").defaultPrevented, "the caret stays").toBe(true);
    expect(press("ArrowLeft").defaultPrevented, "the field's own").toBe(false);
  });

  it("waits_for_a_character_that_is_being_composed", async () => {
    field().dispatchEvent(new Event("compositionstart", { bubbles: true }));
    takeOver(target, stand);
    expect(document.getElementById("picture"), "the picture still stands").not.toBeNull();
    type("ñ");
    field().dispatchEvent(new Event("compositionend", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 5));
    expect(searched, "the whole character").toEqual(["ñ"]);
    expect(document.getElementById("picture"), "then the app stands").toBeNull();
  });

  it("comes_as_before_where_no_picture_stands", () => {
    target.replaceChildren();
    takeOver(target, stand);
    expect(searched, "nothing is searched").toEqual([]);
    expect(target.childElementCount, "the app stands").toBe(3);
  });
});
