/**
 * Made-up grants for tests and pictures: 200,000 by a pattern, each made when it is looked at, with what was changed in this page.
 * Absent on purpose: names of merchants in the search; Rust searches them.
 */
import type { Environment } from "./backend";
import { krn, merchantAt } from "./fake_data";
import type { Pretence } from "./fake_pretence";
import type {
  AccessEvent,
  AccessMerchantRow,
  AccessMerchantView,
  AccessPersonRow,
  AccessRequest,
  ForeseenGrant,
  GrantView,
  GrantWish,
  RevokeWish,
  ViewCounts,
} from "./types";

const DAY = 86_400_000;
const GRANTS = 200_000;
const PERSONS = 60_000;
const MERCHANTS = 10_000;
const FIRST = ["ann", "bo", "cleo", "dan", "elif", "farah", "göran", "hana", "iris", "jonas", "kaisa", "lev"];
const LAST = ["berg", "ek", "dahl", "frisk", "holm", "lind", "nowak", "rossi", "sato", "weiss", "ozturk"];
/** People of whom there are many come after those who have several accesses. */
const LATER = ["nora", "olga", "pia", "quentin", "rasa", "sami", "tove", "ugo", "vera", "wim", "xenia", "yusuf"];
const BY = "5f2c9a1e40b7d863";

const plain = (text: string): string => text.replaceAll("ö", "o");
export const dayAt = (time: number): string => new Date(time).toISOString().slice(0, 10);
const personAt = (index: number): string => {
  const first = index < FIRST.length ? FIRST : LATER;
  const name = `${plain(first[index % first.length] as string)}.${LAST[(index * 5) % LAST.length]}`;
  return index < FIRST.length ? `${name}@bageri-asa.example` : `${name}${index}@shop${index % 997}.example`;
};

export function eventsOf(row: GrantView): AccessEvent[] {
  const base = (seq: number, time: number, kind: string): AccessEvent => ({
    ...{ seq, time, kind, merchantId: row.merchantId, merchantName: row.merchantName, principal: row.principal },
    ...{ roles: row.roles, expiresAt: row.expiresAt, by: BY, byName: "Nora Lind", reason: row.reason },
    ...{ outcome: "succeeded", code: null },
  });
  const seq = 4000 + (Number(row.id.replace(/\D/g, "")) % 200) * 4;
  const events = [base(seq, row.grantedAt, "access.grant")];
  if (row.changedAt !== row.grantedAt && row.revokeAcceptedAt === null)
    events.unshift(base(seq + 2, row.changedAt, "access.update"));
  if (row.revokeAcceptedAt !== null)
    events.unshift({ ...base(seq + 3, row.revokeAcceptedAt, "access.revoke"), roles: [], reason: "left the company" });
  return events;
}

/** The grants: those of the pattern, with what was changed, and those that were made here. */
export class FakeLedger {
  private readonly size: number;
  private readonly changes = new Map<number, Partial<GrantView>>();
  private readonly made: GrantView[] = [];
  private readonly environment: Environment;

  constructor(
    pretence: Pretence,
    private readonly start: number,
  ) {
    this.size = pretence.state === "empty" ? 0 : GRANTS;
    this.environment = pretence.profile;
  }

  at(index: number): GrantView {
    const own = this.made[index - this.size];
    return { ...(own ?? this.pattern(index)), ...this.changes.get(index) };
  }

  merchantName(id: string): string {
    const number = this.merchantNumber(id);
    return number === null ? "" : merchantAt(number, this.environment, this.start).name;
  }

  /** Which grants a question means. Names of merchants are not searched here. */
  find({ view, role, query }: AccessRequest, leavers: Set<string>): { found: number[]; counts: ViewCounts } {
    const counts: ViewCounts = { every: 0, all: 0, expiring: 0, dormant: 0, leavers: 0, admins: 0, ended: 0 };
    const found: number[] = [];
    const wanted = query.trim().toLowerCase();
    for (let place = this.size + this.made.length - 1; place >= 0; place -= 1) {
      // What was made here comes first, then the pattern in its order.
      const index = place >= this.size ? place : this.size - 1 - place;
      if (wanted !== "" && !this.personOf(index).includes(wanted)) continue;
      if (role && !this.rolesOf(index).includes(role)) continue;
      const of = this.viewsOf(index, leavers);
      counts.every += 1;
      for (const one of of) counts[one] += 1;
      if (of.includes(view)) found.push(index);
    }
    return { found, counts };
  }

