/**
 * The login bridge's page with keys alone: from the settings through every tab, the table's rows and its sheet, to the copy buttons and
 * back; the focus is seen and never lost.
 * Absent on purpose: pictures, the system's dialogs, and what Rust would say.
 */
import assert from "node:assert/strict";
import { focus, press, seen, tabTo } from "./by_keys.mjs";

/** To the bridge's page, with nothing but keys. */
async function open(page) {
  await page.waitForSelector("html[data-ready=list]");
  await page.keyboard.press("Control+7");
  await page.waitForSelector("#bridge-open");
  await tabTo(page, "#bridge-open", "Tab", 120);
  await page.keyboard.press("Enter");
  await seen(page, "#bridge-tab-people");
}

/** To one of its tabs, by Home and arrows. */
async function turnTo(page, id) {
  await tabTo(page, "#bridge [role=tab][aria-selected=true]");
  await page.keyboard.press("Home");
  for (let step = 0; step < 4 && (await focus(page)) !== `bridge-tab-${id}`; step += 1)
    await page.keyboard.press("ArrowRight");
  await seen(page, `#bridge-tab-${id}`);
}

async function tabs(page) {
  await open(page);
  await page.keyboard.press("ArrowLeft");
  await seen(page, "#bridge-tab-people");
  await page.keyboard.press("End");
  await seen(page, "#bridge-tab-klarna");
  await turnTo(page, "try");
  await press(page, "#bridge-back");
  await seen(page, "#bridge-open");
}

/** A row is changed, one is added, both stay where the focus was; what was changed is dropped. */
async function table(page) {
  await open(page);
  await tabTo(page, "#bridge-search");
  await page.keyboard.press("ArrowDown");
  await seen(page, "#bridge-rows");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await seen(page, "#bridge-row-email");
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null);
    assert.ok(inside, "Tab stays in the sheet");
  }
  await page.keyboard.press("Escape");
  await seen(page, "#bridge-rows");
  await page.keyboard.press("Enter");
  await press(page, "#bridge-row-remove");
  await seen(page, "#bridge-rows");
  assert.match(await page.textContent("#bridge-rows [aria-selected=true]"), /to be removed/, "the row that was chosen");
  await press(page, "#bridge-add");
  await seen(page, "#bridge-row-email");
  await page.keyboard.type("zoe");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#bridge-row [data-code=bridge_rules_invalid]");
  assert.equal(await focus(page), "bridge-row-email", "what is wrong can be mended at once");
  await page.keyboard.type("@bakery.example");
  await page.keyboard.press("Enter");
  await seen(page, "#bridge-add");
  await press(page, "#bridge-show-changed");
  await page.waitForFunction(() => document.querySelectorAll("#bridge-rows [data-place]").length === 2);
  await press(page, "#bridge-drop");
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog], [role=alertdialog]"));
  await page.keyboard.press("Escape");
  await seen(page, "#bridge-drop");
  await press(page, "#bridge-save");
  await page.waitForSelector("#bridge-drop", { state: "detached" });
  await seen(page, "#bridge-save");
}

/** A word is added and removed again, and the rules are taken over. */
async function claims(page) {
  await open(page);
  await turnTo(page, "claims");
  await tabTo(page, "#bridge-merchantsClaim");
  await page.keyboard.type("shops");
  await press(page, "#bridge-word-add");
  await seen(page, "#bridge-word-2");
  await page.keyboard.type("owners");
  await tabTo(page, "#bridge-word-remove-2");
  await page.keyboard.press("Enter");
  await seen(page, "#bridge-word-add");
  await press(page, "#bridge-take");
  await page.waitForSelector("#bridge-drop");
  await seen(page, "#bridge-take");
}

async function tryIt(page) {
  await open(page);
  await turnTo(page, "try");
  await tabTo(page, "#bridge-try-text");
  await page.keyboard.type("ana@bakery.example");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#bridge-tried li");
  await seen(page, "#bridge-try-text");
}

/** Everything that is copied is reached, and a long certificate can be scrolled through. */
async function handOver(page) {
  await open(page);
  await turnTo(page, "klarna");
  await page.waitForSelector("[data-item=certificate]");
  await tabTo(page, "[data-item=login_url] button");
  await page.keyboard.press("Enter");
  await tabTo(page, "[data-item=certificate] pre");
  await press(page, "#bridge-copy-all");
  await press(page, "#bridge-test-go");
  await page.waitForSelector("#bridge-seen", { timeout: 20_000 });
  await seen(page, "#bridge-test-go");
}

/** Each by its name. */
export const bridgeJourneys = {
  "bridge by keys: tabs and back": tabs,
  "bridge by keys: the table": table,
  "bridge by keys: claims": claims,
  "bridge by keys: a sign-in is tried": tryIt,
  "bridge by keys: what Klarna gets": Object.assign((page) => handOver(page), { query: "bridge=saml" }),
};
