/** Customer tokens: what a row and a sheet say, what is asked before something ends, what goes inward; over the made-up vault. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { app } from "../src/frame/app_state.svelte";
import { dialogs } from "../src/frame/dialogs.svelte";
import type { ConsentView, TokenRow } from "../src/ipc/backend";
import { pretenceFrom } from "../src/ipc/fake_pretence";
import { KEPT_TOKEN, LOGGED_TOKEN, vaulted } from "../src/ipc/fake_tokens";
import AddSheet from "../src/tokens/AddSheet.svelte";
import { copied } from "../src/tokens/copied.svelte";
import { consentSteps } from "../src/tokens/consents";
import FindSheet from "../src/tokens/FindSheet.svelte";
import { minorOf, moneyText } from "../src/tokens/money";
import RevokeSheet from "../src/tokens/RevokeSheet.svelte";
import { TermsDraft } from "../src/tokens/terms.svelte";
import { Vault } from "../src/tokens/vault.svelte";
import { confirms, cut, eventText, stateText } from "../src/tokens/words";

const NOON = Date.UTC(2026, 10, 20, 12);
let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLInputElement>(css: string): E => document.querySelector<E>(css) as E;
const text = (css: string): string => part(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";

async function rest(ms = 200): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
  flushSync();
}

function type(css: string, value: string): void {
  part(css).value = value;
  part(css).dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

const send = (): boolean => part("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));

async function row(place = 0): Promise<TokenRow> {
  const page = await backend.tokensPage({ view: "all", text: "", merchantId: null, before: null, limit: place + 1 });
  return page.rows[place] as TokenRow;
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOON });
  const fake = vaulted(
    {
      pretence: { ...pretenceFrom("?profile=live"), delay: 0 },
      now: () => Date.now(),
      answer: () => Promise.resolve(),
      change: () => undefined,
    },
    () => ({ name: "Bageri Åsa", reference: "SE-00417" }),
  );
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
  app.state = { ...(await stateOf("live")) };
});

async function stateOf(environment: "live" | "sandbox"): Promise<NonNullable<typeof app.state>> {
  const asked = backend.appState();
  await vi.advanceTimersByTimeAsync(10);
  const state = await asked;
  return { ...state, active: state.active && { ...state.active, environment } };
}

afterEach(() => {
  if (shown) unmount(shown);
  shown = null;
  dialogs.close();
  app.state = null;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("words", () => {
  it("show_the_ends_of_a_token_and_keep_the_head_apart", async () => {
    expect(cut("krn:customer-token:eu1:a1b2…7890")).toEqual(["krn:customer-token:eu1:", "a1b2…7890"]);
    expect(cut("a1b2…7890")).toEqual(["", "a1b2…7890"]);
  });

  it("never_say_of_a_pending_revocation_that_it_is_over", async () => {
    const pending = { ...(await row()), state: "PENDING_REVOKE", endedBy: "us" } as TokenRow;
    expect(stateText(pending, NOON)).toContain("has not said that it is over");
    expect(stateText({ ...pending, state: "REVOKED", endedBy: "customer" }, NOON)).toContain("by the customer");
  });

  it("show_a_kind_that_is_not_known_as_it_is", () => {
    const event = { time: NOON, outcome: "", seq: null, who: null };
    expect(eventText({ ...event, kind: "token.odd", told: "" })).toBe("token.odd");
    expect(eventText({ ...event, kind: "token.check", told: "PENDING_REVOKE" })).toBe("Checked: pending revoke");
  });

  it("take_a_fingerprint_with_or_without_its_spaces", async () => {
    const one = await row();
    expect(confirms(one.fingerprint.toUpperCase(), one)).toBe(true);
    expect(confirms(one.fingerprint.replaceAll(" ", ""), one)).toBe(true);
    expect(confirms("", one)).toBe(false);
  });
});

describe("money", () => {
  it("is_written_with_the_currencys_own_decimals", () => {
    expect([minorOf("129", "SEK"), minorOf("129,9", "SEK"), minorOf("1 129.05", "SEK")]).toEqual([
      12900, 12990, 112905,
    ]);
    expect([minorOf("129.00", "JPY"), minorOf("129", "JPY"), minorOf("0", "EUR")]).toEqual([null, 129, null]);
    expect([minorOf("-1", "EUR"), minorOf("1.234", "EUR"), minorOf("1e3", "EUR")]).toEqual([null, null, null]);
    expect([moneyText(5, "EUR"), moneyText(112905, "SEK"), moneyText(129, "JPY")]).toEqual([
      "0.05 EUR",
      "1,129.05 SEK",
      "129 JPY",
    ]);
  });

  it("is_not_sent_where_only_a_token_is_made", () => {
    const alone = new TermsDraft(
      () => false,
      () => false,
    );
    Object.assign(alone, { currency: "sek", amount: "12", subscription: "S-1", returnUrl: "https://shop.example" });
    expect(alone.wrong).toEqual([]);
    expect(alone.wish()).toMatchObject({ currency: "SEK", amount: null, paymentReference: null });
    alone.presence = "customer_present";
    expect(alone.wrong).toEqual(["terms-average"]);
  });
});

describe("the vault", () => {
  it("fetches_the_next_page_when_its_end_comes_near_and_not_before", async () => {
    const list = new Vault();
    list.refresh();
    await rest();
    expect([list.total, list.known]).toEqual([101, 120_000]);
    list.need(10);
    await rest();
    expect(list.total).toBe(101);
    list.need(80);
    list.need(80);
    await rest();
    expect(list.total).toBe(201);
    expect(list.row(150)?.id).toBe("119850");
  });

  it("shows_the_last_questions_rows_whichever_answer_comes_last", async () => {
    const list = new Vault();
    list.go({ view: "pending" });
    list.go({ view: "suspended" });
    await rest();
    expect(list.row(0)?.state).toBe("SUSPENDED");
  });

  it("does_not_guess_how_many_a_search_finds", async () => {
    const list = new Vault();
    list.go({ query: "sub-2026-1" });
    await rest();
    expect(list.known).toBeNull();
  });

  it("finds_a_token_by_the_beginning_of_its_fingerprint", async () => {
    const wanted = await row(3);
    const list = new Vault();
    list.go({ query: wanted.fingerprint.replaceAll(" ", "").slice(0, 9) });
    await rest();
    expect(list.row(0)?.id).toBe(wanted.id);
  });
});

describe("find by token", () => {
  async function look(token: string): Promise<void> {
    shown = mount(FindSheet, { target: document.body });
    await rest();
    part("#find-secret").value = token;
    send();
    await rest();
  }

  it("empties_the_field_and_shows_what_is_kept_and_logged_but_no_token", async () => {
    await look(KEPT_TOKEN);
    expect(part("#find-secret").value).toBe("");
    expect(text("#find-kept")).toContain("active");
    expect(text("#find-entries")).toContain("3 entries");
    expect(document.body.innerHTML).not.toContain(KEPT_TOKEN);
  });

  it("says_of_one_that_is_not_kept_where_the_log_names_it", async () => {
    await look(LOGGED_TOKEN);
    expect(text("#find-none")).toContain("Not in this profile's vault");
    expect(text("#find-entries")).toContain("#4,201");
  });

  it("says_what_a_text_is_mistaken_for", async () => {
    await look("klarna_live_api_12345678");
    expect(text("#find-result")).toContain("It looks like an API key");
  });
});

describe("add by hand", () => {
  it("sends_the_token_once_and_keeps_it_nowhere", async () => {
    shown = mount(AddSheet, { target: document.body });
    await rest();
    send();
    await rest();
    expect(backend.secretTokenAdd).not.toHaveBeenCalled();
    expect(text("#add-says")).toBe("Paste the whole token.");
    part("#add-secret").value = KEPT_TOKEN;
    type("#add-reference", " crm-1 ");
    send();
    send();
    await rest();
    expect(backend.secretTokenAdd).toHaveBeenCalledTimes(1);
    expect(backend.secretTokenAdd).toHaveBeenCalledWith(KEPT_TOKEN, expect.objectContaining({ reference: "crm-1" }));
  });
});

describe("the revocation", () => {
  async function open(environment: "live" | "sandbox", place = 0): Promise<TokenRow> {
    app.state = await stateOf(environment);
    const one = await row(place);
    shown = mount(RevokeSheet, { target: document.body, props: { row: one } });
    await rest();
    return one;
  }

  it("says_what_will_stop_and_asks_for_a_reason_and_the_fingerprint_before_it_is_sent", async () => {
    const one = await open("live");
    expect(text("#revoke-stops")).toContain(one.subscription ?? "");
    send();
    expect(document.activeElement?.id).toBe("revoke-reason");
    type("#revoke-reason", "the customer asked");
    type("#revoke-typed", "0000");
    send();
    await rest();
    expect(backend.tokenRevoke).not.toHaveBeenCalled();
    expect(document.activeElement?.id).toBe("revoke-typed");
    type("#revoke-typed", one.fingerprint);
    send();
    send();
    await rest();
    expect(backend.tokenRevoke).toHaveBeenCalledTimes(1);
    expect(text("#revoked-says")).toContain("Verified.");
    expect(part<HTMLTextAreaElement>("#revoked-text").value).toContain(one.reference ?? "");
  });

  it("does_not_call_verified_what_klarna_only_accepted", async () => {
    const one = await open("live", 4);
    expect(one.family).toBe("v1");
    type("#revoke-reason", "fraud");
    type("#revoke-typed", one.fingerprint);
    send();
    await rest();
    expect(text("#revoked-says")).toContain("Not seen to be over.");
    expect(text("#revoked-says")).not.toMatch(/verified/i);
  });

  it("demands_no_fingerprint_in_the_sandbox_but_takes_no_wrong_one", async () => {
    await open("sandbox");
    type("#revoke-reason", "practice");
    type("#revoke-typed", "0000");
    send();
    await rest();
    expect(backend.tokenRevoke).not.toHaveBeenCalled();
    type("#revoke-typed", "");
    send();
    await rest();
    expect(backend.tokenRevoke).toHaveBeenCalledTimes(1);
  });
});

describe("what lies on the clipboard", () => {
  it("drains_within_a_minute_and_only_for_its_own_row", () => {
    copied.take("7", NOON + 60_000);
    expect([copied.part("7", NOON), copied.part("7", NOON + 30_000), copied.part("7", NOON + 61_000)]).toEqual([
      1, 0.5, 0,
    ]);
    expect(copied.part("8", NOON)).toBe(0);
  });
});

describe("a customer who is asked", () => {
  it("is_not_said_to_have_a_token_before_it_is_kept", () => {
    const consent = { state: "completed", charge: false, pays: true, tokenId: null, paidAt: null } as ConsentView;
    expect(consentSteps(consent).map(({ done }) => done)).toEqual([true, true, true, false, false]);
  });
});