  persons(found: number[], { first, count }: AccessRequest): AccessPersonRow[] {
    return this.grouped(
      found,
      (index) => this.personOf(index),
      first,
      count,
      (person, rows) => ({
        ...{ person, merchants: new Set(rows.map((row) => row.merchantId)).size, grants: rows.length },
        roles: [...new Set(rows.flatMap((row) => row.roles))].sort(),
        ...sums(rows),
      }),
    );
  }

  merchants(found: number[], { first, count }: AccessRequest): AccessMerchantRow[] {
    return this.grouped(
      found,
      (index) => this.merchantOf(index),
      first,
      count,
      (merchantId, rows) => ({
        ...{ merchantId, name: rows[0]?.merchantName ?? "", reference: rows[0]?.reference ?? "" },
        people: new Set(rows.map((row) => row.person)).size,
        admins: rows.filter((row) => row.roles.includes("merchant:admin")).length,
        ...sums(rows),
      }),
    );
  }

  /** What is meant among what was made here, the first grants, and those at some places of the pattern. */
  of(means: (row: GrantView) => boolean, more: readonly number[] = []): GrantView[] {
    const rows: GrantView[] = this.made.map((_, at) => this.at(this.size + at)).reverse();
    const first = Array.from({ length: Math.min(this.size, 400) }, (_, index) => index);
    for (const index of new Set([...first, ...more])) rows.push(this.at(index));
    return rows.filter(means).slice(0, 60);
  }

  /** Where the pattern has a merchant: seven times a place is the merchant's number, and 7143 is the inverse of seven. */
  private indexesAt(id: string): number[] {
    const number = this.merchantNumber(id);
    if (number === null || this.size === 0) return [];
    return Array.from({ length: 6 }, (_, turn) => ((number * 7143) % MERCHANTS) + turn * MERCHANTS);
  }

  private merchantNumber(id: string): number | null {
    for (let index = 0; index < MERCHANTS; index += 1)
      if (merchantAt(index, this.environment, this.start).id === id) return index;
    return null;
  }

  merchant(id: string): AccessMerchantView {
    const rows = this.of((row) => row.merchantId === id, this.indexesAt(id));
    return {
      merchantId: id,
      name: this.merchantName(id),
      reference: rows[0]?.reference ?? "SE-00417",
      total: rows.length,
      rows,
    };
  }

  meant({ merchantId, principal, onBehalfOf }: RevokeWish): GrantView[] {
    const person = principal.toLowerCase();
    return this.of(
      (row) =>
        row.merchantId === merchantId &&
        row.person === person &&
        row.revokeAcceptedAt === null &&
        (onBehalfOf === null || row.onBehalfOf === onBehalfOf),
    );
  }

  foresee(wish: GrantWish): ForeseenGrant {
    const before = this.meant({ ...wish, principal: wish.email.trim(), onBehalfOf: null, reason: null })[0];
    const after = { roles: wish.roles, expiresAt: wish.expires, inactivity: wish.inactivity };
    const terms = before && { roles: before.roles, expiresAt: before.expiresAt, inactivity: before.inactivity };
    const same = JSON.stringify(terms) === JSON.stringify(after);
    const change = !before ? ("new" as const) : same ? ("already_so" as const) : ("update" as const);
    const known = this.of((row) => row.person === wish.email.trim().toLowerCase()).length > 0;
    return {
      ...{ merchantId: wish.merchantId, merchantName: this.merchantName(wish.merchantId) },
      ...{ principal: wish.email.trim(), change, before: terms ?? null, after, invitation: !known },
    };
  }

  grant(wish: GrantWish, now: number): void {
    const before = this.meant({ ...wish, principal: wish.email.trim(), onBehalfOf: null, reason: null })[0];
    const terms = { roles: wish.roles, expiresAt: wish.expires, inactivity: wish.inactivity, reason: wish.reason };
    if (before) return this.change(before.id, { ...terms, changedAt: now });
    const row = { ...this.pattern(0), ...terms, principal: wish.email.trim(), person: wish.email.trim().toLowerCase() };
    this.made.push({
      ...row,
      ...{ id: `grant-${this.size + this.made.length}`, state: "invited", dormant: false, daysLeft: null },
      ...{ merchantId: wish.merchantId, merchantName: this.merchantName(wish.merchantId), seenAt: null },
      ...{ grantedAt: now, changedAt: now, staff: wish.asStaff, revokeAcceptedAt: null, outBy: null },
    });
  }

