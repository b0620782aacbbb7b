/**
 * Tables of tokens: chosen, compared, looked through; each state, for pictures and axe.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
const reconcile = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-tokens");
  await page.click("#tokens-tab-reconcile");
};

const picked = async (page) => {
  await reconcile(page);
  await page.click("#table-choose");
  await page.waitForSelector("#reconcile-form");
};

const begun = async (page) => {
  await picked(page);
  await page.click("#reconcile-begin");
};

const running = async (page) => {
  await begun(page);
  await page.waitForFunction(() => document.querySelector("#reconcile-done")?.textContent.includes("8 %"));
};

const found = async (page) => {
  await begun(page);
  await page.waitForSelector("#differences-0 [role=gridcell]");
};

const tell = (page, topic) =>
  page.evaluate((detail) => document.dispatchEvent(new CustomEvent("fake:tell", { detail })), topic);

export const tokenTableShots = [
  { name: "tokens-reconcile-empty", query: "", reach: reconcile, wait: 300 },
  { name: "tokens-reconcile-loading", query: "state=loading", reach: early("reconcile"), wait: 700 },
  { name: "tokens-reconcile-failed", query: "state=error", reach: early("reconcile"), wait: 300 },
  {
    name: "tokens-reconcile-over",
    query: "",
    reach: async (page) => {
      await reconcile(page);
      await page.waitForSelector("#table-place");
      await tell(page, "over");
    },
    wait: 200,
  },
  {
    name: "tokens-reconcile-paste",
    query: "",
    reach: async (page) => {
      await reconcile(page);
      await page.click("#table-paste");
      await page.waitForSelector("#table-text");
      await page.click("#table-take");
    },
    wait: 300,
  },
  { name: "tokens-reconcile-waits", query: "profile=test", reach: picked, wait: 200 },
  {
    name: "tokens-reconcile-wrong",
    query: "",
    reach: async (page) => {
      await picked(page);
      await page.fill("#reconcile-rate", "99");
    },
    wait: 200,
  },
  { name: "tokens-reconcile-running", query: "delay=4", reach: running, wait: 100 },
  {
    name: "tokens-reconcile-held",
    query: "delay=4",
    reach: async (page) => {
      await running(page);
      await page.click("#reconcile-hold");
      await page.waitForSelector("#reconcile-go-on");
    },
    wait: 200,
  },
  { name: "tokens-reconcile-found", query: "profile=live&delay=0", reach: found, wait: 300 },
  {
    name: "tokens-reconcile-kind",
    query: "delay=0",
    reach: async (page) => {
      await found(page);
      await page.click("#difference-ended_but_billed");
      await page.waitForSelector("#difference-cure");
      await page.focus("#differences");
      await page.keyboard.press("ArrowDown");
    },
    wait: 300,
  },
  {
    name: "tokens-reconcile-stopped",
    query: "delay=4",
    reach: async (page) => {
      await running(page);
      await page.click("#reconcile-stop");
      await page.waitForSelector("#reconcile-stopped");
    },
    wait: 300,
  },
];

/** Where no list comes. */
function early(tab) {
  return async (page) => {
    await page.click("#go-tokens");
    await page.click(`#tokens-tab-${tab}`);
  };
}

const importing = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-tokens");
  await page.click("#tokens-tab-import");
  await page.waitForSelector("#table-choose");
};

const planned = async (page) => {
  await importing(page);
  await page.click("#table-choose");
  await page.waitForSelector("#planned-0 [role=gridcell]");
};

const proving = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-tokens");
  await page.click("#tokens-tab-prove");
  await page.waitForSelector("#proof-steps, [data-code]");
};

/** Fills the form of a trial in and begins it. */
const tried = (reach, begin) => (back) => async (page) => {
  await reach(page);
  await page.fill("#grant-merchant", "harb");
  await page.click("#grant-merchant-0");
  await page.fill("#trial-return", back);
  await page.click(begin);
};

const begin = tried(proving, "#prove-begin");

const scenarios = async (page) => {
  await page.click("#go-tokens");
  await page.click("#tokens-tab-scenarios");
  await page.waitForSelector("#proof-steps, #tokens-content [data-code], #scenarios-prove");
};

const run = tried(scenarios, "#scenarios-begin");

const ended = (back) => async (page) => {
  await run(back)(page);
  await page.waitForSelector("#scenarios-verdict", { timeout: 20_000 });
};

const proved = (back) => async (page) => {
  await begin(back)(page);
  await page.waitForSelector("#proof-verdict", { timeout: 20_000 });
};

tokenTableShots.push(
  { name: "tokens-import-empty", query: "", reach: importing, wait: 300 },
  {
    name: "tokens-import-planning",
    query: "delay=4",
    reach: async (page) => {
      await importing(page);
      await page.click("#table-choose");
      await page.waitForSelector("#import-done");
    },
    wait: 100,
  },
  { name: "tokens-import-planned", query: "profile=test&delay=0", reach: planned, wait: 300 },
  {
    name: "tokens-import-refused",
    query: "delay=0",
    reach: async (page) => {
      await planned(page);
      await page.click("#fate-bad");
    },
    wait: 300,
  },
  {
    name: "tokens-import-running",
    query: "delay=1",
    reach: async (page) => {
      await planned(page);
      await page.click("#import-begin");
      await page.waitForFunction(() => document.querySelector("#import-done")?.textContent.includes("10 %"));
    },
    wait: 50,
  },
  {
    name: "tokens-import-done",
    query: "delay=0",
    reach: async (page) => {
      await planned(page);
      await page.click("#import-begin");
      await page.waitForSelector("#tokens-imported");
    },
    wait: 300,
  },
  { name: "tokens-prove-form", query: "", reach: proving, wait: 300 },
  {
    name: "tokens-prove-live",
    query: "profile=live",
    reach: async (page) => {
      await page.click("#go-tokens");
      await page.click("#tokens-tab-prove");
    },
    wait: 400,
  },
  {
    name: "tokens-prove-waits",
    query: "profile=test&delay=20",
    reach: async (page) => {
      await begin("https://shop.example/back")(page);
      await page.waitForSelector("#prove-open");
    },
    wait: 100,
  },
  { name: "tokens-prove-proven", query: "profile=test", reach: proved("https://shop.example/back"), wait: 300 },
  { name: "tokens-prove-failed", query: "", reach: proved("https://shop.example/refuse"), wait: 300 },
  { name: "tokens-scenarios-form", query: "", reach: scenarios, wait: 300 },
  { name: "tokens-scenarios-test", query: "profile=test", reach: scenarios, wait: 300 },
  { name: "tokens-scenarios-loading", query: "state=loading", reach: early("scenarios"), wait: 700 },
  { name: "tokens-scenarios-broken", query: "state=error", reach: scenarios, wait: 300 },
  {
    name: "tokens-scenarios-running",
    query: "delay=4",
    reach: async (page) => {
      await run("https://shop.example/back")(page);
      await page.waitForFunction(() => document.querySelectorAll('[data-step="good"]').length === 3);
    },
    wait: 50,
  },
  {
    name: "tokens-scenarios-stopped",
    query: "delay=4",
    reach: async (page) => {
      await run("https://shop.example/back")(page);
      await page.waitForFunction(() => document.querySelectorAll('[data-step="good"]').length === 3);
      await page.click("#scenarios-stop");
      await page.waitForSelector("#scenarios-verdict");
    },
    wait: 300,
  },
  { name: "tokens-scenarios-passed", query: "", reach: ended("https://shop.example/back"), wait: 300 },
  { name: "tokens-scenarios-bad", query: "", reach: ended("https://shop.example/refuse"), wait: 300 },
);
