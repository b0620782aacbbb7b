/** People: what a row says, what a sheet foretells and refuses, what can be taken back; over the made-up ledger. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { dayAfter, daysBetween, isDay } from "../src/access/days";
import GrantSheet from "../src/access/GrantSheet.svelte";
import { held } from "../src/access/held.svelte";
import { Inventory } from "../src/access/inventory.svelte";
import { plans } from "../src/access/plans/plans.svelte";
import { period, revocationText, stateText } from "../src/access/words";
import { dialogs } from "../src/frame/dialogs.svelte";
import type { GrantView } from "../src/ipc/backend";
import { accessed } from "../src/ipc/fake_access";
import { pretenceFrom } from "../src/ipc/fake_pretence";

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

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  const fake = accessed({
    pretence: { ...pretenceFrom(""), delay: 0 },
    now: () => Date.now(),
    answer: () => Promise.resolve(),
    change: () => void held.refresh(),
  });
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
});

afterEach(() => {
  if (shown) unmount(shown);
  shown = null;
  dialogs.close();
  held.list = [];
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("words", () => {
  const revoked = { state: "revoking", revokeAcceptedAt: NOON, outBy: NOON + 300_000 } as GrantView;

  it("never_says_of_a_revocation_that_it_is_done", () => {
    expect(revocationText(revoked, NOON + 1000)).toMatch(/^Accepted \d\d:00\. Certainly out by \d\d:05\.$/);
    expect(revocationText(revoked, NOON + 300_000)).toMatch(/Certainly out since/);
    expect(stateText(revoked, NOON)).toMatch(/^certainly out by/);
  });

  it("says_periods_in_words_and_shows_what_is_none_as_it_is", () => {
    expect([period("P30D"), period("P1M"), period("p3m"), period("P1M2D")]).toEqual([
      "30 days",
      "1 month",
      "3 months",
      "1 month 2 days",
    ]);
    expect(period("thirty")).toBe("thirty");
  });

  it("knows_which_days_there_are", () => {
    expect([isDay("2028-02-29"), isDay("2027-02-29"), isDay("2027-1-1"), isDay("9999-99-99")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
    expect(daysBetween("2026-11-20", "2027-11-20")).toBe(365);
  });
});

describe("the inventory", () => {
  it("shows_the_last_questions_rows_whichever_answer_comes_last", async () => {
    const list = new Inventory();
    list.go({ way: "person", query: "ann" });
    list.go({ query: "bo.lind@" });
    await rest();
    expect(list.total).toBe(1);
    expect(list.row(0)?.kind === "person" && list.row(0)?.row).toMatchObject({ person: "bo.lind@bageri-asa.example" });
  });

  it("counts_200_000_grants_and_fetches_rows_far_down_when_they_are_needed", async () => {
    const list = new Inventory();
    list.go({ way: "role", view: "all" });
    await rest();
    expect(list.counts?.every).toBe(200_000);
    expect(list.row(150_000)).toBeNull();
    list.need(150_000, 150_020);
    await rest();
    expect(list.row(150_000)?.kind).toBe("role");
  });
});

describe("the grant sheet", () => {
  const start = { merchantId: "", merchantName: "", email: "", from: null };

  async function open(over: Partial<Parameters<typeof backend.accessForesee>[0]> = {}): Promise<void> {
    const rows = await backend.accessPage({ view: "all", role: null, query: "", order: "newest", first: 0, count: 1 });
    const merchantId = rows.rows[0]?.merchantId ?? "";
    const merchantName = rows.rows[0]?.merchantName ?? "";
    shown = mount(GrantSheet, {
      target: document.body,
      props: { start: { ...start, merchantId, merchantName, email: over.email ?? "" } },
    });
    await rest();
  }

  it("begins_with_the_least_role_and_foretells_the_invitation_before_anything_is_sent", async () => {
    await open({ email: "new@merchant.example" });
    expect(part("#grant-role-0").checked).toBe(true);
    expect(part("#grant-role-1").checked).toBe(false);
    expect(text("#grant-says")).toContain("Klarna will send an invitation");
    expect(backend.accessGrant).not.toHaveBeenCalled();
  });

  it("shows_a_change_as_a_difference_and_what_is_so_already_cannot_be_sent", async () => {
    await open({ email: "ann.berg@bageri-asa.example" });
    expect(text("#grant-differences")).toContain("→");
    expect(text("#grant-now")).toBe("Change access");
  });

  it("says_at_once_that_an_end_must_lie_in_the_future_and_that_there_is_no_such_day", async () => {
    await open({ email: "new@merchant.example" });
    type("#grant-end", "2026-11-20");
    expect(text("#grant-end-says")).toContain("must lie in the future");
    type("#grant-end", "2027-02-29");
    expect(text("#grant-end-says")).toContain("no such day");
    type("#grant-end", "2028-02-29");
    expect(part("#grant-end").getAttribute("aria-invalid")).toBe("false");
  });

  it("is_sent_once_however_often_it_is_pressed", async () => {
    await open({ email: "new@merchant.example" });
    for (let press = 0; press < 3; press += 1)
      part("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await rest();
    expect(backend.accessGrant).toHaveBeenCalledTimes(1);
    expect(held.open).toHaveLength(1);
  });

  it("becomes_a_plan_of_one_row_where_others_must_sign", async () => {
    const refused = { code: "approval_required", message: "Needs a signature.", hint: "Make a plan.", reference: "" };
    vi.mocked(backend.accessGrant).mockRejectedValueOnce(refused);
    const paste = vi.spyOn(backend, "planPaste").mockResolvedValue({ kind: "plan", plan: "ab", ignored: [] });
    await open({ email: "new@merchant.example" });
    type("#grant-reason", 'says "now", at once');
    const send = (): boolean => part("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    send();
    await rest();
    expect(text("#grant-now")).toBe("Make it a plan");
    send();
    await rest();
    expect(paste).toHaveBeenCalledTimes(1);
    const [header, line] = (paste.mock.calls[0]?.[0] ?? "").split("\n");
    expect(header).toContain('"action","merchant","email","roles"');
    expect(line).toContain('"new@merchant.example","merchant:developer","","","says ""now"", at once"');
    expect(plans.chosen).toBe("ab");
    expect(held.open).toHaveLength(0);
  });
});

describe("what is held", () => {
  it("can_be_taken_back_until_it_is_done", async () => {
    const [row] = (
      await backend.accessPage({ view: "all", role: null, query: "", order: "newest", first: 0, count: 1 })
    ).rows;
    const { merchantId, principal } = row as GrantView;
    held.add(await backend.accessRevoke({ merchantId, principal, onBehalfOf: null, reason: null }));
    await rest(1000);
    expect(held.of(row as GrantView)?.stage).toBe("held");
    await held.undo();
    await rest(6000);
    expect(held.open).toHaveLength(0);
    const [after] = (await backend.accessPerson(principal)).rows;
    expect(after?.revokeAcceptedAt).toBeNull();
  });

  it("is_said_to_whoever_does_not_see_it_with_its_key", async () => {
    held.add({
      ...{ id: "9", deed: "revoke", merchantId: "m", merchantName: "Bageri Åsa", principal: "ann@x.example" },
      ...{ stage: "held", leftMs: 5000, problem: null },
    });
    expect(held.said).toContain("Revoking the access of ann@x.example at Bageri Åsa in 5 seconds");
    expect(held.said).toContain("Control Z");
  });
});
