/**
 * The People screen and its sheets, for pictures and axe: each way in, each state, grant, change, revoke, leavers, what is held.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
import { reviewShots } from "./review_shots.mjs";
const people = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-people");
};

const listed = async (page) => {
  await people(page);
  await page.waitForSelector("#people-0[data-key]");
};

const way = (id) => async (page) => {
  await listed(page);
  await page.click(`#way-${id}`);
  await page.waitForSelector(`#people-0[data-key][data-way=${id}]`);
};

/** The pane beside the list, or the page where it is narrow. */
const detail = async (page) => {
  await page.click("#people-0");
  await page.waitForSelector("#people-pane [data-grant]");
};

const filled = async (page) => {
  await listed(page);
  await page.click("#grant-access");
  await page.waitForSelector("#grant-email");
};

const confirmRevoke = async (page) => {
  await way("role")(page);
  await page.focus("#people-0");
  await page.keyboard.press("r");
  await page.waitForSelector("#revoke-now");
};

export const peopleShots = [
  ...reviewShots,
  { name: "people", query: "", reach: listed, wait: 400 },
  { name: "people-merchants", query: "", reach: way("merchant"), wait: 400 },
  { name: "people-roles", query: "", reach: way("role"), wait: 400 },
  {
    name: "people-person",
    query: "",
    reach: async (page) => {
      await listed(page);
      await detail(page);
    },
    wait: 400,
  },
  {
    name: "people-merchant",
    query: "",
    reach: async (page) => {
      await way("merchant")(page);
      await detail(page);
    },
    wait: 400,
  },
  { name: "people-empty", query: "state=empty", reach: async (page) => page.click("#go-people"), wait: 500 },
  { name: "people-loading", query: "state=loading", reach: async (page) => page.click("#go-people"), wait: 900 },
  { name: "people-failed", query: "state=error", reach: async (page) => page.click("#go-people"), wait: 500 },
  {
    name: "people-nothing",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.fill("#people-search", "nobody of that name");
    },
    wait: 500,
  },
  {
    name: "people-expiring",
    query: "",
    reach: async (page) => {
      await way("role")(page);
      await page.click("#view-expiring");
    },
    wait: 500,
  },
  {
    name: "people-leavers",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.click("#view-leavers");
      await page.fill("#leavers-text", "ann.berg@bageri-asa.example\nBertil Ek\nzoe@nowhere.example");
      await page.click("#leavers-look");
      await page.waitForSelector("#leavers-told");
    },
    wait: 400,
  },
  { name: "people-grant", query: "", reach: filled, wait: 500 },
  {
    name: "people-grant-new",
    query: "",
    reach: async (page) => {
      await people(page);
      await page.waitForSelector("#people-0[data-key]");
      await page.click("#way-merchant");
      await page.waitForSelector("#people-0[data-key][data-way=merchant]");
      await page.click("#grant-access");
      await page.fill("#grant-email", "new.person@merchant.example");
      await page.waitForSelector("[data-invitation=true]");
    },
    wait: 300,
  },
  {
    name: "people-grant-refused",
    query: "profile=live",
    reach: async (page) => {
      await way("merchant")(page);
      await page.click("#grant-access");
      await page.fill("#grant-email", "not an address@");
      await page.fill("#grant-end", "2024-02-29");
      await page.click("#grant-now");
    },
    wait: 500,
  },
  {
    name: "people-change",
    query: "",
    reach: async (page) => {
      await listed(page);
      await detail(page);
      await page.click("#people-pane [data-grant] >> text=Change…");
      await page.check("#grant-role-1");
      await page.selectOption("#grant-inactivity", "P30D");
      await page.waitForSelector("#grant-differences");
    },
    wait: 300,
  },
  {
    name: "people-calendar",
    query: "",
    reach: async (page) => {
      await filled(page);
      await page.click("[aria-label='Choose in a calendar']");
      await page.waitForSelector("#grant-calendar table");
    },
    wait: 300,
  },
  { name: "people-revoke", query: "", reach: confirmRevoke, wait: 400 },
  {
    name: "people-held",
    query: "",
    reach: async (page) => {
      await confirmRevoke(page);
      await page.click("#revoke-now");
      await page.waitForSelector("[data-undo]");
    },
    wait: 300,
  },
  {
    name: "people-accepted",
    query: "",
    reach: async (page) => {
      await confirmRevoke(page);
      await page.click("#revoke-now");
      await page.waitForSelector("[data-state=revoking]", { timeout: 8000 });
    },
    wait: 400,
  },
];
