/**
 * The audit screens and their sheets, for pictures and axe: the log in each state, its daily review, what keeps it, the export.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
const audit = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-audit");
};

const listed = async (page) => {
  await audit(page);
  await page.waitForSelector("#act-0[data-act]");
};

const verified = async (page) => {
  await listed(page);
  await page.click("#verify-log");
  await page.waitForSelector("#verdict[data-verdict]");
};

const tab = (name) => async (page) => {
  await page.click("#go-audit");
  await page.click(`#audit-tab-${name}`);
};

const asked = (text) => async (page) => {
  await listed(page);
  await page.fill("#audit-query", text);
  await page.waitForTimeout(400);
};

const day = async (page) => {
  await tab("days")(page);
  await page.waitForSelector("#month");
};

/** The day with the burst is four days back. */
const burst = async (page) => {
  await day(page);
  const back = new Date(Date.now() - 4 * 86_400_000).toISOString().slice(0, 10);
  if (!(await page.$(`#day-${back}`))) await page.click("[aria-label='The month before']");
  await page.click(`#day-${back}`);
  await page.waitForSelector(`#day[data-day='${back}'] #day-sum`);
};

export const auditShots = [
  { name: "audit-full", query: "", reach: listed, wait: 500 },
  { name: "audit-verified", query: "", reach: verified, wait: 400 },
  {
    name: "audit-verifying",
    query: "delay=20",
    reach: async (page) => {
      await page.waitForSelector("html[data-ready=list]");
      await page.click("#go-audit");
      await page.waitForSelector("#act-0[data-act]");
      await page.click("#verify-log");
    },
    wait: 1500,
  },
  {
    name: "audit-unfolded",
    query: "",
    reach: async (page) => {
      await verified(page);
      await page.click("[data-act][data-outcome=succeeded] >> nth=2");
      await page.waitForSelector("#act-unfolded [data-entry]");
    },
    wait: 500,
  },
  {
    name: "audit-bytes",
    query: "profile=live",
    reach: async (page) => {
      await asked("act:access.grant")(page);
      await page.click("[data-act] >> nth=1");
      await page.waitForSelector("#act-unfolded [data-entry]");
      await page.click("[data-show=bytes] >> nth=0");
      await page.click("[data-show=proof] >> nth=1");
    },
    wait: 400,
  },
  { name: "audit-fault", query: "", reach: asked("act:portal.open whom:ann outcome:refused"), wait: 300 },
  {
    name: "audit-completion",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.click("#audit-query");
      await page.keyboard.type("outcome:refused act:acc");
      await page.keyboard.press("ArrowDown");
    },
    wait: 400,
  },
  {
    name: "audit-narrowed",
    query: "",
    reach: async (page, { width }) => {
      await listed(page);
      await page.focus("#histogram-bars");
      await page.keyboard.press("End");
      for (let step = 0; step < 9; step += 1) await page.keyboard.press("Shift+ArrowLeft");
      if (width >= 1000) {
        await page.click("[data-facet='outcome:refused']");
        await page.waitForTimeout(300);
        await page.focus("#histogram-bars");
        await page.keyboard.press("End");
        for (let step = 0; step < 9; step += 1) await page.keyboard.press("Shift+ArrowLeft");
      }
    },
    wait: 400,
  },
  {
    name: "audit-facets",
    query: "",
    reach: async (page, { width }) => {
      await listed(page);
      if (width < 1000) await page.click("#narrow-down");
      await page.click("[data-facet='outcome:refused']");
      await page.click("[data-facet='outcome:unknown']");
    },
    wait: 500,
  },
  {
    name: "audit-table",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.click("#histogram-as-table");
    },
    wait: 300,
  },
  { name: "audit-nothing", query: "", reach: asked("nobodyofthatname"), wait: 300 },
  { name: "audit-reading", query: "indexed=0.62", reach: listed, wait: 400 },
  {
    name: "audit-archived",
    query: "archived=1200",
    reach: async (page) => {
      await asked("outcome:refused")(page);
      await page.evaluate(() => (document.querySelector("#audit-list").scrollTop = 1e6));
      await page.waitForTimeout(200);
      await page.evaluate(() => (document.querySelector("#audit-list").scrollTop = 1e6));
    },
    wait: 400,
  },
  { name: "audit-itself", query: "verified=1&waiting=3", reach: listed, wait: 500 },
  { name: "audit-beside", query: "beside=1&verified=1", reach: listed, wait: 300 },
  { name: "audit-broken", query: "alarm=1", reach: verified, wait: 300 },
  { name: "audit-empty", query: "state=empty", reach: async (page) => page.click("#go-audit"), wait: 400 },
  { name: "audit-loading", query: "state=loading", reach: async (page) => page.click("#go-audit"), wait: 900 },
  { name: "audit-error", query: "state=error", reach: async (page) => page.click("#go-audit"), wait: 400 },
  {
    name: "audit-views",
    query: "",
    reach: async (page) => {
      await asked("act:portal outcome:refused")(page);
      await page.click("#saved-views");
      await page.waitForSelector("#view-name");
    },
    wait: 400,
  },
  {
    name: "audit-export",
    query: "",
    reach: async (page) => {
      await asked("act:access since:30d")(page);
      await page.click("#export-log");
      await page.waitForSelector("#export-now");
    },
    wait: 400,
  },
  {
    name: "audit-exporting",
    query: "delay=12",
    reach: async (page) => {
      await page.waitForSelector("html[data-ready=list]");
      await page.click("#go-audit");
      await page.click("#export-log");
      await page.click("#export-now");
      await page.waitForSelector("#export-stop");
    },
    wait: 1400,
  },
  {
    name: "audit-exported",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.click("#export-log");
      await page.click("#export-now");
      await page.waitForSelector("#export-done");
    },
    wait: 300,
  },
  { name: "audit-days", query: "", reach: day, wait: 500 },
  { name: "audit-day-odd", query: "", reach: burst, wait: 400 },
  {
    name: "audit-day-signed",
    query: "",
    reach: async (page) => {
      await burst(page);
      if (await page.$("#day-sign")) {
        await page.fill("#day-note", "Looked through with Sigrid.");
        await page.click("#day-sign");
      }
      await page.waitForSelector("#day-signed");
    },
    wait: 300,
  },
  {
    name: "audit-days-table",
    query: "",
    reach: async (page) => {
      await day(page);
      await page.click("#days-as-table");
    },
    wait: 300,
  },
  { name: "audit-days-error", query: "state=error", reach: tab("days"), wait: 500 },
  { name: "audit-keeping", query: "", reach: tab("keeping"), wait: 500 },
  {
    name: "audit-backing-up",
    query: "delay=12",
    reach: async (page) => {
      await page.waitForSelector("html[data-ready=list]");
      await tab("keeping")(page);
      await page.click("#back-up");
      await page.waitForSelector("#back-up-running-stop");
    },
    wait: 900,
  },
  {
    name: "audit-first-seen",
    query: "",
    reach: async (page) => {
      await tab("keeping")(page);
      await page.click("#witness-sign");
      await page.waitForSelector("#first-seen");
    },
    wait: 300,
  },
  { name: "audit-keeping-empty", query: "state=empty", reach: tab("keeping"), wait: 500 },
];
