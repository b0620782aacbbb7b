/**
 * The pages of set-up in their states: how the address asks for each and how it is reached, with the keyboard where a person would.
 * Absent on purpose: expectations about words; the unit tests and the journey in the real window have them.
 */
const begin = async (page) => {
  await page.click("#connect-klarna");
  await page.waitForSelector("#setup-page[data-page=method] input:checked");
};

const account = async (page) => {
  await begin(page);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#setup-page[data-page=account]");
};

/** Fills the account's page and begins; then `done` steps count as done. */
const at = (done) => async (page) => {
  await account(page);
  await page.fill("#setup-account", "krn:partner:global:account:test:LYABCDEI");
  await page.fill("#setup-user", "nora.lind@acme.example");
  if (done > 1) await page.evaluate((n) => document.dispatchEvent(new CustomEvent("fake:done", { detail: n })), done);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#setup-page[data-page=api_key]");
};

/** Goes to a page by its step, once the steps before it are done. */
const on = (step, done, more) => async (page) => {
  await at(1)(page);
  await page.evaluate((n) => document.dispatchEvent(new CustomEvent("fake:done", { detail: n })), done);
  await page.keyboard.type("klarna_test_api_made-up");
  await page.keyboard.press("Enter");
  await page.waitForSelector(`#step-${step}:not(:disabled)`);
  if (!(await page.$(`#setup-page[data-page=${step}]`))) await page.click(`#step-${step}`);
  await page.waitForSelector(`#setup-page[data-page=${step}]`);
  await more?.(page);
};

const fail = (code) => (page) =>
  page.evaluate((detail) => document.dispatchEvent(new CustomEvent("fake:fail", { detail })), code);

const keysScreen = (page) => page.click("#go-keys");

