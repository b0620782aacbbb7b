/**
 * Pictures of the login bridge in Chromium: from the simulated Klarna's login page by the button and by SAML to where each ends, with
 * everything real but Klarna. `cargo build -p gatehouse-bridge`, then `node pages/bridge.mjs`; the pictures go to docs/pictures.
 * Absent on purpose: judging; the tests of crates/bridge do that. What does not come within seconds fails.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { chromium } from "playwright-core";

const root = new URL("../../", import.meta.url).pathname;
const program = process.env.BRIDGE ?? `${root}target/debug/gatehouse-bridge`;
const flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"];

/** Starts the demonstration; answers the process and the login page's address. */
async function demonstration() {
  const demo = spawn(program, ["demo"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const address = await new Promise((found, lost) => {
    demo.on("exit", () => lost(new Error("the demonstration ended before it said where it is")));
    demo.stdout.on("data", (text) => {
      const at = (said += text).match(/login page: (\S+)/);
      if (at) found(at[1]);
    });
  });
  return { demo, address };
}

async function walk(browser, address, { name, by, who, theme, size }) {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const picture = (step) => page.screenshot({ path: `${root}docs/pictures/bridge-${name}-${step}.png` });
  await page.goto(address);
  if (name === "button") await picture("1-login");
  await page.getByRole("link", { name: by }).click();
  await page.fill("input[name=email]", who);
  if (name === "button") await picture("2-provider");
  await page.keyboard.press("Enter");
  if (who.startsWith("ben")) {
    await page.waitForURL("**/choose");
    await picture("3-choice");
    await page.locator("button[name=merchant]").first().click();
  }
  await page.waitForFunction(() => /Session is live|Signed on by SAML|no merchant/.test(document.body.innerText));
  await picture("end");
  await context.close();
}

const { demo, address } = await demonstration();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
const wide = { width: 1280, height: 800 };
const narrow = { width: 900, height: 600 };
const button = /Continue with/;
try {
  await walk(browser, address, { name: "button", by: button, who: "ben@group.example", theme: "light", size: wide });
  await walk(browser, address, { name: "saml", by: /SAML/, who: "ben@group.example", theme: "dark", size: wide });
  await walk(browser, address, {
    name: "nobody",
    by: button,
    who: "zoe@elsewhere.example",
    theme: "light",
    size: narrow,
  });
} finally {
  await browser.close();
  demo.removeAllListeners("exit");
  demo.kill("SIGINT");
}
