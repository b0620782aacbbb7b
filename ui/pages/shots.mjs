/**
 * Every screen and state that is pictured and looked at by axe: how the address asks for it and how it is reached.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
import { auditShots } from "./audit_shots.mjs";
import { bridgeShots } from "./bridge_shots.mjs";
import { networkShots } from "./network_shots.mjs";
import { planShots } from "./plan_shots.mjs";
import { peopleShots } from "./people_shots.mjs";
import { linkingShots } from "./linking_shots.mjs";
import { tokenShots } from "./token_shots.mjs";
import { tokenTableShots } from "./token_table_shots.mjs";
import { setupShots } from "./setup_shots.mjs";

const go = (screen) => async (page) => {
  await page.click(`#go-${screen}`);
};

const ready = async (page) => page.waitForSelector("html[data-ready=list]");

const palette = (text) => async (page) => {
  await ready(page);
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette-input");
  await page.keyboard.type(text);
};

export const shots = [
  ...setupShots,
  ...bridgeShots,
  ...networkShots,
  ...planShots,
  ...peopleShots,
  ...linkingShots,
  ...tokenShots,
  ...tokenTableShots,
  ...auditShots,
  { name: "first-run", query: "state=first" },
  {
    name: "first-run-no-keyring",
    query: "state=first&fail=keyring_absent",
    reach: async (page) => {
      await page.click("#try-sandbox");
      await page.waitForSelector("#seal-offer");
    },
  },
  {
    name: "first-run-seal",
    query: "state=first",
    reach: async (page) => {
      await page.click("#seal-choice");
      await page.keyboard.type("correct horse bat");
    },
    wait: 300,
  },
  {
    name: "passphrase",
    query: "sealed=1",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#passphrase");
    },
    wait: 300,
  },
  {
    name: "passphrase-wrong",
    query: "sealed=1",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#passphrase");
      await page.keyboard.type("not this one");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#passphrase[aria-invalid=true]");
    },
    wait: 300,
  },
  {
    name: "lock",
    query: "lock=locked",
    reach: async (page) => page.waitForSelector("#lock-passphrase:focus"),
  },
  {
    name: "lock-wrong",
    query: "lock=locked&profile=live",
    reach: async (page) => {
      await page.waitForSelector("#lock-passphrase:focus");
      await page.keyboard.type("not this one");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#lock-passphrase[aria-invalid=true]");
    },
  },
  {
    name: "lock-confirm",
    query: "lock=open",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Control+Shift+l");
      await page.waitForSelector("#passphrase");
    },
    wait: 300,
  },
  {
    name: "lock-settings",
    query: "lock=open&profile=test",
    reach: async (page) => {
      await go("settings")(page);
      await page.waitForSelector("#persons li");
      await page.evaluate(() => document.querySelector("#persons").scrollIntoView({ block: "end" }));
    },
    wait: 300,
  },
  {
    name: "first-run-setup",
    query: "state=first&delay=4",
    reach: async (page) => page.click("#try-sandbox"),
    wait: 500,
  },
  {
    name: "first-merchant",
    query: "state=first",
    reach: async (page) => {
      await page.click("#try-sandbox");
      await page.waitForSelector("#suggested");
    },
    wait: 400,
  },
  { name: "merchants-full", query: "", reach: ready, wait: 500 },
  { name: "merchants-live", query: "profile=live", reach: ready },
  { name: "merchants-test", query: "profile=test", reach: ready },
  {
    name: "merchants-search",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.type("größ");
    },
  },
  {
    name: "merchants-nothing",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.type("zzzz");
    },
  },
  { name: "merchants-empty", query: "state=empty" },
  { name: "merchants-loading", query: "state=loading", wait: 900 },
  { name: "merchants-error", query: "state=error" },
  { name: "merchants-alarm", query: "alarm=1&keyring=locked", reach: ready },
  {
    name: "opening",
    query: "delay=8",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Enter");
    },
    wait: 450,
  },
  {
    name: "opened",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#act-line[data-phase=opened]");
    },
    wait: 500,
  },
  {
    name: "open-asked",
    query: "delay=4",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#act-line[data-phase=asked]");
    },
    wait: 100,
  },
  {
    name: "open-failed",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.evaluate(() =>
        document.dispatchEvent(new CustomEvent("fake:fail", { detail: "merchant_not_operational" })),
      );
      await page.keyboard.press("Enter");
      await page.waitForSelector("#act-line[data-phase=failed]");
    },
  },
  {
    name: "detail-page",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Shift+Enter");
    },
    wait: 500,
  },
  {
    name: "menu",
    query: "",
    reach: async (page, { width }) => {
      await ready(page);
      if (width < 1000) await page.keyboard.press("Shift+Enter");
      await page.click("[aria-label='More for this merchant']");
    },
  },
  {
    name: "open-as",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("Control+Shift+O");
      await page.waitForSelector("#as-person");
      await page.fill("#as-person", "ops@cafe-groesse.example");
      await page.click("#as-open");
    },
  },
  { name: "palette", query: "", reach: palette("bik") },
  {
    name: "palette-live",
    query: "profile=live",
    reach: async (page) => {
      await palette("baker")(page);
      await page.fill("#palette-input", "casa");
      await page.waitForTimeout(200);
      await page.keyboard.press("Enter");
    },
  },
  {
    name: "keys",
    query: "",
    reach: async (page) => {
      await ready(page);
      await page.keyboard.press("F1");
    },
  },
  { name: "sessions-full", query: "", reach: go("sessions"), wait: 500 },
  {
    name: "sessions-ended",
    query: "",
    reach: async (page) => {
      await go("sessions")(page);
      await page.click("#ended-fold");
    },
  },
  {
    name: "sessions-end-all",
    query: "profile=live",
    reach: async (page) => {
      await go("sessions")(page);
      await page.click("#end-all");
    },
  },
  { name: "sessions-empty", query: "state=empty", reach: go("sessions") },
  { name: "sessions-loading", query: "state=loading", reach: go("sessions"), wait: 900 },
  { name: "sessions-error", query: "state=error", reach: go("sessions") },
  { name: "settings-full", query: "profile=live", reach: go("settings"), wait: 500 },
  {
    name: "settings-keys",
    query: "profile=live",
    reach: async (page) => {
      await go("settings")(page);
      await page.waitForSelector("#doctor");
      await page.evaluate(() => document.querySelector("#doctor").scrollIntoView({ block: "end" }));
    },
    wait: 400,
  },
  { name: "settings-loading", query: "state=loading", reach: go("settings"), wait: 900 },
  { name: "settings-error", query: "state=error", reach: go("settings"), wait: 400 },
  {
    name: "import",
    query: "",
    reach: async (page) => {
      await palette("import")(page);
      await page.waitForTimeout(200);
      await page.keyboard.press("Enter");
    },
    wait: 400,
  },
];
