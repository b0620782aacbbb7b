/**
 * Plans as they are pictured: the list with one under way, a colleague's to approve, one done with a failed row; empty, loading, failed.
 */
const plans = async (page) => {
  await page.click("#go-people");
  await page.waitForSelector("#people-tab-plans");
  await page.click("#people-tab-plans");
};

const chosen = (at) => async (page) => {
  await plans(page);
  await page.waitForSelector("#plans li");
  await page.click(`#plans li:nth-child(${at}) button`);
  await page.waitForSelector("#plan-consequence");
};

export const planShots = [
  { name: "plans-running", query: "", reach: chosen(1), wait: 400 },
  { name: "plans-approve", query: "profile=live", reach: chosen(2), wait: 400 },
  { name: "plans-done", query: "", reach: chosen(3), wait: 400 },
  { name: "plans-empty", query: "state=empty", reach: plans, wait: 500 },
  { name: "plans-loading", query: "state=loading", reach: plans, wait: 900 },
  { name: "plans-failed", query: "state=error", reach: plans, wait: 500 },
  {
    name: "plans-paste",
    query: "",
    reach: async (page) => {
      await plans(page);
      await page.click("#plan-paste");
      await page.waitForSelector("#plan-text:focus");
    },
    wait: 300,
  },
];
