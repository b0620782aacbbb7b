/**
 * The first picture and the app that takes its place must be the same to the last pixel, and what is typed, pressed and focused on
 * the picture must count in the app. Both are held back where the other one is looked at.
 * Absent on purpose: Rust's answers; the stand-in's are put into the page as Rust puts its own.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "vite";

export const QUERIES = ["profile=sandbox", "profile=test", "profile=live"];

/** Asks the stand-in, outside of a page, what Rust would put into the page. */
export async function makeAnswers(root) {
  const server = await createServer({
    configFile: false,
    root,
    appType: "custom",
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  globalThis.document = { addEventListener: () => undefined };
  const { makeFake } = await server.ssrLoadModule("/src/ipc/fake.ts");
  const { pretenceFrom } = await server.ssrLoadModule("/src/ipc/fake_pretence.ts");
  return {
    close: () => server.close(),
    async of(query, change = {}) {
      const backend = makeFake(pretenceFrom(`?${query}&keyring=unknown`));
      const state = { ...(await backend.appState()), ...change };
      const rows = await backend.merchantsSearch({ query: "", first: 0, count: 60 });
      return JSON.stringify({ state, rows }).replaceAll("<", "\\u003c");
    },
  };
}

/** Puts the answers into the page, and holds the app and the pane's component back until they are let go. */
export async function hold(page, answers) {
  let app = () => undefined;
  const asked = new Promise((done) => (app = done));
  await page.route(
    (url) => url.pathname === "/",
    async (route) => {
      const response = await route.fetch();
      const block = `<script type="application/json" id="first-answers">${answers}</script></head>`;
      await route.fulfill({ response, body: (await response.text()).replace("</head>", () => block) });
    },
  );
  await page.route(/\/assets\/index-.*\.js$/, (route) => app(() => route.continue()));
  await page.route(/\/assets\/Detail-.*\.js$/, () => undefined);
  return async () => (await asked)();
}

const drawn = (page) => page.waitForFunction(() => performance.getEntriesByName("list-painted").length === 1);
const stands = (page) => page.waitForSelector("html[data-ready=list]");

/** Compares the picture with the app that takes its place. */
export async function same(page, letGo, name, out, look) {
  await drawn(page);
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(420, 216);
  const picture = await page.screenshot();
  await look?.();
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "the field has the focus");
  assert.equal(await page.locator("#picture > *").count(), 0, "the template is used up");
  await letGo();
  await stands(page);
  const app = await page.screenshot();
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "the field keeps the focus");
  assert.equal(await page.locator("#picture, #first-answers").count(), 0, "nothing of the picture is left");
  assert.equal(await page.locator("header").count(), 1, "the app stands alone");
  if (picture.equals(app)) return;
  await writeFile(`${out}${name}-picture.png`, picture);
  await writeFile(`${out}${name}-app.png`, app);
  assert.fail(`the picture is not what the app shows: compare ${name}-picture.png and ${name}-app.png`);
}

/** What is typed and pressed on the picture is searched and done by the app. */
async function typed(page, letGo) {
  await drawn(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("harbourx");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await letGo();
  await page.waitForSelector("[role=row][aria-selected=true][data-merchant] mark");
  const field = await page.evaluate(() => {
    const { id, value, selectionStart } = document.activeElement;
    return [id, value, selectionStart];
  });
  assert.deepEqual(field, ["search", "harbour", 0], "text, caret and focus stay");
  await page.click("#go-sessions");
  await page.waitForSelector("#session-list [data-session^=session-act]");
  const opened = await page.locator("#session-list [data-session^=session-act]").allTextContents();
  assert.equal(opened.length, 1, "two presses make one session");
  assert.match(opened[0], /Harbour Goods/, "of the best row for what was typed");
}

/** The keys of the list move the app's selection before Enter opens it. */
async function moved(page, letGo) {
  await drawn(page);
  const third = await page.getAttribute("#merchant-2", "data-merchant");
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await letGo();
  await stands(page);
  assert.equal(await page.getAttribute("[role=row][aria-selected=true]", "data-merchant"), third, "two rows down");
  await page.click("#go-sessions");
  await page.waitForSelector("#session-list [data-session^=session-act]");
  assert.equal(await page.locator("#session-list [data-session^=session-act]").count(), 1, "opened once");
}

/** Focus and clicks are carried over to the same element of the app. */
async function pressed(page, letGo) {
  await drawn(page);
  await page.click("#go-settings");
  await letGo();
  await page.waitForSelector("#settings");
  assert.equal(
    await page.evaluate(() => document.activeElement.id),
    "go-settings",
    "the focus stays on what was pressed",
  );
}

/** Where the app would show something else, no picture is shown. */
async function nothing(page, letGo) {
  await page.waitForTimeout(200);
  assert.equal(await page.locator("#app > *").count(), 0, "nothing stands before the app does");
  await letGo();
  await stands(page);
  assert.equal(await page.locator("#picture").count(), 0, "and nothing is left");
}

export const pictureJourneys = {
  "what is typed on the first picture counts": { play: typed },
  "the list's keys on the first picture count": { play: moved },
  "a click on the first picture counts": { play: pressed },
  "an alarm is not hidden by a first picture": {
    play: nothing,
    change: { logAlarm: { what: "anchor", message: "The log is too short.", hint: "Tell your auditor." } },
  },
  "a locked keyring is not hidden by a first picture": { play: nothing, change: { keyring: "locked" } },
};
