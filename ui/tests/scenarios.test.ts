/** The scripted scenarios in the window: each as it ends, ended between two, taken away as a table; over the made-up backend. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { app } from "../src/frame/app_state.svelte";
import { notices } from "../src/frame/dialogs.svelte";
import type { Changed, Environment } from "../src/ipc/backend";
import { pretenceFrom } from "../src/ipc/fake_pretence";
import { scripted } from "../src/ipc/fake_scenarios";
import Scenarios from "../src/tokens/prove/Scenarios.svelte";
import { scenarioRun } from "../src/tokens/prove/scenarios.svelte";
import { trial } from "../src/tokens/prove/trial.svelte";
import { tab } from "../src/tokens/tab.svelte";

let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLElement>(css: string): E | null => document.querySelector<E>(css);
const text = (css: string): string => part(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
const states = (state: string): number => document.querySelectorAll(`[data-step="${state}"]`).length;

async function rest(ms = 50): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
  flushSync();
}

async function press(css: string): Promise<void> {
  part(css)?.click();
  await rest(10);
}

async function show(environment: Environment = "sandbox"): Promise<void> {
  vi.spyOn(app, "environment", "get").mockReturnValue(environment);
  const heard = new Set<(changed: Changed) => void>();
  const fake = scripted({
    pretence: pretenceFrom("?delay=1"),
    now: () => Date.now(),
    answer: () => Promise.resolve(),
    change: (...topics) => heard.forEach((hear) => hear({ topics })),
  });
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
  vi.spyOn(backend, "onChanged").mockImplementation((hear) => {
    heard.add(hear);
    return () => heard.delete(hear);
  });
  shown = mount(Scenarios, { target: document.body });
  await rest();
}

beforeEach(() => {
  vi.useFakeTimers();
  [scenarioRun.view, trial.tried] = [null, false];
  trial.returnUrl = "https://shop.example/back";
  trial.merchant = { merchantId: "krn:partner:global:account:test:MB6KIE1P", merchantName: "Bageri Åsa" };
});

afterEach(() => {
  if (shown) unmount(shown);
  shown = null;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("the scenarios", () => {
  it("show_all_twenty_before_and_each_as_it_ends", async () => {
    await show();
    expect(states("later")).toBe(20);
    await press("#scenarios-begin");
    await rest(160);
    expect([states("good"), states("now"), states("later")]).toEqual([1, 1, 18]);
    expect(text("#scenarios-run")).toContain("1 of 20 have ended.");
    await rest(4_000);
    expect(text("#scenarios-verdict")).toContain("All 20 are as they must be");
    expect(states("good")).toBe(20);
  });

  it("say_how_many_are_not_as_they_must_be_and_are_saved_and_copied_all_the_same", async () => {
    trial.returnUrl = "https://shop.example/refuse";
    await show();
    await press("#scenarios-begin");
    await rest(4_000);
    expect(text("#scenarios-verdict")).toContain("2 scenarios are not as they must be");
    const said = vi.spyOn(notices, "say");
    await press("#scenarios-csv");
    expect(backend.tokensScenariosSave).toHaveBeenCalledWith("csv");
    expect(said.mock.calls[0]?.[0]).toBe("Saved as gatehouse-token-scenarios.csv. No token is in it.");
    const written = vi.fn<(text: string) => Promise<void>>().mockResolvedValue();
    vi.stubGlobal("navigator", { clipboard: { writeText: written } });
    await press("#scenarios-copy");
    vi.unstubAllGlobals();
    const lines = written.mock.calls[0]?.[0].split("\n") ?? [];
    expect(lines).toHaveLength(21);
    expect(lines[9]).toBe("9\ta revoked token, charged\tdeclined for good\tApproved\tno");
  });

  it("end_after_the_one_under_way_and_can_be_run_again", async () => {
    await show();
    await press("#scenarios-begin");
    await rest(310);
    await press("#scenarios-stop");
    expect(part<HTMLButtonElement>("#scenarios-stop")?.disabled).toBe(true);
    await rest(500);
    expect(text("#scenarios-verdict")).toContain("Ended after 3 of 20: those are as they must be");
    await press("#scenarios-anew");
    expect(states("later")).toBe(20);
    expect(part("#scenarios-begin")).not.toBeNull();
  });

  it("are_not_begun_without_a_merchant", async () => {
    trial.merchant = { merchantId: "", merchantName: "" };
    await show();
    await press("#scenarios-begin");
    expect(backend.tokensScenarios).not.toHaveBeenCalled();
    expect(text("#grant-merchant-says")).toBe("Choose one merchant of the list.");
  });

  it("are_refused_in_test_with_what_to_do_instead", async () => {
    await show("test");
    expect(document.body.textContent).toContain("For a sandbox alone");
    expect(part("#scenarios-begin")).toBeNull();
    await press("#scenarios-prove");
    expect(tab.shown).toBe("prove");
  });

  it("that_could_not_go_on_say_why_above_the_form", async () => {
    await show();
    const problem = {
      code: "merchant_unknown",
      message: "No such merchant.",
      hint: "Choose another.",
      reference: null,
    };
    const view = { ...(scenarioRun.view as NonNullable<typeof scenarioRun.view>), problem };
    vi.spyOn(backend, "tokensScenariosLook").mockResolvedValue(view as never);
    await scenarioRun.look();
    await rest();
    expect(text("[data-code]")).toContain("No such merchant.");
    expect(part("#scenarios-form")).not.toBeNull();
  });
});
