/**
 * The Tokens screen and its sheets, for pictures and axe: the vault in each state, a token, find, add, copy, revoke.
 * Absent on purpose: expectations about words; the unit tests and journeys have them.
 */
const tokens = async (page) => {
  await page.waitForSelector("html[data-ready=list]");
  await page.click("#go-tokens");
};

/** Where no list comes. */
const opened = async (page) => page.click("#go-tokens");

const listed = async (page) => {
  await tokens(page);
  await page.waitForSelector("#token-0[data-token]");
};

/** The pane beside the list, or the page where it is narrow. */
const detail = (place) => async (page) => {
  await listed(page);
  await page.click(`#token-${place}`);
  await page.waitForSelector("#token-pane #token-story li");
};

const pressed = (key, appears) => async (page) => {
  await listed(page);
  await page.focus("#token-0");
  await page.keyboard.press(key);
  await page.waitForSelector(appears);
};

const confirmed = async (page) => {
  await pressed("r", "#revoke-typed")(page);
  await page.fill("#revoke-reason", "The customer cancelled by phone, ticket 4711");
  const fingerprint = await page.textContent("label:has(#revoke-typed) b");
  await page.fill("#revoke-typed", fingerprint);
};

const looked = (token) => async (page) => {
  await pressed("f", "#find-secret")(page);
  await page.fill("#find-secret", token);
  await page.click("#find-now");
  await page.waitForSelector("#find-result");
};

const paying = async (page) => {
  await pressed("n", "#create-now")(page);
  await page.fill("#grant-merchant", "harb");
  await page.click("#grant-merchant-0");
  await page.check("#create-paying");
  await page.fill("#terms-currency", "SEK");
  await page.fill("#terms-amount", "129");
  await page.fill("#terms-payment", "inv-2026-0042");
  await page.fill("#terms-subscription", "S-4711");
  await page.fill("#terms-return", "https://shop.example/back");
};

const charging = (reference) => async (page) => {
  await pressed("p", "#charge-now")(page);
  await page.fill("#terms-currency", "SEK");
  await page.fill("#terms-amount", "1129,5");
  await page.fill("#terms-payment", reference);
};

const charged = (reference) => async (page) => {
  await charging(reference)(page);
  await page.click("#charge-now");
  await page.waitForSelector("#charge-decided");
};

const tool = (id, text) => async (page) => {
  await opened(page);
  await page.click(`#tokens-tab-${id}`);
  await page.fill(`#${id}-text`, text);
  await page.click(`#${id}-run`);
  await page.waitForSelector(`#${id}-found .rounded-card, #${id}-found [data-none]`);
};

const verified = (encoding) => async (page) => {
  await opened(page);
  await page.click("#tokens-tab-webhook");
  await page.fill("#webhook-text", `Klarna-Signature: ${encoding}\nKlarna-Signing-Key-Id: key-1\n\n{ "metadata": {} }`);
  await page.fill("#webhook-key", "not a real key");
  await page.click("#webhook-run");
  await page.waitForSelector("[data-good]");
};

