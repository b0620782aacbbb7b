/**
 * Account linking, for pictures and axe: what is set up first, sessions in each state, the start, the purchase, what became of the token.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
const linking = async (page) => {
  await page.click("#go-tokens");
  await page.click("#tokens-tab-linking");
};

const listed = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await linking(page);
  await page.waitForSelector("#session-0");
};

const session = (place) => async (page) => {
  await listed(page);
  await page.click(`#session-${place}`);
  await page.waitForSelector("#linking-pane");
};

const starting = async (page) => {
  await listed(page);
  await page.click("#linking-start");
  await page.waitForSelector("#linking-start-now");
};

const filled = async (page) => {
  await starting(page);
  await page.fill("#linking-customer", "cust-20417");
  await page.fill("#order-country", "SE");
  await page.fill("#order-currency", "SEK");
  await page.fill("#order-reference", "order-2026-1043");
  await page.fill("#order-name-0", "Surdegsbröd");
  await page.fill("#order-quantity-0", "2");
  await page.fill("#order-price-0", "45.50");
  await page.click("#order-add");
  await page.fill("#order-name-1", "Mjölk");
  await page.fill("#order-price-1", "18");
};

const started = async (page) => {
  await filled(page);
  await page.click("#linking-start-now");
  await page.waitForSelector("#linking-open");
};

const ordered = (authorization) => async (page) => {
  await started(page);
  if (!(await page.isVisible("#linking-pane"))) await page.click("#session-0");
  await page.click("#linking-open");
  await page.fill("#linking-authorization", authorization);
  await page.click("#linking-order");
  await page.waitForSelector("#linking-outcome");
};

export const linkingShots = [
  {
    name: "linking-set-up",
    query: "state=empty",
    reach: async (page) => {
      await linking(page);
      await page.waitForSelector("#linking-set-up");
    },
    wait: 400,
  },
  {
    name: "linking-set-up-accepted",
    query: "state=empty",
    reach: async (page) => {
      await linking(page);
      await page.click("#linking-accept");
      await page.click("#linking-login-set");
    },
    wait: 400,
  },
  {
    name: "linking-empty",
    query: "state=empty",
    reach: async (page) => {
      await linking(page);
      await page.click("#linking-accept");
      await page.fill("#linking-user", "PK04711_8f3a2c");
      await page.fill("#linking-password", "nobody's");
      await page.click("#linking-login-set");
      await page.waitForSelector("#linking-login-line");
    },
    wait: 400,
  },
  { name: "linking", query: "profile=test", reach: listed, wait: 400 },
  { name: "linking-session", query: "", reach: session(0), wait: 400 },
  { name: "linking-replaced", query: "profile=live", reach: session(2), wait: 400 },
  { name: "linking-opted-out", query: "", reach: session(4), wait: 400 },
  { name: "linking-expired", query: "", reach: session(5), wait: 400 },
  { name: "linking-loading", query: "state=loading", reach: linking, wait: 900 },
  { name: "linking-failed", query: "state=error", reach: linking, wait: 500 },
  { name: "linking-start", query: "profile=test", reach: filled, wait: 300 },
  {
    name: "linking-start-wrong",
    query: "",
    reach: async (page) => {
      await starting(page);
      await page.check("#linking-returning");
      await page.click("#linking-start-now");
    },
    wait: 300,
  },
  {
    name: "linking-start-returning",
    query: "",
    reach: async (page) => {
      await starting(page);
      await page.check("#linking-returning");
      await page.fill("#linking-token-search", "cust");
      await page.waitForSelector("#linking-token-search-list li");
    },
    wait: 300,
  },
  {
    name: "linking-opened",
    query: "",
    reach: async (page) => {
      await started(page);
      if (!(await page.isVisible("#linking-pane"))) await page.click("#session-0");
      await page.click("#linking-open");
      await page.waitForTimeout(200);
    },
    wait: 300,
  },
  { name: "linking-linked", query: "", reach: ordered("one"), wait: 400 },
  { name: "linking-none", query: "profile=live", reach: ordered("none"), wait: 400 },
  {
    name: "linking-calls",
    query: "profile=test",
    reach: async (page) => {
      await session(0)(page);
      await page.click("#linking-calls");
      await page.waitForSelector("#linking-drawn");
    },
    wait: 300,
  },
  {
    name: "linking-change",
    query: "",
    reach: async (page) => {
      await session(0)(page);
      await page.click("#linking-update");
      await page.waitForSelector("#update-data");
    },
    wait: 300,
  },
  {
    name: "emd-build",
    query: "",
    reach: async (page) => {
      await page.waitForSelector("html[data-ready=list]");
      await page.click("#go-tokens");
      await page.click("#tokens-tab-emd");
      await page.click("#emd-make");
      await page.click("[data-package=customer_account_info] button");
      await page.fill("[data-package=customer_account_info] fieldset label:nth-of-type(1) input", "cust-20417");
      await page.fill("[data-package=customer_account_info] fieldset label:nth-of-type(2) input", "2023-01-14");
      await page.click("#emd-build");
      await page.waitForSelector("#emd-copy");
    },
    wait: 300,
  },
  {
    name: "linking-login",
    query: "profile=live",
    reach: async (page) => {
      await listed(page);
      await page.click("#linking-change-login");
      await page.waitForSelector("#linking-login-set");
    },
    wait: 300,
  },
];
