/**
 * The pretence of account linking: a few sessions that ended in each way, and new ones; a few words in the authorization choose how.
 * Absent on purpose: Klarna's rules, and the page of the purchase.
 */
import type { Backend, CommandError, ErrorCode, Topic } from "./backend";
import { merchantAt } from "./fake_data";
import { builtOf, drawn, PACKAGES } from "./fake_linking_calls";
import { wait, type Pretence } from "./fake_pretence";
import type {
  LinkedOrder,
  LinkingBackend,
  LinkingSession,
  LinkingTerms,
  LinkingWish,
  LinkingWord,
  OrderWish,
  PaymentsLogin,
  TokenRow,
} from "./types";

export type LinkingCommands = Pick<Backend, keyof LinkingBackend>;

interface Needs {
  pretence: Pretence;
  now: () => number;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

const HOUR = 3_600_000;
const OPEN = 48 * HOUR;
const TEXT =
  "A linked customer's token opens that customer's account at Klarna without a log-in. Klarna's terms make whoever stores it liable for purchases that somebody else makes with it (account takeover). Store it for a customer who is logged in at the shop only, never show it, replace it whenever an order's answer brings another one, and keep it when an answer brings none: the customer opted out of linking, and nothing was revoked.";
const MEANINGS: Record<LinkingWord, string> = {
  linked: "The customer linked the account; the token is kept.",
  same: "The customer's token is still the same.",
  replaced: "Klarna sent another token; it took the place of the old one, which is kept as replaced.",
  opted_out: "Klarna sent no token: the customer opted out of linking. What is kept stays, and nothing was revoked.",
};
/** Hours ago, with a stored token, how it ended. */
const PAST: [number, boolean, LinkingWord | null][] = [
  [0.2, true, null],
  [5, false, "linked"],
  [9, true, "replaced"],
  [20, true, "same"],
  [26, true, "opted_out"],
  [50, false, null],
  [71, false, "linked"],
];

const refusal = (code: ErrorCode, message: string, hint: string): CommandError => ({
  ...{ code, message, hint, reference: "" },
});

class Linkings {
  login: PaymentsLogin | null;
  accepted: boolean;
  sessions: LinkingSession[] = [];
  private asked = 0;

  constructor(
    private readonly needs: Needs,
    private readonly token: (id: string) => Promise<TokenRow>,
    private readonly merchantOf: (id: string) => { name: string },
  ) {
    const empty = needs.pretence.state === "empty";
    this.accepted = !empty;
    this.login = empty ? null : { region: "europe", user: "PK04711_8f3a2c", host: this.host("europe") };
    if (!empty) this.sessions = PAST.map((past, index) => this.past(index, past));
  }

  host(region: string): string {
    const { profile } = this.needs.pretence;
    if (profile === "sandbox") return "https://127.0.0.1:8443";
    const part = { europe: "", north_america: "-na", oceania: "-oc" }[region] ?? "";
    return `https://api${part}${profile === "live" ? "" : ".playground"}.klarna.com`;
  }

  terms(): LinkingTerms {
    const hosts = ["europe", "north_america", "oceania"].map((region) => ({ region, host: this.host(region) }));
    return { text: TEXT, accepted: this.accepted, hosts };
  }

  private past(index: number, [hours, sent, linking]: (typeof PAST)[number]): LinkingSession {
    const { profile } = this.needs.pretence;
    const merchant = merchantAt(index * 13, profile, this.needs.now());
    const startedAt = this.needs.now() - hours * HOUR;
    return {
      id: `link-${index}`,
      sessionId: `0f9a1c2e-7b1d-4c55-9a0e-3f1d2c4b5a${60 + index}`,
      merchantId: merchant.id,
      merchantName: merchant.name,
      sent: null,
      brought: null,
      customer: `cust-${20_417 + index * 311}`,
      ...{ country: "SE", currency: "SEK", amount: 12_900 + index * 4_550, reference: `order-2026-${1_042 - index}` },
      ...{ startedAt, openUntil: startedAt + OPEN, linking },
      orderId: linking ? `ea6f1c1e-0000-4000-8000-00000000000${index}` : null,
      orderedAt: linking ? startedAt + 4 * 60_000 : null,
      ...(sent ? { sentId: String(120_000 - 5 - index * 7) } : {}),
    } as LinkingSession;
  }

  /** The sessions, with the rows of the tokens that went with them. */
  async list(): Promise<LinkingSession[]> {
    const whole = this.sessions.map(async (session) => {
      const { sentId } = session as LinkingSession & { sentId?: string };
      const sent = sentId ? await this.token(sentId) : session.sent;
      const came = session.linking !== null && session.linking !== "opted_out";
      return { ...session, sent, brought: session.brought ?? (came ? (sent ?? (await this.token("119995"))) : null) };
    });
    return Promise.all(whole);
  }

