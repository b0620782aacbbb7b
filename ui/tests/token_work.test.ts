/** Imports and proofs: what becomes of rows is shown before anything is kept; each step of a proof as it ends; over the made-up backend. */
import { flushSync, mount, tick, unmount, type Component } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { app } from "../src/frame/app_state.svelte";
import { notices } from "../src/frame/dialogs.svelte";
import type { Changed } from "../src/ipc/backend";
import { pretenceFrom } from "../src/ipc/fake_pretence";
import { proven } from "../src/ipc/fake_prove";
import { tabled } from "../src/ipc/fake_tables";
import { tooled } from "../src/ipc/fake_tools";
import ScopeAdvice from "../src/tokens/ScopeAdvice.svelte";
import Prove from "../src/tokens/prove/Prove.svelte";
import { proving } from "../src/tokens/prove/proof.svelte";
import { trial } from "../src/tokens/prove/trial.svelte";
import Import from "../src/tokens/tables/Import.svelte";
import { importing } from "../src/tokens/tables/import.svelte";
import Webhook from "../src/tokens/tools/Webhook.svelte";

let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLElement>(css: string): E | null => document.querySelector<E>(css);
const text = (css: string): string => part(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";

async function rest(ms = 50): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
  flushSync();
}

async function press(css: string): Promise<void> {
  part(css)?.click();
  await rest();
}

async function show(screen: Component, delay: number): Promise<void> {
  const heard = new Set<(changed: Changed) => void>();
  const needs = {
    pretence: { ...pretenceFrom("?profile=test"), delay },
    now: () => Date.now(),
    answer: () => Promise.resolve(),
    change: (...topics: Changed["topics"]) => heard.forEach((hear) => hear({ topics })),
  };
  const fake = { ...tabled(needs), ...proven(needs) };
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
  vi.spyOn(backend, "tokenConsentOpen").mockResolvedValue(true);
  vi.spyOn(backend, "onChanged").mockImplementation((hear) => {
    heard.add(hear);
    return () => heard.delete(hear);
  });
  shown = mount(screen, { target: document.body });
  await rest();
}

beforeEach(() => {
  vi.useFakeTimers();
  [importing.view, proving.view, trial.tried] = [null, null, false];
  trial.merchant = { merchantId: "krn:partner:global:account:test:MB6KIE1P", merchantName: "Bageri Åsa" };
});

afterEach(() => {
  if (shown) unmount(shown);
  shown = null;
  app.state = null;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("an import", () => {
  it("shows_what_becomes_of_rows_before_anything_is_kept", async () => {
    await show(Import, 0);
    await press("#table-choose");
    await rest(500);
    expect(text("#import-begin")).toBe("Import 98,543 tokens");
    expect(backend.tokensImport).not.toHaveBeenCalled();
    await press("#fate-bad");
    expect(text("#fate-what")).toContain("cannot be used");
    expect(backend.tokensImportRows).toHaveBeenLastCalledWith({ fate: "bad", first: 0, count: 100 });
  });

  it("is_told_at_its_end", async () => {
    await show(Import, 0);
    await press("#table-choose");
    await rest(500);
    await press("#import-begin");
    await rest(500);
    expect(text("#tokens-imported")).toContain("Taken in: billing-tokens-2026-11.csv");
  });

  it("that_was_ended_says_what_stays_and_goes_on", async () => {
    await show(Import, 1);
    await press("#table-choose");
    await rest(3_000);
    await press("#import-begin");
    await rest(300);
    expect(text("#import-done")).toContain("10 %");
    await press("#import-stop");
    expect(text("#tokens-imported")).toContain("Ended before its end");
    await press("#import-again");
    await rest(3_000);
    expect(text("#tokens-imported")).toContain("Taken in");
  });
});

describe("a proof", () => {
  it("opens_the_customers_page_once_and_shows_each_step_as_it_ends", async () => {
    await show(Prove, 1);
    await press("#prove-begin");
    expect(document.querySelectorAll('[data-step="good"]')).toHaveLength(1);
    expect(text('[data-step="now"]')).toContain("waiting for the customer");
    await rest(5_000);
    expect(backend.tokenConsentOpen).toHaveBeenCalledOnce();
    expect(text("#proof-verdict")).toContain("The integration is proven");
    expect(document.querySelectorAll('[data-step="good"]')).toHaveLength(6);
  });

  it("that_fails_says_which_step_and_is_saved_all_the_same", async () => {
    trial.returnUrl = "https://shop.example/refuse";
    await show(Prove, 1);
    await press("#prove-begin");
    await rest(5_000);
    expect(text("#proof-verdict")).toContain("one step is not as it must be");
    const said = vi.spyOn(notices, "say");
    await press("#prove-pdf");
    expect(backend.tokensProofSave).toHaveBeenCalledWith("pdf");
    expect(said.mock.calls[0]?.[0]).toBe("Saved as gatehouse-proof.pdf. No token is in it.");
  });

  it("is_not_begun_without_a_merchant_or_an_address", async () => {
    trial.merchant = { merchantId: "", merchantName: "" };
    trial.returnUrl = "shop";
    await show(Prove, 0);
    await press("#prove-begin");
    expect(backend.tokensProve).not.toHaveBeenCalled();
    expect(text("#trial-return-says")).toBe("Give the whole address, https://…");
  });
});

describe("a webhook", () => {
  it("names_its_key_in_the_headers_and_a_key_in_the_body_is_none", async () => {
    await show(Webhook, 0);
    const field = part<HTMLTextAreaElement>("#webhook-text") as HTMLTextAreaElement;
    const paste = async (pasted: string): Promise<void> => {
      field.value = pasted;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await rest();
    };
    await paste("POST / HTTP/1.1\nhost: x\n\nKlarna-Signing-Key-Id: from-the-body");
    expect(part<HTMLInputElement>("#webhook-key-id")?.value).toBe("");
    await paste("klarna-signing-key-id: key-7 \r\nklarna-signature: 00\r\n\r\n{}");
    expect(part<HTMLInputElement>("#webhook-key-id")?.value).toBe("key-7");
    expect(text("#webhook-key-id-says")).toBe("Read from the headers.");
  });

  it("that_is_old_or_came_before_says_so", async () => {
    await show(Webhook, 0);
    const fake = tooled(() => Promise.resolve());
    vi.spyOn(backend, "secretWebhookExamine").mockImplementation(fake.secretWebhookExamine);
    (part<HTMLTextAreaElement>("#webhook-text") as HTMLTextAreaElement).value = "old again";
    const type = (css: string, value: string): void => {
      (part<HTMLInputElement>(css) as HTMLInputElement).value = value;
      part(css)?.dispatchEvent(new Event("input", { bubbles: true }));
    };
    type("#webhook-key-id", "key-1");
    type("#webhook-key", "a key");
    await press("#webhook-run");
    expect(text("#webhook-age")).toContain("later than Klarna repeats");
    expect(text("#webhook-before")).toContain("A duplicate");
    expect(part("#webhook-take"), "there is nothing to take in").toBeNull();
  });
});

describe("the scope that fits", () => {
  it("is_said_in_the_cores_words_for_what_was_answered", async () => {
    vi.spyOn(backend, "tokenScopeAdvice").mockImplementation(
      proven({ pretence: pretenceFrom(""), now: () => 0, answer: () => Promise.resolve(), change: () => undefined })
        .tokenScopeAdvice,
    );
    shown = mount(ScopeAdvice, { target: document.body, props: { there: false, fixed: false } });
    await rest();
    expect(text("#scope-advice")).toContain("Amounts that vary are declined more often");
  });
});
