/**
 * The pretence of customer tokens: what is asked of the made-up vault, and acts on it. Two tokens can be looked up whole.
 * Absent on purpose: Rust's rules; a text with spaces is refused as no token, so that a sheet can show it.
 */
import type { Backend, CommandError, ErrorCode, Topic } from "./backend";
import { begins, countsOf, isIn, stateAt, storyOf, tokenAt, VAULT } from "./fake_tokens_data";
import { consented, type ConsentCommands } from "./fake_consents";
import { wait, type Pretence } from "./fake_pretence";
import type { ImportCommands } from "./fake_import";
import type { ProofCommands } from "./fake_prove";
import type { ScenarioCommands } from "./fake_scenarios";
import type { TableCommands } from "./fake_tables";
import type { TokenCreateWish, TokenEvent, TokenFound, TokenRow, TokenTold } from "./types";

/** A made-up token that is kept as the first row, one that only the log names. */
export const KEPT_TOKEN = "krn:customer-token:eu1:00000000-0000-4000-8000-000000000001";
export const LOGGED_TOKEN = "krn:customer-token:eu1:00000000-0000-4000-8000-000000000002";
const MINUTE = 60_000;

/** What of a backend is about customer tokens. */
export type TokenCommands = Pick<
  Backend,
  | Exclude<
      Extract<keyof Backend, `token${string}`>,
      keyof ConsentCommands | keyof TableCommands | keyof ImportCommands | keyof ProofCommands | keyof ScenarioCommands
    >
  | Exclude<Extract<keyof Backend, `secretToken${string}`>, keyof TableCommands>
>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const refusal = (code: ErrorCode, message: string, hint: string): CommandError => ({
  code,
  message,
  hint,
  reference: "",
});

/** The vault: the rows of the pattern, with what was changed and what was added. */
class FakeVault {
  readonly changed = new Map<number, Partial<TokenRow>>();
  private readonly lived = new Map<string, TokenEvent[]>();
  private readonly added: TokenRow[] = [];
  readonly size: number;

  constructor(private readonly needs: Needs) {
    this.size = needs.pretence.state === "empty" ? 0 : VAULT;
  }

  at(index: number): TokenRow {
    const row = tokenAt(index, this.needs.pretence.profile, this.needs.now());
    return { ...row, ...this.changed.get(index) };
  }

  /** Newest first: what was added here, then the pattern. */
  *rows(before: string | null): Iterable<[number, () => TokenRow]> {
    const from = before === null ? Infinity : Number(before);
    for (const row of this.added) if (Number(row.id) < from) yield [-1, () => row];
    for (let index = Math.max(0, VAULT - from + 1); index < this.size; index += 1) yield [index, () => this.at(index)];
  }

  get(id: string): TokenRow {
    const own = this.added.find((row) => row.id === id);
    const index = VAULT - Number(id);
    if (own) return own;
    if (index >= 0 && index < this.size) return this.at(index);
    throw refusal(
      "input_invalid",
      "No token of this profile's vault has that number.",
      "Choose the token in the list.",
    );
  }

  change(id: string, change: Partial<TokenRow>, lived: Omit<TokenEvent, "time" | "seq" | "who">): TokenRow {
    const own = this.added.find((row) => row.id === id);
    if (own) Object.assign(own, change);
    else this.changed.set(VAULT - Number(id), { ...this.changed.get(VAULT - Number(id)), ...change });
    this.tell(id, lived);
    this.needs.change("tokens", "audit");
    return { ...this.get(id) };
  }

  tell(id: string, event: Omit<TokenEvent, "time" | "seq" | "who">): void {
    const line = { ...event, time: this.needs.now(), seq: 4_900 + this.lived.size, who: "Nora Lindqvist" };
    this.lived.set(id, [line, ...(this.lived.get(id) ?? [])]);
  }

  story(id: string): TokenEvent[] {
    const own = this.added.some((row) => row.id === id);
    return [...(this.lived.get(id) ?? []), ...(own ? [] : storyOf(this.at(VAULT - Number(id))))];
  }

  add(told: TokenTold, merchant: Pick<TokenRow, "merchantName" | "merchantReference">): TokenRow {
    const made = tokenAt(3 + this.added.length, this.needs.pretence.profile, this.needs.now());
    const id = String(VAULT + 1 + this.added.length);
    const times = { createdAt: null, keptAt: this.needs.now(), usedAt: null, checkedAt: null };
    const told_ = {
      ...told,
      ...merchant,
      ...times,
      state: "UNKNOWN",
      source: "typed",
      endedBy: null,
      supersededBy: null,
    };
    const row = { ...made, ...told_, id } as TokenRow;
    this.added.unshift(row);
    this.tell(id, { kind: "token.add", outcome: "succeeded", told: "typed" });
    this.needs.change("tokens", "audit");
    return { ...row };
  }
}

/** Makes that part. */
export function vaulted(
  needs: Needs,
  merchantOf: (id: string) => { name: string; reference: string },
): TokenCommands & ConsentCommands {
  const vault = new FakeVault(needs);
  const named = (id: string): Pick<TokenRow, "merchantName" | "merchantReference"> => {
    const merchant = merchantOf(id);
    return { merchantName: merchant.name, merchantReference: merchant.reference };
  };
  const kept = {
    made: ({ merchantId, presence, reference, customer, terms }: TokenCreateWish): TokenRow => {
      const told = { merchantId, reference, customer, subscription: terms.subscription?.reference ?? null };
      const { id } = vault.add({ ...told, scopes: [`payment:${presence}`] }, named(merchantId));
      const lived = { kind: "token.create", outcome: "succeeded", told: "created" };
      return vault.change(id, { state: "ACTIVE", source: "created", createdAt: needs.now() }, lived);
    },
    used: (id: string, told: string, outcome: string): TokenRow =>
      vault.change(id, { usedAt: needs.now() }, { kind: "token.charge", outcome, told }),
  };
  return {
    ...{ ...looks(vault, needs), ...acts(vault, needs), ...ends(vault, needs), ...secrets(vault, needs, merchantOf) },
    ...consented(needs, kept, (id) => merchantOf(id).name),
  };
}

