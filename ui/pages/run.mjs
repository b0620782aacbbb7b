/**
 * Page tests: every screen and state in Chromium against the in-memory backend, in light and dark, wide and narrow, under the app's
 * content security policy and a frozen Object.prototype; a picture of each, axe on each, and the journeys that need a real page.
 * Absent on purpose: Rust. What is allowed is tested where it is decided.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { build, preview } from "vite";
import { chromium } from "playwright-core";
import { journeys } from "./journeys.mjs";
import { hold, makeAnswers, pictureJourneys, QUERIES, same } from "./picture.mjs";
import { shots } from "./shots.mjs";

const out = new URL("../pictures-out/", import.meta.url).pathname;
const root = new URL("..", import.meta.url).pathname;
const axeText = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const only = process.argv.slice(2);
const failures = [];

const flags = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"];
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];

/** Opens a page as the app's window would be: frozen prototype, no console errors, no policy violations. */
async function open(browser, { width, height, theme = "light", query = "", answers }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: "en-GB",
    timezoneId: "Europe/Stockholm",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript(() => Object.freeze(Object.prototype));
  const letGo = answers && (await hold(page, answers));
  await page.goto(`${base}?${query}`, { waitUntil: answers ? "commit" : "load" });
  return { page, context, complaints, letGo };
}

/** Runs axe through the debugger, which the page's policy does not reach, and returns what is serious. */
async function axe(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axeText });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations
      .filter((v) => ["serious", "critical"].includes(v.impact))
      .map((v) => ({ id: v.id, nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + " :: " + n.failureSummary.split("\\n")[1]) }))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}

async function shoot(browser, shot, size, theme) {
  const name = `${shot.name}-${theme}-${size.width}`;
  const { page, context, complaints } = await open(browser, { ...size, theme, query: shot.query });
  try {
    await shot.reach?.(page, size);
    await page.waitForTimeout(shot.wait ?? 250);
    await page.screenshot({ path: `${out}${name}.png` });
    for (const found of await axe(page)) failures.push(`${name}: axe ${found.id}\n    ${found.nodes.join("\n    ")}`);
  } catch (error) {
    await page.screenshot({ path: `${out}${name}-broken.png` });
    failures.push(`${name}: ${error}`);
  }
  for (const complaint of complaints) failures.push(`${name}: ${complaint}`);
  await context.close();
}

/** The first picture beside the app that takes its place. */
async function pair(browser, answers, query, size, theme) {
  const name = `first-picture-${query.replace("profile=", "")}-${theme}-${size.width}`;
  const given = await answers.of(query);
  const { page, context, complaints, letGo } = await open(browser, { ...size, theme, query, answers: given });
  const look = async () => {
    for (const found of await axe(page)) failures.push(`${name}: axe ${found.id}\n    ${found.nodes.join("\n    ")}`);
  };
  try {
    await same(page, letGo, name, out, look);
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.push(`${name}: ${error}`);
  }
  for (const complaint of complaints) failures.push(`${name}: ${complaint}`);
  await context.close();
}

async function takeOver(browser, answers, [name, { play, change }]) {
  const given = await answers.of("", change);
  const { page, context, complaints, letGo } = await open(browser, { ...sizes[0], answers: given });
  try {
    await play(page, letGo);
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.push(`"${name}": ${error}`);
  }
  for (const complaint of complaints) failures.push(`"${name}": ${complaint}`);
  await context.close();
}

async function travel(browser, [name, journey]) {
  const { page, context, complaints } = await open(browser, { ...sizes[0], query: journey.query ?? "" });
  try {
    await journey(page);
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.push(`journey "${name}": ${error}`);
  }
  for (const complaint of complaints) failures.push(`journey "${name}": ${complaint}`);
  await context.close();
}

const wanted = (name) => only.length === 0 || only.some((part) => name.includes(part));

if (!process.env.PAGES_KEEP_BUILD) await build({ root, mode: "fake", logLevel: "warn" });
const server = await preview({ root, mode: "fake", build: { outDir: "dist-fake" }, logLevel: "warn" });
const base = server.resolvedUrls.local[0];
const answers = await makeAnswers(root);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
try {
  if (only.length === 0) await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const entry of Object.entries(journeys)) if (wanted(entry[0])) await travel(browser, entry);
  for (const entry of Object.entries(pictureJourneys)) if (wanted(entry[0])) await takeOver(browser, answers, entry);
  if (wanted("first-picture"))
    for (const query of QUERIES)
      for (const theme of ["light", "dark"]) for (const size of sizes) await pair(browser, answers, query, size, theme);
  for (const shot of shots.filter(({ name }) => wanted(name)))
    for (const theme of ["light", "dark"]) for (const size of sizes) await shoot(browser, shot, size, theme);
} finally {
  await browser.close();
  await server.close();
  await answers.close();
}
console.log(`${failures.length} failures; pictures in ui/pictures-out`);
for (const failure of failures) console.error(`FAIL  ${failure}`);
process.exit(failures.length === 0 ? 0 : 1);