  async start({ merchantId, tokenId, customer, order }: LinkingWish): Promise<LinkingSession> {
    if (!this.accepted) throw refusal("linking_terms", "The terms were not accepted.", "Read and accept them.");
    if (!this.login) throw refusal("payments_login_missing", "There is no log-in of payments v1.", "Set it first.");
    const id = `link-new-${(this.asked += 1)}`;
    const now = this.needs.now();
    const session: LinkingSession = {
      ...{ id, merchantId, customer, orderId: null, orderedAt: null, linking: null, startedAt: now },
      sessionId: `7c1d2e3f-0000-4000-8000-0000000000${10 + this.asked}`,
      merchantName: merchantId ? this.merchantOf(merchantId).name : null,
      sent: tokenId ? await this.token(tokenId) : null,
      brought: null,
      ...{ country: order.country, currency: order.currency, reference: order.reference, openUntil: now + OPEN },
      amount: order.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
    };
    this.sessions.unshift(session);
    this.needs.change("tokens", "audit");
    return { ...session };
  }

  get(id: string): LinkingSession {
    const found = this.sessions.find((session) => session.id === id);
    if (found) return found;
    throw refusal("consent_unknown", "No linking session has that number.", "Look at the list of sessions.");
  }

  async update(id: string, order: OrderWish | null): Promise<LinkingSession> {
    const session = this.get(id);
    if (order) {
      const { country, currency, reference, lines } = order;
      const amount = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
      Object.assign(session, { country, currency, reference, amount });
    }
    this.needs.change("tokens", "audit");
    return { ...((await this.list()).find((one) => one.id === id) ?? session) };
  }

  async order(id: string, authorization: string): Promise<LinkedOrder> {
    const session = this.get(id);
    const [whole] = (await this.list()).filter((one) => one.id === id);
    const sent = whole?.sent ?? null;
    const linking: LinkingWord = authorization.includes("none")
      ? "opted_out"
      : sent
        ? authorization.includes("other")
          ? "replaced"
          : "same"
        : "linked";
    const token = linking === "opted_out" ? sent : (sent ?? (await this.token("119995")));
    const orderId = "ea6f1c1e-0000-4000-8000-0000000000ff";
    const brought = linking === "opted_out" ? null : token;
    Object.assign(session, { linking, orderId, brought, orderedAt: this.needs.now() });
    this.needs.change("tokens", "audit");
    return { session: { ...session, sent }, fraudStatus: "ACCEPTED", meaning: MEANINGS[linking], token };
  }
}

/** Makes that part. */
export function linked(
  needs: Needs,
  token: (id: string) => Promise<TokenRow>,
  merchantOf: (id: string) => { name: string },
): LinkingCommands {
  const linkings = new Linkings(needs, token, merchantOf);
  return { ...setUp(needs, linkings), ...sessions(needs, linkings), ...drawings(needs, linkings) };
}

type Some<Names extends keyof LinkingCommands> = Pick<LinkingCommands, Names>;

function setUp(
  { answer, change }: Needs,
  linkings: Linkings,
): Some<"linkingTerms" | "linkingTermsAccept" | "linkingLogin" | "secretLinkingLogin"> {
  return {
    linkingTerms: () => answer().then(() => linkings.terms()),
    linkingTermsAccept: async () => {
      await answer();
      linkings.accepted = true;
      change("tokens", "audit");
      return linkings.terms();
    },
    linkingLogin: () => answer().then(() => linkings.login),
    secretLinkingLogin: async (region, user) => {
      await answer();
      linkings.login = { region, user, host: linkings.host(region) };
      change("profile", "audit");
      return linkings.login;
    },
  };
}

function sessions(
  { answer, pretence }: Needs,
  linkings: Linkings,
): Some<"linkingSessions" | "linkingStart" | "linkingOpen" | "secretLinkingUpdate" | "secretLinkingOrder"> {
  const asked = (): Promise<void> => answer().then(() => wait(pretence.delay * 90));
  return {
    linkingSessions: () => answer().then(() => linkings.list()),
    linkingStart: (wish) => asked().then(() => linkings.start(wish)),
    linkingOpen: (id) => answer().then(() => linkings.get(id).orderId === null),
    secretLinkingUpdate: async (id, order, data) => {
      await asked();
      if (data?.includes("ip_address"))
        throw refusal("input_invalid", "The extra merchant data cannot be used.", "Take the IP address out.");
      return linkings.update(id, order);
    },
    secretLinkingOrder: (id, authorization) => asked().then(() => linkings.order(id, authorization)),
  };
}

function drawings(
  { answer }: Needs,
  linkings: Linkings,
): Some<"linkingCalls" | "linkingCall" | "emdPackages" | "emdBuild"> {
  return {
    linkingCalls: async (id) => {
      await answer();
      const session = linkings.get(id);
      const lines = [{ name: "Surdegsbröd", quantity: 1, unitPrice: session.amount ?? 0 }];
      const { country, currency, reference } = session;
      const order = { country: country ?? "", locale: null, currency, reference, lines };
      const steps = session.orderId === null ? ["start", "read", "update", "order"] : ["start", "read"];
      return { calls: steps.map((step) => drawn(step, linkings.host("europe"), order, session)), order };
    },
    linkingCall: ({ order }) => answer().then(() => drawn("start", linkings.host("europe"), order, null)),
    emdPackages: () => answer().then(() => PACKAGES),
    emdBuild: async (parts) => {
      await answer();
      const bad = parts.find(({ member, value }) => /date|modified/.test(member) && !/^\d{4}-\d\d-\d\d/.test(value));
      if (bad)
        throw refusal("input_invalid", `The extra merchant data cannot be used at ${bad.member}.`, "Write a date.");
      return builtOf(parts);
    },
  };
}