export const tokenShots = [
  { name: "tokens", query: "", reach: listed, wait: 400 },
  { name: "tokens-detail", query: "", reach: detail(1), wait: 400 },
  { name: "tokens-detail-revoked", query: "profile=live", reach: detail(6), wait: 400 },
  { name: "tokens-empty", query: "state=empty", reach: opened, wait: 500 },
  { name: "tokens-loading", query: "state=loading", reach: opened, wait: 900 },
  { name: "tokens-failed", query: "state=error", reach: opened, wait: 500 },
  {
    name: "tokens-nothing",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.fill("#tokens-search", "no such reference");
    },
    wait: 500,
  },
  {
    name: "tokens-merchants",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.fill("#tokens-search", "harb");
      await page.waitForSelector("#tokens-offered li");
    },
    wait: 300,
  },
  {
    name: "tokens-of-merchant",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.fill("#tokens-search", "harb");
      await page.click("#tokens-offered-0");
      await page.waitForSelector("#tokens-merchant");
    },
    wait: 500,
  },
  {
    name: "tokens-of-merchant-pane",
    query: "",
    reach: async (page, { width }) => {
      await page.waitForSelector("html[data-ready=list]");
      if (width < 1000) await page.keyboard.press("Shift+Enter");
      await page.waitForSelector("#tokens-of");
      await page.focus("#tokens-of");
    },
    wait: 300,
  },
  {
    name: "tokens-copy-refused",
    query: "",
    reach: async (page) => {
      await page.waitForSelector("html[data-ready=list]");
      await page.click("#go-settings");
      await page.selectOption("#set-tokenCopies", "1");
      await page.click("#go-tokens");
      await page.waitForSelector("#token-0[data-token]");
      await page.focus("#token-0");
      await page.keyboard.press("y");
      await page.waitForSelector("#copy-refused");
    },
    wait: 300,
  },
  {
    name: "tokens-view",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.click("#tokens-pending");
    },
    wait: 500,
  },
  {
    name: "tokens-deep",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.focus("#token-0");
      for (let at = 0; at < 3; at += 1) {
        await page.keyboard.press("End");
        await page.waitForTimeout(200);
      }
    },
    wait: 400,
  },
  { name: "tokens-find", query: "", reach: pressed("f", "#find-secret"), wait: 300 },
  {
    name: "tokens-find-kept",
    query: "",
    reach: looked("krn:customer-token:eu1:00000000-0000-4000-8000-000000000001"),
    wait: 300,
  },
  { name: "tokens-find-other", query: "", reach: looked("klarna_test_api_abcdefgh"), wait: 300 },
  {
    name: "tokens-find-refused",
    query: "",
    reach: async (page) => {
      await pressed("f", "#find-secret")(page);
      await page.fill("#find-secret", "two words");
      await page.click("#find-now");
    },
    wait: 300,
  },
  { name: "tokens-add", query: "", reach: pressed("a", "#add-secret"), wait: 300 },
  {
    name: "tokens-copied",
    query: "",
    reach: async (page) => {
      await listed(page);
      await page.focus("#token-1");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("y");
      await page.waitForSelector("[data-lent]");
    },
    wait: 2500,
  },
  { name: "tokens-copy", query: "profile=live", reach: pressed("y", "#copy-reason"), wait: 300 },
  { name: "tokens-revoke", query: "profile=live", reach: pressed("r", "#revoke-typed"), wait: 300 },
  {
    name: "tokens-revoke-wrong",
    query: "",
    reach: async (page) => {
      await pressed("r", "#revoke-typed")(page);
      await page.click("#revoke-now");
    },
    wait: 300,
  },
  {
    name: "tokens-revoked",
    query: "",
    reach: async (page) => {
      await confirmed(page);
      await page.click("#revoke-now");
      await page.waitForSelector("#revoked-says");
    },
    wait: 300,
  },
  { name: "tokens-create", query: "", reach: pressed("n", "#create-now"), wait: 300 },
  { name: "tokens-create-paying", query: "profile=live", reach: paying, wait: 300 },
  {
    name: "tokens-create-wrong",
    query: "",
    reach: async (page) => {
      await pressed("n", "#create-now")(page);
      await page.click("#create-now");
    },
    wait: 300,
  },
  {
    name: "tokens-consent",
    query: "",
    reach: async (page) => {
      await paying(page);
      await page.click("#create-now");
      await page.waitForSelector("#consent-steps");
    },
    wait: 300,
  },
  {
    name: "tokens-consent-agreed",
    query: "",
    reach: async (page) => {
      await paying(page);
      await page.click("#create-now");
      await page.waitForSelector("#consent-clock", { timeout: 20_000 });
    },
    wait: 300,
  },
  {
    name: "tokens-consents",
    query: "",
    reach: async (page) => {
      await paying(page);
      await page.click("#create-now");
      await page.waitForSelector("#consent-steps");
      await page.keyboard.press("Escape");
      await page.waitForSelector("#consents");
    },
    wait: 300,
  },
  { name: "tokens-charge", query: "profile=live", reach: charging("inv-2026-1"), wait: 300 },
  { name: "tokens-charge-approved", query: "", reach: charged("inv-2026-1"), wait: 300 },
  { name: "tokens-charge-declined", query: "", reach: charged("inv-declined"), wait: 300 },
  { name: "tokens-charge-confirm", query: "", reach: charged("inv-confirm"), wait: 300 },
  { name: "tokens-tool-explain", query: "", reach: tool("explain", '{ "error_code": "VALIDATION_ERROR" }'), wait: 300 },
  { name: "tokens-tool-webhook", query: "", reach: verified("hex"), wait: 300 },
  { name: "tokens-tool-webhook-base64", query: "profile=live", reach: verified("base64"), wait: 300 },
  { name: "tokens-tool-webhook-old", query: "", reach: verified("old again"), wait: 300 },
  { name: "tokens-tool-golive", query: "", reach: tool("golive", '{ "step_up_config": {} }'), wait: 300 },
  { name: "tokens-tool-emd", query: "", reach: tool("emd", '{ "ip_address": "203.0.113.7" }'), wait: 300 },
  { name: "tokens-tool-emd-good", query: "", reach: tool("emd", "{}"), wait: 300 },
  {
    name: "tokens-tool-empty",
    query: "",
    reach: async (page) => {
      await opened(page);
      await page.click("#tokens-tab-golive");
      await page.click("#golive-run");
    },
    wait: 300,
  },
];
