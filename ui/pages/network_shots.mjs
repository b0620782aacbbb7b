/**
 * The network's settings in their states, pictured: set, empty, a PAC file alone, a sign-in that is typed, an authority that is asked about.
 * Absent on purpose: the system's file dialog, which is Rust's.
 */
const network = (then) => async (page) => {
  await page.click("#go-settings");
  await page.waitForSelector("#network-authorities");
  if (then) await then(page);
  await page.evaluate(() => document.querySelector("#network").scrollIntoView({ block: "start" }));
};

export const networkShots = [
  { name: "settings-network", query: "network=proxy&profile=live", reach: network(), wait: 400 },
  { name: "settings-network-empty", query: "network=system", reach: network(), wait: 400 },
  {
    name: "settings-network-pac",
    query: "network=pac&profile=test",
    reach: network(async (page) => {
      await page.focus("#set-networkWay-system");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await page.focus("#set-networkAddress");
      await page.keyboard.type("ftp://proxy.corp.acme.example");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#network [role=alert]");
    }),
    wait: 400,
  },
  { name: "settings-network-pac-told", query: "network=pac&profile=test", reach: network(), wait: 400 },
  {
    name: "settings-network-sign-in",
    query: "network=proxy",
    reach: network(async (page) => {
      await page.click("#set-networkSignIn");
      await page.keyboard.type("CORP\\anna");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#network [role=alert]");
    }),
    wait: 400,
  },
  {
    name: "settings-network-remove",
    query: "network=proxy&profile=live",
    reach: network(async (page) => {
      await page.click("#network li button[aria-label^=Remove]");
      await page.waitForSelector("#confirm");
    }),
    wait: 400,
  },
  {
    name: "settings-network-error",
    query: "state=error",
    reach: async (page) => {
      await page.click("#go-settings");
      await page.waitForSelector("#network [role=alert]");
      await page.evaluate(() => document.querySelector("#network").scrollIntoView({ block: "start" }));
    },
    wait: 400,
  },
  {
    name: "settings-hosts",
    query: "profile=live",
    reach: async (page) => {
      await page.click("#go-settings");
      await page.waitForSelector("#set-allowedHosts");
      await page.evaluate(() => document.querySelector("#set-allowedHosts").scrollIntoView({ block: "center" }));
    },
    wait: 400,
  },
];
