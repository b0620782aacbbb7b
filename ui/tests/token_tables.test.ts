/** Tables of tokens: how one comes in, what comparing it says and asks, and what a row leads to; over the made-up table. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { notices } from "../src/frame/dialogs.svelte";
import { pretenceFrom } from "../src/ipc/fake_pretence";
import { tabled } from "../src/ipc/fake_tables";
import type { Changed } from "../src/ipc/backend";
import Reconcile from "../src/tokens/tables/Reconcile.svelte";
import { reconciling } from "../src/tokens/tables/reconcile.svelte";
import { table } from "../src/tokens/tables/table.svelte";
import { secondsLeft, sizeText } from "../src/tokens/tables/words";

let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLElement>(css: string): E | null => document.querySelector<E>(css);
const text = (css: string): string => part(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";

async function rest(ms = 50): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
  flushSync();
}

function press(css: string): void {
  part(css)?.click();
  flushSync();
}

function show(delay: number): void {
  const heard = new Set<(changed: Changed) => void>();
  const fake = tabled({
    pretence: { ...pretenceFrom("?profile=live"), delay },
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
  shown = mount(Reconcile, { target: document.body });
  flushSync();
}

beforeEach(() => {
  vi.useFakeTimers();
  [reconciling.view, reconciling.rate, reconciling.ask] = [null, "2", true];
});

afterEach(() => {
  if (shown) unmount(shown);
  shown = null;
  table.over = false;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function compared(delay = 0): Promise<void> {
  show(delay);
  await rest();
  press("#table-choose");
  await rest();
  press("#reconcile-begin");
  await rest();
}

describe("a table", () => {
  it("comes_by_the_dialog_and_waits_with_its_name", async () => {
    show(0);
    await rest();
    press("#table-choose");
    await rest();
    expect(text("#table-file")).toContain("billing-tokens-2026-11.csv");
    expect(text("#table-file")).toContain("1.3 MB");
  });

  it("comes_by_a_drop_and_the_place_lights_up_before", async () => {
    show(0);
    await rest();
    document.dispatchEvent(new CustomEvent("fake:tell", { detail: "over" }));
    flushSync();
    expect(text("#table-place")).toContain("Let go");
    document.dispatchEvent(new CustomEvent("fake:tell", { detail: "dropped" }));
    await rest();
    expect(backend.tokenTableDropped).toHaveBeenCalledOnce();
    expect(part("#reconcile-form")).not.toBeNull();
  });

  it("is_not_compared_at_a_pace_that_is_none", async () => {
    show(0);
    await rest();
    press("#table-choose");
    await rest();
    reconciling.rate = "51";
    flushSync();
    press("#reconcile-begin");
    await rest();
    expect(backend.tokensReconcile).not.toHaveBeenCalled();
    expect(text("#reconcile-rate-says")).toBe("Write a number from 1 to 50.");
  });
});

describe("a comparison", () => {
  it("says_how_far_it_is_and_waits_when_it_is_held", async () => {
    await compared(1);
    await rest(300);
    expect(text("#reconcile-done")).toBe("784 of 9,412 tokens, 8 %");
    press("#reconcile-hold");
    await rest();
    await rest(5_000);
    expect(text("#reconcile-done"), "nothing goes on").toBe("784 of 9,412 tokens, 8 %");
    press("#reconcile-go-on");
    await rest(10_000);
    expect(text("#reconcile-found")).toContain("348 differences");
  });

  it("that_was_ended_goes_on_without_asking_twice", async () => {
    await compared(1);
    await rest(300);
    press("#reconcile-stop");
    await rest();
    expect(text("#reconcile-stopped")).toContain("ended before its end");
    reconciling.again = true;
    press("#reconcile-stopped button");
    await rest();
    expect(backend.tokensReconcile).toHaveBeenLastCalledWith({ ask: true, perSecond: 2, again: false });
  });

  it("shows_one_kind_with_what_to_do_and_saves_that_kind", async () => {
    await compared();
    await rest(500);
    press("#difference-ended_but_billed");
    await rest();
    expect(text("#difference-cure")).toContain("will be declined");
    const said = vi.spyOn(notices, "say");
    press("#reconcile-save");
    await rest();
    expect(backend.tokensReconcileSave).toHaveBeenCalledWith("ended_but_billed");
    expect(said.mock.calls[0]?.[0]).toContain("No token is in it");
  });
});

describe("words", () => {
  it("tell_sizes_and_what_is_left", () => {
    expect([sizeText(12), sizeText(4_096), sizeText(12_000_000)]).toEqual(["12 bytes", "4 kB", "12.0 MB"]);
    const far = { file: "", done: 10, total: 30, asked: 10, held: false, stopping: false };
    expect(secondsLeft(far, 2)).toBe(10);
  });
});
