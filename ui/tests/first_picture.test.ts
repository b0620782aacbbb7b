/**
 * The first picture, element by element: the markup that the build draws, filled by the script from the answers that came with the
 * page, is what the app mounts from the same answers. The page tests compare the pixels; this needs no browser.
 */
import { beforeEach, describe, expect, inject, it, vi } from "vitest";
import { backend } from "#backend";
import { AROUND } from "../src/merchants/measures";
import type { AppStateView, SearchView } from "../src/ipc/backend";

type Answers = { state: AppStateView; rows: SearchView };

let answers: Answers;

beforeEach(async () => {
  vi.resetModules();
  localStorage.clear();
  // As high as the style sheet makes the list, column heads included.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(() => window.innerHeight - AROUND + 28);
  const rows = await backend.merchantsSearch({ query: "", first: 0, count: 60 });
  answers = { state: { ...(await backend.appState()), keyring: "unknown" }, rows };
});

/** A page as the build makes it, with these answers in its head; the script is run as the page's parser would run it. */
async function load({ state, rows }: Answers): Promise<HTMLElement> {
  document.head.innerHTML = "";
  document.body.innerHTML = `<div id="app"></div><template id="picture">${inject("picture")}</template>`;
  const block = document.createElement("script");
  block.type = "application/json";
  block.id = "first-answers";
  block.textContent = JSON.stringify({ state, rows });
  document.head.append(block);
  const script = document.createElement("script");
  script.dataset.app = "data:text/javascript,";
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  await import("../src/first/picture");
  return document.getElementById("app") as HTMLElement;
}

/** What a person or a program can tell apart: elements, attributes and text, without the order of attributes. */
function told(of: Element): string[] {
  return [...of.querySelectorAll("*")].map((element) => {
    const attributes = [...element.attributes].filter(({ value }) => value !== "");
    const listed = attributes.map(({ name, value }) => `${name}=${value.replace(/\s+/g, " ").trim()}`).sort();
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    return `${element.localName} ${listed.join(" ")} | ${text.map((node) => node.nodeValue?.trim() ?? "").join("")}`;
  });
}

async function app(target: HTMLElement): Promise<() => Promise<void>> {
  const { flushSync, mount, unmount } = await import("svelte");
  const { takeOver } = await import("../src/first/take_over");
  const { app: facts } = await import("../src/frame/app_state.svelte");
  const { directory } = await import("../src/merchants/directory.svelte");
  const { default: App } = await import("../src/frame/App.svelte");
  facts.start();
  directory.start();
  let mounted: Record<string, unknown> = {};
  takeOver(target, () => {
    mounted = mount(App, { target });
    flushSync();
  });
  return () => unmount(mounted);
}

describe("the first picture", () => {
  it.each([
    ["with_everything_that_can_stand_there", {}],
    ["with_nothing_waiting", { liveSessions: 0, unresolved: 0, keyring: "ok" as const }],
  ])("is_what_the_app_mounts_%s", async (_, change) => {
    answers.state = { ...answers.state, ...change };
    if (answers.state.active && !("unresolved" in change)) answers.state.active.reasonRequired = true;
    const target = await load(answers);
    const picture = told(target);
    expect(picture.length, "a picture stands there").toBeGreaterThan(100);
    const gone = await app(target);
    expect(picture, "element by element").toEqual(told(target));
    expect(document.querySelector("#picture, #first-answers"), "nothing of it is left").toBeNull();
    await gone();
  });

  it.each<[string, (of: Answers) => void]>([
    ["the_first_run", ({ state }) => (state.firstRun = true)],
    [
      "an_alarm",
      ({ state }) =>
        (state.logAlarm = { what: "anchor", message: "The log is too short.", hint: "Tell your auditor." }),
    ],
    ["a_keyring_that_is_locked", ({ state }) => (state.keyring = "locked")],
    [
      "a_suggested_merchant",
      ({ state, rows }) => state.active && (state.active.suggestedMerchant = rows.rows[0] ?? null),
    ],
    ["an_unfinished_set_up", ({ state }) => state.active && (state.active.mtls = null)],
    ["no_merchants", ({ rows }) => (rows.total = 0)],
    ["another_screen", () => localStorage.setItem("gatehouse.screen", "audit")],
  ])("does_not_stand_in_for_%s", async (_, change) => {
    change(answers);
    expect((await load(answers)).childElementCount, "the app shows it instead").toBe(0);
  });
});
