/**
 * The login bridge in the settings and its page in their states, pictured: none yet, table, bad rows, claims, a sign-in that is tried,
 * what Klarna is handed, a bridge without SAML, files that somebody else changed.
 * Absent on purpose: the system's file dialogs and the browser, which are Rust's.
 */
const settings = (then) => async (page) => {
  await page.click("#go-settings");
  await page.waitForSelector("#bridge-section");
  if (then) await then(page);
};
const inPage = (tab, then, first = "#bridge-rows [role=row] [role=gridcell]") =>
  settings(async (page) => {
    await page.click("#bridge-open");
    await page.waitForSelector(first);
    if (tab !== "people") await page.click(`#bridge-tab-${tab}`);
    if (then) await then(page);
  });
const intoView = (page) =>
  page.evaluate(() => document.querySelector("#bridge-section").scrollIntoView({ block: "center" }));

export const bridgeShots = [
  { name: "bridge-settings-none", query: "bridge=none", reach: settings(intoView), wait: 400 },
  { name: "bridge-settings-section", query: "profile=live", reach: settings(intoView), wait: 400 },
  {
    name: "bridge-settings-error",
    query: "state=error",
    reach: async (page) => {
      await page.click("#go-settings");
      await page.waitForSelector("#bridge-section [role=alert]");
      await intoView(page);
    },
    wait: 400,
  },
  {
    name: "bridge-settings-loading",
    query: "state=loading",
    reach: settings(async (page) => {
      await page.waitForSelector("#bridge-section [role=status]");
      await intoView(page);
    }),
    wait: 900,
  },
  {
    name: "bridge-settings-tableless",
    query: "bridge=tableless&profile=live",
    reach: inPage("people", undefined, "#bridge-begin"),
    wait: 400,
  },
  {
    name: "bridge-settings-lost",
    query: "bridge=lost&profile=live",
    reach: inPage("people", undefined, "#bridge-content [role=alert]"),
    wait: 400,
  },
  { name: "bridge-settings-cut-off", query: "bridge=cut&profile=live", reach: inPage("people"), wait: 400 },
  { name: "bridge-settings-people", query: "profile=live", reach: inPage("people"), wait: 400 },
  {
    name: "bridge-settings-flawed",
    query: "bridge=flawed&profile=test",
    reach: inPage("people", async (page) => {
      await page.click("#bridge-show-flawed");
      await page.waitForSelector("#bridge-rows .text-danger");
    }),
    wait: 400,
  },
  {
    name: "bridge-settings-row",
    query: "profile=live",
    reach: inPage("people", async (page) => {
      await page.focus("#bridge-rows");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#bridge-row-email");
    }),
    wait: 400,
  },
  { name: "bridge-settings-claims", query: "profile=live", reach: inPage("claims"), wait: 400 },
  {
    name: "bridge-settings-tried",
    query: "profile=live",
    reach: inPage("try", async (page) => {
      await page.fill("#bridge-try-text", '{\n  "email": "ana@bakery.example",\n  "email_verified": true\n}');
      await page.click("#bridge-try-go");
      await page.waitForSelector("#bridge-tried li");
    }),
    wait: 400,
  },
  {
    name: "bridge-settings-klarna",
    query: "profile=live",
    reach: inPage("klarna", (page) => page.waitForSelector("[data-item=certificate]")),
    wait: 400,
  },
  {
    name: "bridge-settings-ends-soon",
    query: "bridge=flawed&profile=test",
    reach: inPage("klarna", (page) => page.waitForSelector("[data-item=certificate]")),
    wait: 400,
  },
  {
    name: "bridge-settings-button-only",
    query: "bridge=button",
    reach: inPage("klarna", (page) => page.waitForSelector("#bridge-no-saml")),
    wait: 400,
  },
  {
    name: "bridge-settings-moved",
    query: "bridge=moved&profile=live",
    reach: inPage("people", async (page) => {
      await page.focus("#bridge-rows");
      await page.keyboard.press("Enter");
      await page.click("#bridge-row-remove");
      await page.waitForSelector("#bridge-drop");
      await page.click("#bridge-save");
      await page.waitForSelector("#bridge-again");
    }),
    wait: 400,
  },
];