export const setupShots = [
  { name: "setup-method", query: "state=first", reach: begin },
  { name: "setup-account", query: "state=first", reach: account },
  {
    name: "setup-account-refused",
    query: "state=first",
    reach: async (page) => {
      await account(page);
      await page.fill("#setup-account", "krn:partner:global:account:live:LYABCDEI");
      await fail("environment_mixed")(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#setup-page [role=alert]");
    },
  },
  {
    name: "setup-no-keyring",
    query: "state=first",
    reach: async (page) => {
      await account(page);
      await fail("keyring_absent")(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#setup-seal");
    },
  },
  { name: "setup-api-key", query: "state=first", reach: at(1) },
  { name: "setup-key", query: "state=first", reach: on("mtls_key", 2) },
  {
    name: "setup-key-sealed",
    query: "state=first",
    reach: on("signing_key", 5, async (page) => {
      await page.click("#key-import");
      await page.waitForSelector("#key-passphrase");
    }),
  },
  {
    name: "setup-token",
    query: "state=first",
    reach: on("signing_key", 5, async (page) => {
      await page.click("#key-place input[value=token] + span");
      await page.waitForSelector("#tokens input:checked");
    }),
  },
  {
    name: "setup-token-none",
    query: "state=first",
    reach: on("signing_key", 5, async (page) => {
      await page.evaluate(() => document.dispatchEvent(new CustomEvent("fake:unplug")));
      await page.click("#key-place input[value=token] + span");
      await page.waitForSelector("#tokens p");
    }),
  },
  {
    name: "setup-pin",
    query: "state=first",
    reach: on("signing_key", 5, async (page) => {
      await page.click("#key-place input[value=token] + span");
      await page.waitForSelector("#tokens input:checked");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#passphrase");
      await page.keyboard.type("0000");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#passphrase-says[role=alert]");
    }),
  },
  {
    name: "setup-request",
    query: "state=first",
    reach: on("mtls_request", 3, async (page) => {
      await page.keyboard.press("Enter");
      await page.waitForSelector("#request-pem");
    }),
  },
  {
    name: "setup-certificate",
    query: "state=first",
    reach: on("signing_certificate", 7, async (page) => {
      await page.click("#certificate-open");
      await page.waitForSelector("[data-checks]");
    }),
  },
  {
    name: "setup-call",
    query: "state=first",
    reach: on("first_call", 9, async (page) => {
      await page.keyboard.press("Enter");
      await page.waitForSelector("#first-call");
    }),
  },
  { name: "setup-merchants", query: "state=first", reach: on("merchants", 10) },
  { name: "setup-end", query: "state=first", reach: on("end", 11) },
  {
    name: "setup-lost",
    query: "state=first",
    reach: on("dry_signature", 8, async (page) => {
      await fail("keyring_item_missing")(page);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#keys-lost");
    }),
  },
  {
    name: "setup-file",
    query: "state=first",
    reach: async (page) => {
      await page.click("#connect-file");
      await page.waitForSelector("#setup-page");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#profile-file");
    },
  },
  {
    name: "setup-unfinished",
    query: "state=first",
    reach: async (page) => {
      await at(1)(page);
      await page.click("#setup-later");
      await page.waitForSelector("#setup-unfinished");
    },
  },
  {
    name: "key-rotate-token",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("#keys [data-act=rotate]");
      await page.click("#rotate-place input[value=token] + span");
      await page.waitForSelector("#tokens input:checked");
    },
  },
  { name: "key-life", query: "profile=live", reach: keysScreen, wait: 500 },
  {
    name: "key-life-checks",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("#keys article details summary");
    },
  },
  {
    name: "key-life-rotate",
    query: "profile=test",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("[data-act=rotate]");
      await page.waitForSelector("#rotate");
      await page.click("#rotate-carry");
      await page.waitForSelector("#rotate-pem");
    },
    wait: 300,
  },
  {
    name: "key-life-klarna",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("#credentials-read");
      await page.click("[data-credential] [data-act=rename]");
      await page.evaluate(() => document.querySelector("#at-klarna-card").scrollIntoView());
    },
    wait: 300,
  },
  {
    name: "key-life-enforce",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("#credentials-read");
      await page.click("[data-act=report]");
      await page.click("#confirm");
      await page.waitForSelector("#enforce-from");
      await page.evaluate(() => document.querySelector("#at-klarna-card").scrollIntoView());
    },
    wait: 300,
  },
  {
    name: "key-life-new",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("[data-act=new-api-key]");
      await page.waitForSelector("#new-key-description");
    },
    wait: 300,
  },
  {
    name: "key-life-new-done",
    query: "profile=live",
    reach: async (page) => {
      await keysScreen(page);
      await page.click("#credentials-read");
      await page.click("[data-act=new-api-key]");
      await page.click("#new-key-go");
      await page.waitForSelector("#new-key-done");
    },
    wait: 300,
  },
  { name: "key-life-empty", query: "state=empty", reach: keysScreen },
  { name: "key-life-loading", query: "state=loading", reach: keysScreen, wait: 900 },
  { name: "key-life-error", query: "state=error", reach: keysScreen, wait: 400 },
  {
    name: "settings-bundle",
    query: "profile=live",
    reach: async (page) => {
      await page.click("#go-settings");
      await page.waitForSelector("#bundle-show");
      await page.click("#bundle-show");
      await page.waitForSelector("#bundle");
      await page.evaluate(() => document.querySelector("#bundle").scrollIntoView({ block: "end" }));
    },
    wait: 400,
  },
  {
    name: "settings-approvals",
    query: "profile=live",
    reach: async (page) => {
      await page.click("#go-settings");
      await page.waitForSelector("#approvals");
      await page.selectOption("#set-tokenCopies", "1");
      await page.evaluate(() => document.querySelector("#approvals").scrollIntoView());
    },
    wait: 400,
  },
  {
    name: "expiry-told",
    query: "profile=live",
    reach: async (page) => page.waitForSelector("#expiry"),
  },
];
