/** What changes before anybody listens is not lost: a first run may be asked to make the sandbox while the page still loads. */
import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import { backend } from "#backend";
import App from "../src/frame/App.svelte";
import { app } from "../src/frame/app_state.svelte";
import { directory } from "../src/merchants/directory.svelte";
import { queries } from "../src/frame/queries";

const until = (holds: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(holds()).toBe(true), { timeout: 12_000 });

afterEach(() => {
  queries.clear();
  document.body.replaceChildren();
});

it("a_profile_that_was_made_before_the_window_listened_is_shown", async () => {
  const now = await backend.appState();
  // What it asks for next is answered once the first screen was there, however long a loaded machine took to fetch it.
  let seen = (): void => undefined;
  const after = new Promise<void>((done) => (seen = done));
  vi.spyOn(backend, "appState")
    .mockResolvedValueOnce({ ...now, firstRun: true, active: null, profiles: [] })
    .mockImplementation(() => after.then(() => now));
  const unmade = { code: "profile_missing", message: "No profile", hint: "", reference: "" };
  vi.spyOn(backend, "merchantsSearch").mockRejectedValueOnce(unmade);
  app.start();
  directory.start();
  const shown = mount(App, { target: document.body });
  flushSync();
  await until(() => document.body.textContent.includes("Try the sandbox"));
  seen();
  await until(() => !document.body.textContent.includes("Try the sandbox") && document.querySelector("main") !== null);
  await until(() => document.querySelector("[data-merchant]") !== null);
  await unmount(shown);
}, 40_000);
