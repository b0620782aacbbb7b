/**
 * The Tokens screen with keys alone: every tab, sheet and job is reached, gone through and left; the focus is seen and never lost.
 * Absent on purpose: pictures, and what Rust would say.
 */
import assert from "node:assert/strict";
import { focus, press, seen, tabTo } from "./by_keys.mjs";

const CSV =
  "customer_token,customer_token_reference\nkrn:customer-token:eu1:7a1b2c3d-1111-4222-8333-abcdefabcdef,crm-1";

/** To a tab of the screen, by the key of the screen and arrow keys. */
async function turnTo(page, id) {
  await page.waitForSelector("html[data-ready=list]");
  await page.keyboard.press("Control+4");
  await tabTo(page, "[role=tab][aria-selected=true]");
  await page.keyboard.press("Home");
  for (let step = 0; step < 12 && (await focus(page)) !== `tokens-tab-${id}`; step += 1)
    await page.keyboard.press("ArrowRight");
  await seen(page, `#tokens-tab-${id}`);
}

/** What had the focus went away; the next step has it. */
async function goesOn(page, appears) {
  await page.waitForSelector(appears, { timeout: 20_000 });
  await page.waitForFunction(() => document.activeElement !== document.body);
}

async function tabs(page) {
  await turnTo(page, "emd");
  await page.keyboard.press("ArrowRight");
  await seen(page, "#tokens-tab-emd");
  await page.keyboard.press("Home");
  await seen(page, "#tokens-tab-vault");
  await page.keyboard.press("End");
  await seen(page, "#tokens-tab-emd");
}

/** Each sheet of the vault opens by its key, has the focus inside, and gives it back. */
async function sheets(page) {
  await turnTo(page, "vault");
  await tabTo(page, "#token-0");
  await page.keyboard.press("ArrowDown");
  await seen(page, "#token-1");
  for (const key of ["f", "a", "n", "r", "p"]) {
    await page.keyboard.press(key);
    await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null);
      assert.ok(inside, `${key}: Tab stays in the sheet`);
    }
    await page.keyboard.press("Escape");
    await page.waitForSelector("[role=dialog]", { state: "detached" });
    await page.waitForFunction(() => document.activeElement?.id === "token-1");
  }
}

async function paste(page, taken) {
  await press(page, "#table-paste");
  await seen(page, "#table-text");
  await page.keyboard.press("Escape");
  await seen(page, "#table-paste");
  await page.keyboard.press("Enter");
  await seen(page, "#table-text");
  await page.keyboard.insertText(CSV);
  await press(page, "#table-take");
  await goesOn(page, taken);
}

async function takeIn(page) {
  await turnTo(page, "import");
  await paste(page, "#import-begin");
  await press(page, "#fate-bad");
  await tabTo(page, "#planned");
  await page.keyboard.press("End");
  await press(page, "#import-begin");
  await goesOn(page, "#tokens-imported");
  await press(page, "#import-anew");
  await goesOn(page, "#table-choose");
}

async function compare(page) {
  await turnTo(page, "reconcile");
  await paste(page, "#reconcile-form");
  await tabTo(page, "#reconcile-rate");
  await page.keyboard.press("Enter");
  await goesOn(page, "#reconcile-hold:not(:disabled)");
  await press(page, "#reconcile-hold");
  await goesOn(page, "#reconcile-go-on");
  await press(page, "#reconcile-go-on");
  await goesOn(page, "#reconcile-hold");
  await press(page, "#reconcile-stop");
  await goesOn(page, "#reconcile-stopped");
  await press(page, "#difference-ended_but_billed");
  await tabTo(page, "#differences");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#token-pane #token-story li");
}

/** In whose name: found by typing, chosen by arrows, and on to the next field. */
async function chooseMerchant(page) {
  await tabTo(page, "#grant-merchant");
  await page.keyboard.type("harb");
  await page.waitForSelector("#grant-merchant-0");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await seen(page, "#trial-return");
}

async function prove(page) {
  await turnTo(page, "prove");
  await chooseMerchant(page);
  await page.keyboard.press("Enter");
  await goesOn(page, "#proof-verdict");
  await press(page, "#prove-anew");
  await goesOn(page, "#prove-form");
}

async function runScenarios(page) {
  await turnTo(page, "scenarios");
  await chooseMerchant(page);
  await page.keyboard.press("Enter");
  await goesOn(page, "#scenarios-stop");
  await press(page, "#scenarios-stop");
  await goesOn(page, "#scenarios-verdict");
  await tabTo(page, "[role=region][aria-label=Outcomes]");
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.activeElement.scrollTop > 0);
  await tabTo(page, "#scenarios-anew", "Shift+Tab");
  await page.keyboard.press("Enter");
  await goesOn(page, "#scenarios-form");
}

const tool = (id, text) => async (page) => {
  await turnTo(page, id);
  await tabTo(page, `#${id}-text`);
  await page.keyboard.insertText(text);
  await tabTo(page, `#${id}-run`, "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector(`#${id}-found .rounded-card, #${id}-found [data-none]`);
  assert.notEqual(await focus(page), "body", `${id}: the focus is not lost`);
};

/** Sessions of linking: by arrows, a sheet that gives the focus back, and the way out of a page where it is narrow. */
async function linking(page) {
  await turnTo(page, "linking");
  await tabTo(page, "#linking-start");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest("[role=dialog]"));
  await page.keyboard.press("Escape");
  await seen(page, "#linking-start");
}

/** Each by its name. */
export const tokenJourneys = {
  "tokens by keys: tabs": tabs,
  "tokens by keys: sheets give the focus back": sheets,
  "tokens by keys: a table is taken in": takeIn,
  "tokens by keys: a table is compared": Object.assign((page) => compare(page), { query: "delay=4" }),
  "tokens by keys: an integration is proven": prove,
  "tokens by keys: scenarios": Object.assign((page) => runScenarios(page), { query: "delay=2" }),
  "tokens by keys: a failure is explained": tool("explain", '{"error_code":"INVALID_CUSTOMER_TOKEN"}'),
  "tokens by keys: a body is examined": tool("golive", "{}"),
  "tokens by keys: extra merchant data": tool("emd", "{}"),
  "tokens by keys: linking": linking,
};
