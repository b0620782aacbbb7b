/**
 * The states of access reviews that are pictured: the list, the desk, the sheets.
 * Absent on purpose: expectations; the journeys have them.
 */
const list = async (page) => {
  await page.click("#go-people");
  await page.click("#people-tab-reviews");
};

const desk = async (page, id = "review-now") => {
  await list(page);
  await page.click(`[data-review=${id}]`);
  await page.waitForSelector("[data-line]");
};

export const reviewShots = [
  { name: "reviews", reach: list },
  { name: "reviews-empty", query: "state=empty", reach: list },
  { name: "reviews-loading", query: "state=full&delay=100000", reach: list, wait: 700 },
  {
    name: "reviews-failed",
    reach: async (page) => {
      await page.click("#go-people");
      await page.evaluate(() => document.dispatchEvent(new CustomEvent("fake:fail", { detail: "database_busy" })));
      await page.click("#people-tab-reviews");
      await page.waitForSelector("[data-code]");
    },
  },
  { name: "review", reach: (page) => desk(page) },
  { name: "review-live", query: "profile=live", reach: (page) => desk(page) },
  {
    name: "review-decided",
    reach: async (page) => {
      await desk(page);
      for (const key of ["k", "k", "x", "k"]) await page.keyboard.press(key);
      await page.keyboard.press("ArrowUp");
    },
  },
  {
    name: "review-unsaved",
    reach: async (page) => {
      await desk(page);
      await page.evaluate(() => document.dispatchEvent(new CustomEvent("fake:fail", { detail: "disk_full" })));
      for (const key of ["k", "x"]) await page.keyboard.press(key);
      await page.waitForSelector("#review-held");
    },
  },
  { name: "review-concluded", reach: (page) => desk(page, "review-old") },
  {
    name: "review-sign-off",
    reach: async (page) => {
      await desk(page);
      await page.click("#review-sign");
      await page.waitForSelector("#sign-now");
    },
  },
  {
    name: "review-start",
    reach: async (page) => {
      await list(page);
      await page.click("#review-start");
      await page.waitForSelector("#review-start-now");
    },
  },
];
