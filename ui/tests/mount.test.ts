/** Mounting screens again and again leaves nothing in the page, and each one shows its four states. */
import { flushSync, mount, tick, unmount, type Component } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import Audit from "../src/audit/Audit.svelte";
import { question } from "../src/audit/question.svelte";
import { queries } from "../src/frame/queries";
import Keys from "../src/keys/Keys.svelte";
import Sessions from "../src/portal/Sessions.svelte";
import Settings from "../src/settings/Settings.svelte";

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const refusal = { code: "database_busy", message: "It is busy.", hint: "Wait.", reference: "r-7" };

/** Mounts a screen with nothing asked before and returns what takes it away. */
function show(screen: Component): () => Promise<void> {
  const target = document.createElement("div");
  document.body.append(target);
  const mounted = mount(screen, { target });
  flushSync();
  return async () => {
    await unmount(mounted);
    queries.clear();
    target.remove();
  };
}

afterEach(() => {
  document.body.replaceChildren();
  question.forget();
});

describe.each([
  ["sessions", Sessions, "sessionsList"],
  ["audit", Audit, "auditActs"],
  ["keys", Keys, "keysList"],
  ["settings", Settings, "doctor"],
] as const)("%s", (_, screen, question) => {
  it("leaves_no_node_behind_after_200_mounts", async () => {
    const before = document.querySelectorAll("*").length;
    for (let round = 0; round < 200; round += 1) await show(screen)();
    await wait(20);
    expect(document.querySelectorAll("*").length, "the node count is flat").toBe(before);
  }, 60_000);

  it("shows_cause_cure_and_reference_when_it_fails", async () => {
    vi.spyOn(backend, question).mockRejectedValue(refusal);
    const gone = show(screen);
    await wait(30);
    await tick();
    const alert = document.querySelector("[role=alert]");
    expect(alert?.textContent, "cause, cure, reference").toMatch(/It is busy\..*Wait\..*r-7/s);
    expect(
      [...document.querySelectorAll("button")].some((button) => button.textContent === "Try again"),
      "and a retry",
    ).toBe(true);
    await gone();
  });

  it("shows_nothing_for_300_ms_and_then_what_is_waited_for", async () => {
    vi.spyOn(backend, question).mockReturnValue(new Promise<never>(() => undefined));
    const gone = show(screen);
    await wait(100);
    expect(document.querySelector("[aria-busy=true] [role=status]"), "no flicker").toBeNull();
    await wait(320);
    await tick();
    expect(document.querySelector("[aria-busy=true] [role=status]")?.textContent, "then a sentence").toMatch(/…$/);
    await gone();
  });
});