function looks(
  vault: FakeVault,
  { answer }: Needs,
): Pick<TokenCommands, "tokensPage" | "tokensCounts" | "tokensCountOf" | "tokenShow" | "tokenStory"> {
  return {
    tokensPage: async ({ view, text, merchantId, before, limit }) => {
      await answer();
      const rows: TokenRow[] = [];
      for (const [index, row] of vault.rows(before)) {
        if (index >= 0 && !vault.changed.has(index) && !isIn(view, stateAt(index))) continue;
        const made = row();
        if (!isIn(view, made.state) || (merchantId && made.merchantId !== merchantId)) continue;
        if (text.trim() !== "" && !begins(made, text)) continue;
        if (rows.length === limit) return { rows, next: rows.at(-1)?.id ?? null };
        rows.push(made);
      }
      return { rows, next: null };
    },
    tokensCounts: () => answer().then(() => countsOf(vault.size, vault.changed)),
    tokensCountOf: async (id) => {
      await answer();
      let many = 0;
      for (const [, row] of vault.rows(null)) {
        many += row().merchantId === id ? 1 : 0;
        if (many >= 12) break;
      }
      return many;
    },
    tokenShow: (id) => answer().then(() => vault.get(id)),
    tokenStory: (id) => answer().then(() => vault.story(id)),
  };
}

function ends(
  vault: FakeVault,
  { pretence, now, answer }: Needs,
): Pick<TokenCommands, "tokenForeseeRevoke" | "tokenRevoke"> {
  return {
    tokenForeseeRevoke: async (id) => {
      await answer();
      const { subscription } = vault.get(id);
      return [
        subscription
          ? `Renewals of subscription ${subscription} will be declined.`
          : "Every charge with this token will be declined.",
      ];
    },
    tokenRevoke: async ({ id, reason }) => {
      await answer();
      await wait(pretence.delay * 120);
      const { family, reference } = vault.get(id);
      const [state, outcome] =
        family === "v1" ? (["PENDING_REVOKE", "unknown"] as const) : (["REVOKED", "succeeded"] as const);
      const row = vault.change(
        id,
        { state, endedBy: "us", checkedAt: now() },
        { kind: "token.revoke", outcome, told: reason },
      );
      const merchantText = `The customer token with the reference ${reference ?? row.fingerprint} can no longer be charged. Klarna accepted its revocation; this is final. Please stop its billing. To charge the customer again, ask for a new consent.`;
      return { row, acceptedAt: now(), verified: family !== "v1", revokedBefore: false, merchantText };
    },
  };
}

function acts(vault: FakeVault, { pretence, now, answer }: Needs): Pick<TokenCommands, "tokenCheck" | "tokenCopy"> {
  return {
    tokenCheck: async (id) => {
      await answer();
      await wait(pretence.delay * 90);
      const { state } = vault.get(id);
      const found =
        state === "UNKNOWN" || state === "UNREACHABLE" ? "ACTIVE" : state === "PENDING_REVOKE" ? "REVOKED" : state;
      const lived = { kind: "token.check", outcome: "succeeded", told: found };
      return { row: vault.change(id, { state: found, checkedAt: now() }, lived), trouble: null, paymentMethod: null };
    },
    tokenCopy: async (id) => {
      await answer();
      vault.change(id, {}, { kind: "token.copy", outcome: "succeeded", told: "" });
      return { until: now() + MINUTE };
    },
  };
}

function secrets(
  vault: FakeVault,
  needs: Needs,
  merchantOf: (id: string) => { name: string; reference: string },
): Pick<TokenCommands, "secretTokenFind" | "secretTokenAdd"> {
  const taken = async (token: string): Promise<string> => {
    await needs.answer();
    const text = token.trim();
    if (text.length >= 8 && !/\s/.test(text)) return text;
    throw refusal(
      "input_invalid",
      text === "" ? "The text is empty." : "This cannot be a token: it has spaces in it, or is too short.",
      "Give the whole token and nothing else, as Klarna handed it out.",
    );
  };
  const found = (token: string): TokenFound => {
    const kept = token === KEPT_TOKEN && vault.size > 0 ? vault.get(String(VAULT)) : null;
    const base = kept ?? tokenAt(token === LOGGED_TOKEN ? 4_000 : 5_000, needs.pretence.profile, needs.now());
    return {
      ...{ hint: base.hint, fingerprint: base.fingerprint, family: base.family, environment: null, kept },
      mistakenFor: token.startsWith("klarna_") ? "an API key" : null,
      otherEnvironment: token.includes(":live:") && needs.pretence.profile !== "live",
      entries: kept ? [4_711, 4_102, 3_998] : token === LOGGED_TOKEN ? [4_201] : [],
    };
  };
  return {
    secretTokenFind: (token) => taken(token).then(found),
    secretTokenAdd: async (token, told) => {
      await taken(token);
      const merchant = told.merchantId ? merchantOf(told.merchantId) : null;
      return vault.add(told, { merchantName: merchant?.name ?? null, merchantReference: merchant?.reference ?? null });
    },
  };
}
