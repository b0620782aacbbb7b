/**
 * A person without a pointer: goes by Tab, and sees the focus wherever it comes.
 * Absent on purpose: where to go; each screen's journeys say that.
 */
import assert from "node:assert/strict";

/** Where the focus is: an id, or what it is. */
export const focus = (page) =>
  page.evaluate(() => {
    const { tagName, id } = document.activeElement;
    return id || tagName.toLowerCase();
  });

/** Waits until something has the focus; it is drawn as a ring, and is in sight. */
export async function seen(page, css) {
  await page.waitForFunction((css) => document.activeElement?.matches(css), css);
  const [ring, inside] = await page.evaluate(() => {
    const at = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const { top, bottom } = at.getBoundingClientRect();
    return [outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, top < innerHeight && bottom > 0];
  });
  assert.ok(ring, `${css}: the focus is seen`);
  assert.ok(inside, `${css}: and is in sight`);
}

/** Presses Tab until the focus is there. */
export async function tabTo(page, css, key = "Tab", most = 60) {
  for (let step = 0; step < most; step += 1) {
    if (await page.evaluate((css) => document.activeElement?.matches(css), css)) return seen(page, css);
    await page.keyboard.press(key);
  }
  assert.fail(`${key} never reaches ${css}; it is on ${await focus(page)}`);
}

/** Goes there and presses Enter. */
export async function press(page, css) {
  await tabTo(page, css);
  await page.keyboard.press("Enter");
}
