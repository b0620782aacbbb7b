/**
 * What only a real page shows: focus, keys, layout, leaks, and that no policy is violated on the way.
 * Absent on purpose: pictures.
 */
import assert from "node:assert/strict";
import { bridgeJourneys } from "./bridge_journeys.mjs";
import { tokenJourneys } from "./token_journeys.mjs";

const ready = (page) => page.waitForSelector("html[data-ready=list]");
const selected = (page) => page.getAttribute("[role=row][aria-selected=true]", "aria-rowindex");

/** The keys of the list work while the field has the focus, and the selected row is always in sight. */
async function keysFromTheField(page) {
  await ready(page);
  for (const [key, row] of [
    ["ArrowDown", 3],
    ["ArrowDown", 4],
    ["ArrowUp", 3],
    ["End", 100_001],
    ["Home", 2],
  ]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(80);
    assert.equal(Number(await selected(page)), row, `${key} selects row ${row}`);
  }
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "the field keeps the focus");
  await page.keyboard.press("PageDown");
  assert.ok(Number(await selected(page)) > 10, "a page key goes a page");
}

/** Tab goes to the row, and the focus follows the selection while slots are used again. */
async function rovingFocus(page) {
  await ready(page);
  await page.focus("[role=row][aria-selected=true]");
  for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowDown");
  await page.waitForTimeout(100);
  const focus = await page.evaluate(() => [
    document.activeElement.getAttribute("aria-rowindex"),
    document.activeElement.ariaSelected,
  ]);
  assert.deepEqual(focus, ["62", "true"], "the focus is on the row that is selected");
  await page.evaluate(() => (document.activeElement.closest("[role=grid]").scrollTop = 900_000));
  await page.waitForTimeout(100);
  assert.equal(
    await page.evaluate(() => document.activeElement.getAttribute("role")),
    "grid",
    "the list keeps the focus",
  );
}

/** From key press to first portal with the keyboard alone, twice pressed, once done. */
async function openByKeyboard(page) {
  await ready(page);
  await page.keyboard.type("harbour");
  await page.waitForSelector("html[data-painted=harbour]");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#act-line[data-phase=opened]");
  const line = await page.textContent("#act-line");
  assert.match(line, /Recorded · signed · asked Klarna 84 ms · opened in Firefox/, "the line says every step");
  assert.equal(await page.locator("[data-detail] [data-session]").count(), 1, "two presses make one session");
}

/** A merchant that Klarna was never asked about says so, and says its state once it has rested in the pane. */
async function firstLook(page) {
  await ready(page);
  await page.keyboard.type("88953");
  await page.waitForSelector("html[data-painted='88953']");
  const state = page.locator("[data-detail] #state");
  assert.equal(await state.textContent(), "not asked of Klarna yet", "no word of Klarna's");
  await page.waitForFunction(() => document.querySelector("#state")?.textContent === "operational");
  await page.waitForFunction(() => document.querySelector("#as-of")?.textContent.includes("Klarna said it: just now"));
  assert.equal(await page.locator("[aria-live=polite] bdi").count(), 0, "without a notice");
}

async function focusComesBack(page) {
  await ready(page);
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette-input:focus");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#palette-input", { state: "detached" });
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "closing gives the focus back");
}

/** A hundred rounds through the screens leave neither elements nor listeners behind. */
async function noLeak(page) {
  await ready(page);
  const session = await page.context().newCDPSession(page);
  const measure = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const rounds = async (times) => {
    for (let round = 0; round < times; round += 1)
      for (const screen of ["sessions", "audit", "keys", "settings", "merchants"]) {
        await page.click(`#go-${screen}`);
        await page.waitForTimeout(12);
      }
    await page.keyboard.press("Control+f");
    await page.waitForTimeout(300);
  };
  await session.send("Performance.enable");
  await rounds(5);
  const before = await measure();
  await rounds(50);
  const after = await measure();
  const grown = (name) => after[name] - before[name];
  console.log(
    `      200 mounts: nodes ${before.Nodes} to ${after.Nodes}, heap ${(before.JSHeapUsedSize / 1e6).toFixed(1)} to ${(after.JSHeapUsedSize / 1e6).toFixed(1)} MB`,
  );
  assert.ok(grown("Nodes") < 200, `nodes grew by ${grown("Nodes")}`);
  assert.ok(grown("JSEventListeners") < 50, `listeners grew by ${grown("JSEventListeners")}`);
  assert.ok(grown("JSHeapUsedSize") < 4e6, `the heap grew by ${grown("JSHeapUsedSize")} bytes`);
}

/** Locked, the window is covered and takes no key; unlocked, everything is as it was left. */
async function lockCovers(page) {
  await ready(page);
  await page.keyboard.type("harbour");
  await page.waitForSelector("html[data-painted=harbour]");
  await page.keyboard.press("Control+l");
  await page.waitForSelector("#lock-passphrase:focus");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.waitForTimeout(150);
  assert.equal(await page.locator("#palette-input").count(), 0, "no key reaches what is below");
  assert.ok(await page.locator("#lock-screen").isVisible(), "Escape does not open the door");
  const below = await page.evaluate(() => document.elementFromPoint(200, 300).closest("#lock-screen") !== null);
  assert.ok(below, "the whole window is covered");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#lock-screen", { state: "detached" });
  assert.equal(await page.inputValue("#search"), "harbour", "what was typed is still there");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "and so is the focus");
}
lockCovers.query = "lock=open";

export const journeys = {
  "keys of the list work from the search field": keysFromTheField,
  "the focus stays on its row": rovingFocus,
  "a portal is opened by keyboard, once": openByKeyboard,
  "a merchant is asked about once it rests": firstLook,
  "a dialog gives the focus back": focusComesBack,
  "a lock covers the window and loses nothing": lockCovers,
  "screens leave nothing behind": noLeak,
  ...bridgeJourneys,
  ...tokenJourneys,
};