  revoke(wish: RevokeWish, now: number): void {
    for (const row of this.meant(wish))
      this.change(row.id, { state: "revoking", revokeAcceptedAt: now, outBy: now + 300_000, changedAt: now });
  }

  private change(id: string, change: Partial<GrantView>): void {
    const index = Number(id.replace("grant-", ""));
    this.changes.set(index, { ...this.changes.get(index), ...change });
  }

  private grouped<Row>(
    found: number[],
    key: (index: number) => string,
    first: number,
    count: number,
    sum: (key: string, rows: GrantView[]) => Row,
  ): Row[] {
    const groups = new Map<string, number[]>();
    for (const index of found) {
      const name = key(index);
      const group = groups.get(name);
      if (group) group.push(index);
      else groups.set(name, [index]);
    }
    const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
    // Only the rows of the window are made; the others are holes of the right number.
    return sorted.map(([name, indexes], place) =>
      place < first || place >= first + count
        ? (undefined as Row)
        : sum(
            name,
            indexes.map((index) => this.at(index)),
          ),
    );
  }

  private personOf(index: number): string {
    return this.made[index - this.size]?.person ?? personAt(index < 24 ? index % 7 : index % PERSONS);
  }

  private rolesOf(index: number): string[] {
    const own = this.changes.get(index)?.roles ?? this.made[index - this.size]?.roles;
    return own ?? [index % 5 === 1 ? "merchant:admin" : "merchant:developer"];
  }

  private merchantOf(index: number): string {
    const own = this.made[index - this.size]?.merchantId;
    return own ?? merchantAt(index < 24 ? index % 9 : (index * 7) % MERCHANTS, this.environment, this.start).id;
  }

  private viewsOf(index: number, leavers: Set<string>): (keyof ViewCounts)[] {
    const revoked = this.changes.get(index)?.revokeAcceptedAt !== undefined || (index < this.size && index % 11 === 4);
    const out = revoked && this.changes.get(index)?.state !== "revoking";
    const views: (keyof ViewCounts)[] = revoked ? ["ended"] : [];
    if (out) return views;
    views.push("all");
    if (this.rolesOf(index).includes("merchant:admin")) views.push("admins");
    if (!revoked && index < this.size && index % 13 === 6) views.push("expiring");
    if (!revoked && index < this.size && index % 17 === 9) views.push("dormant");
    if (leavers.has(this.personOf(index))) views.push("leavers");
    return views;
  }

  private pattern(index: number): GrantView {
    const merchant = merchantAt(index < 24 ? index % 9 : (index * 7) % MERCHANTS, this.environment, this.start);
    const revoked = index % 11 === 4;
    const [expiring, dormant] = [index % 13 === 6, index % 17 === 9];
    const daysLeft = expiring ? 1 + (index % 14) : index % 4 === 0 ? 90 + (index % 200) : null;
    const changedAt = this.start - ((index % 300) * DAY) / 3 - 3_600_000;
    const state = revoked
      ? "revoked"
      : expiring
        ? "expiring"
        : dormant
          ? "lapsed"
          : index % 8 === 3
            ? "invited"
            : "active";
    return {
      id: `grant-${index}`,
      ...{ merchantId: merchant.id, merchantName: merchant.name, reference: merchant.reference },
      ...{ principal: this.personOf(index), person: this.personOf(index), roles: this.rolesOf(index), state },
      onBehalfOf: index % 19 === 7 ? krn(this.environment, "MB6KIE1P") : merchant.id,
      staff: index % 19 === 7,
      expiresAt: daysLeft === null ? null : dayAt(this.start + daysLeft * DAY),
      ...{ daysLeft, inactivity: dormant ? "P30D" : index % 3 === 0 ? "P3M" : null, dormant },
      declared: index % 23 === 5,
      reason: index % 2 === 0 ? "runs the checkout at the shop" : null,
      ...{ grantedBy: BY, grantedAt: changedAt, changedAt },
      seenAt: index % 3 === 1 ? changedAt + 3_000_000 : null,
      revokeAcceptedAt: revoked ? changedAt : null,
      outBy: revoked ? changedAt + 300_000 : null,
    };
  }
}

function sums(rows: GrantView[]): { soonestEnd: string | null; seenAt: number | null; only: string | null } {
  const ends = rows.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt] : [])).sort();
  const seen = rows.flatMap(({ seenAt }) => (seenAt ? [seenAt] : []));
  const only = rows.length === 1 ? (rows[0]?.id ?? null) : null;
  return { soonestEnd: ends[0] ?? null, seenAt: seen.length > 0 ? Math.max(...seen) : null, only };
}
