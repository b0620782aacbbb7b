/** Account linking: how a session is said to stand, what is asked before it starts, what goes inward; and data built member by member. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { namedIn } from "../src/audit/entry";
import type { LinkingSession } from "../src/ipc/backend";
import { linked } from "../src/ipc/fake_linking";
import { pretenceFrom } from "../src/ipc/fake_pretence";
import { vaulted } from "../src/ipc/fake_tokens";
import Linking from "../src/linking/Linking.svelte";
import { linking } from "../src/linking/linking.svelte";
import { OrderDraft } from "../src/linking/order.svelte";
import { isOpen, standingOf, stepsOf } from "../src/linking/words";
import { Parts } from "../src/tokens/tools/parts.svelte";

const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLInputElement>(css: string): E => document.querySelector<E>(css) as E;
const text = (css: string): string => part(css)?.textContent?.replace(/\s+/g, " ").trim() ?? "";

async function rest(ms = 200): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
  flushSync();
}

const session = (change: Partial<LinkingSession> = {}): LinkingSession => ({
  ...{
    id: "1",
    sessionId: "s-1",
    merchantId: null,
    merchantName: null,
    sent: null,
    brought: null,
    customer: null,
    country: "SE",
  },
  ...{ currency: "SEK", amount: 12_900, reference: "order-1", startedAt: NOON, openUntil: NOON + 48 * HOUR },
  ...{ orderId: null, orderedAt: null, linking: null },
  ...change,
});

function pretend(query: string): void {
  const needs = {
    pretence: { ...pretenceFrom(query), delay: 0 },
    now: () => Date.now(),
    answer: () => Promise.resolve(),
    change: () => undefined,
  };
  const merchantOf = (): { name: string; reference: string } => ({ name: "Bageri Åsa", reference: "SE-00417" });
  const tokens = vaulted(needs, merchantOf);
  const fake = linked(needs, tokens.tokenShow, merchantOf);
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
}

async function show(query: string): Promise<void> {
  pretend(query);
  Object.assign(linking, { answered: false, sessions: [], terms: null, login: null, chosen: null, problem: null });
  shown = mount(Linking, { target: document.body });
  await rest();
}

beforeEach(() => vi.useFakeTimers({ now: NOON }));

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
  localStorage.clear();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a session", () => {
  it("is open for its time, expired after it, and says what became of the token", () => {
    expect(standingOf(session(), NOON).word).toBe("open, 2 d 0 h");
    expect(isOpen(session(), NOON + 49 * HOUR)).toBe(false);
    expect(standingOf(session(), NOON + 49 * HOUR).word).toBe("expired");
    expect(standingOf(session({ linking: "replaced", orderId: "o" }), NOON).word).toBe("token replaced");
    const none = standingOf(session({ linking: "opted_out", orderId: "o" }), NOON);
    expect([none.word, none.mark]).toEqual(["opted out", "none"]);
    expect(none.what).toContain("Nothing was revoked");
    expect(standingOf(session({ linking: "a_new_word", orderId: "o" }), NOON).word).toBe("a_new_word");
  });

  it("goes step by step, and an order is over whether this window saw the browser or not", () => {
    const done = (of: LinkingSession, opened: boolean): boolean[] => stepsOf(of, opened).map((step) => step.done);
    expect(done(session(), false)).toEqual([true, false, false, false]);
    expect(done(session(), true)).toEqual([true, true, false, false]);
    expect(done(session({ orderId: "o", linking: "same" }), false)).toEqual([true, true, true, true]);
  });
});

describe("an order", () => {
  it("is the sum of its lines, and nothing while one of them is not right", () => {
    const draft = new OrderDraft();
    expect(draft.wrong).toContain("order-name-0");
    Object.assign(draft, { country: "se", currency: "sek" });
    Object.assign(draft.lines[0] as object, { name: "Bread", quantity: "2", price: "45,50" });
    expect([draft.amount, draft.wrong]).toEqual([9_100, []]);
    draft.add();
    expect(draft.amount).toBeNull();
    Object.assign(draft.lines[1] as object, { name: "Milk", quantity: "0", price: "18" });
    expect(draft.wrong).toEqual(["order-quantity-1"]);
    draft.remove(1);
    expect(draft.wish().lines).toEqual([{ name: "Bread", quantity: 2, unitPrice: 4_550 }]);
    draft.locale = "swedish";
    expect(draft.wrong).toEqual(["order-locale"]);
  });

  it("is taken up again as it was", () => {
    const draft = new OrderDraft();
    const order = { country: "SE", locale: "sv-SE", currency: "SEK", reference: "o-1" };
    draft.take({ ...order, lines: [{ name: "Oven", quantity: 1, unitPrice: 1_234_567 }] });
    expect(draft.wish()).toEqual({ ...order, lines: [{ name: "Oven", quantity: 1, unitPrice: 1_234_567 }] });
  });
});

describe("the screen", () => {
  it("asks for terms and log-in first, and no session can be started before", async () => {
    await show("?state=empty");
    expect(part("#linking-start")).toBeNull();
    expect(text("#linking-terms")).toContain("liable");
    part("#linking-accept").click();
    await rest();
    expect(backend.linkingTermsAccept).toHaveBeenCalledOnce();
    part("#linking-login-set").click();
    await rest();
    expect(backend.secretLinkingLogin).not.toHaveBeenCalled();
    part("#linking-user").value = "PK1";
    part("#linking-user").dispatchEvent(new Event("input", { bubbles: true }));
    part("#linking-password").value = "a password";
    part("#linking-login-set").click();
    await rest();
    expect(backend.secretLinkingLogin).toHaveBeenCalledWith("europe", "PK1", "a password");
    expect(text("#linking-login-line")).toContain("PK1");
    expect(document.documentElement.outerHTML).not.toContain("a password");
    expect(part<HTMLButtonElement>("#linking-start").disabled).toBe(false);
  });

  it("places the order with what is pasted, which does not stay, and says an opt-out as one", async () => {
    await show("?profile=sandbox");
    expect(text("#linking-sent")).toContain("need not log in");
    part("#linking-order").click();
    await rest();
    expect(backend.secretLinkingOrder).not.toHaveBeenCalled();
    expect(text("#linking-authorization-says")).toBe("Paste the authorization token.");
    const field = part("#linking-authorization");
    field.value = "none-comes";
    part("#linking-order").click();
    await rest(2_000);
    expect(backend.secretLinkingOrder).toHaveBeenCalledWith("link-0", "none-comes");
    expect(part("#linking-pane").dataset.linking).toBe("opted_out");
    expect(text("#linking-outcome")).toContain("This is no revocation");
    expect(field.value).toBe("");
  });
});

describe("what is built and what is named", () => {
  it("counts entries within their package and leaves out what is not known", () => {
    const parts = new Parts();
    const of = { name: "customer_account_info", members: [{ name: "id", holds: "text" }] };
    for (let at = 0; at < 3; at += 1) parts.add(of);
    (parts.entries[0] as { values: Record<string, string> }).values["id"] = " a ";
    (parts.entries[2] as { values: Record<string, string> }).values["id"] = "b";
    const known = { package: of.name, member: "id" };
    expect(parts.wish()).toEqual([
      { ...known, entry: 0, value: "a" },
      { ...known, entry: 1, value: "b" },
    ]);
  });

  it("finds the token that an entry names, in entries about tokens alone", () => {
    const entry = (kind: string, token: unknown): string => JSON.stringify({ act: "a-1", kind, request: { token } });
    expect(namedIn(entry("token.charge", 7))).toEqual({ act: "a-1", token: "7" });
    expect(namedIn(entry("linking.session", 7)).token).toBe("7");
    expect(namedIn(entry("portal.open", 7)).token).toBeNull();
    expect(namedIn(entry("token.charge", "7; drop")).token).toBeNull();
    expect(namedIn("no JSON")).toEqual({ act: null, token: null });
  });
});
