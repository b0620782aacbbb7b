/**
 * The pretence of a login bridge: `&bridge=none|button|saml|tableless|lost|flawed|moved|cut`; a table of 100,000 people that is changed in memory.
 * Absent on purpose: files and a network; and the rules, which are Rust's: a tried sign-in knows three people.
 */
import type { BridgeBackend, BridgeRow, BridgeRowWish, BridgeServed, BridgeTried, BridgeView } from "./backend";
import { failure, type Pretence } from "./fake_pretence";

const ROWS = 100_000;
const SHOPS = ["Bageri Åsa", "Café Größe", "Δέλτα ΑΕ", "Fromagerie Lefèvre", "Nordic Outdoor"];
const PEM = `-----BEGIN CERTIFICATE-----\n${"MIIDazCCAlOgAwIBAgIUK3m9dQmY0n3Wc7d4eVqk5cY1b7Qw".match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END CERTIFICATE-----`;
const DAY = 86_400_000;

const row = (number: number): BridgeRow => ({
  number,
  line: number + 2,
  email: `${["ana", "ben", "chloé", "dmitri", "eva"][number % 5] ?? ""}.${String(number)}@shop${String(number % 977)}.example`,
  merchant: `SE-${String(10_000 + number)}`,
  merchantName: number % 19 === 7 ? "" : (SHOPS[number % SHOPS.length] ?? ""),
  roles: number % 3 === 0 ? ["merchant:admin"] : [],
  flaw: "",
  warning: number % 19 === 7 ? "No merchant of this profile has this id or reference. Import or add it first." : "",
  state: "kept",
});

const BEGUN: BridgeView = {
  ...{ file: "/etc/gatehouse/bridge.toml", tableFile: "/etc/gatehouse/people.csv", tableProblem: null, hasTable: true },
  ...{
    publicUrl: "https://login.acme.example/",
    acquirer: "Acme Payments",
    sameData: true,
    flaws: [],
    changed: false,
    cutOff: false,
  },
  rules: {
    ...{ emailClaim: "email", verified: true, merchantsClaim: "", rolesClaim: "groups" },
    defaultRoles: ["merchant:developer"],
    words: [
      { word: "klarna-admins", roles: ["merchant:admin"] },
      { word: "klarna-integration", roles: ["merchant:developer"] },
    ],
  },
  ...{ rows: ROWS, changedRows: 0, flawedRows: 0 },
};

/** What of a backend is about the login bridge. */
export type BridgeCommands = BridgeBackend;

/** The table and the rules as they are in memory. */
class FakeBridge {
  view: BridgeView | null;
  private rows = new Map<number, BridgeRow>();
  private added: BridgeRow[] = [];

  constructor(private readonly how: Pretence["bridge"]) {
    const without = { ...BEGUN, rows: 0, hasTable: false };
    this.view = how === "none" ? null : how === "tableless" ? { ...without, tableFile: "" } : BEGUN;
    if (how === "cut") this.view = { ...BEGUN, cutOff: true, changed: true };
    if (how === "lost") this.view = { ...without, tableProblem: failure("bridge_file_unreadable") };
    if (how === "flawed")
      this.put({ ...row(41), email: "eva(at)shop.example", flaw: '"eva(at)shop.example" is no e-mail address.' });
  }

  private put(changed: BridgeRow): void {
    this.rows.set(changed.number, changed);
    this.count();
  }

  private count(): BridgeView {
    const all = [...this.rows.values(), ...this.added];
    const changedRows = all.filter(({ state }) => state !== "kept").length;
    const flawedRows = all.filter(({ flaw, state }) => flaw && state !== "removed").length;
    const removed = all.filter(({ state }) => state === "removed").length;
    const rows = ROWS + this.added.length - removed;
    return (this.view = { ...(this.view ?? BEGUN), rows, changedRows, flawedRows, changed: changedRows > 0 });
  }

  set({ number, act, email, merchant, roles }: BridgeRowWish): BridgeView {
    if (act === "set" && !email.includes("@")) throw failure("bridge_rules_invalid");
    const cells = { email, merchant, roles, flaw: "", warning: "", merchantName: "Bageri Åsa" };
    if (number === null) this.added.push({ ...row(ROWS + this.added.length), ...cells, line: null, state: "added" });
    else if (act === "set") this.put({ ...row(number), ...cells, state: "changed" });
    else if (act === "restore") this.rows.delete(number);
    else if (number >= ROWS) this.added = this.added.filter((one) => one.number !== number);
    else this.put({ ...row(number), state: "removed" });
    return this.count();
  }

  page(query: string, which: string, first: number, count: number): { rows: BridgeRow[]; total: number } {
    const wanted = (one: BridgeRow): boolean =>
      (which === "all" || (which === "changed" ? one.state !== "kept" : one.flaw !== "")) &&
      `${one.email} ${one.merchant}`.includes(query.toLowerCase());
    if (!query && which === "all") {
      const total = ROWS + this.added.length;
      const places = Array.from({ length: Math.min(count, total - first) }, (_, place) => first + place);
      return { total, rows: places.map((place) => this.at(place)) };
    }
    const found = [...Array(500).keys()]
      .map((place) => this.at(place))
      .concat(this.added)
      .filter(wanted);
    return { rows: found.slice(first, first + count), total: found.length };
  }

  private at(place: number): BridgeRow {
    return this.rows.get(place) ?? this.added[place - ROWS] ?? row(place);
  }

  saved(): BridgeView {
    if (this.how === "moved") throw failure("bridge_file_changed");
    this.view = BEGUN;
    this.rows.clear();
    this.added = [];
    return this.count();
  }
}

/** Makes that part; `answer` waits and fails as everything does. */
export function bridged(how: Pretence["bridge"], now: () => number, answer: () => Promise<void>): BridgeCommands {
  const bridge = new FakeBridge(how);
  let looks = 0;
  return {
    bridgeShow: (again) => answer().then(() => (again && bridge.view ? (bridge.view = BEGUN) : bridge.view)),
    bridgeChoose: () => answer().then(() => (bridge.view = BEGUN)),
    bridgeForget: () => answer().then(() => (bridge.view = null)),
    bridgeRules: (rules) => answer().then(() => (bridge.view = { ...(bridge.view ?? BEGUN), rules, changed: true })),
    bridgeTableBegin: () => answer().then(() => (bridge.view = { ...BEGUN, rows: 0, changed: true })),
    bridgeRows: ({ query, which, first, count }) => answer().then(() => bridge.page(query, which, first, count)),
    bridgeRow: (wish) => answer().then(() => bridge.set(wish)),
    bridgeSave: () => answer().then(() => bridge.saved()),
    bridgeTry: (claims) => answer().then(() => tried(claims)),
    bridgeServed: () => answer().then(() => served(how, now())),
    bridgeTest: (fromSandbox) =>
      answer().then(() => ({ page: fromSandbox ? SIGN_IN : "https://login.acme.example/login", since: now() })),
    bridgeTestLook: (since) => answer().then(() => ((looks += 1) < 2 ? null : { ...SEEN, at: since + 9_000 })),
    bridgeHandOverSave: () => answer().then(() => "klarna-login.txt"),
  };
}

const SIGN_IN = "http://127.0.0.1:8080/portal/sign-in";
const SEEN = { at: 0, email: "ana@bakery.example", merchantName: "Bageri Åsa", roles: ["merchant:admin"] };

function tried(claims: string): BridgeTried {
  const none = { choices: [], leftOut: [], why: "", hint: "" };
  if (claims.includes("ana@"))
    return {
      ...none,
      email: "ana@bakery.example",
      choices: [
        {
          merchant: "krn:partner:global:account:test:MB6KIE1P",
          name: "Bageri Åsa",
          reference: "SE-00417",
          roles: ["merchant:admin", "merchant:developer"],
        },
      ],
      leftOut: [{ place: "SE-99999", text: "No merchant of this profile has this id or reference. Import it first." }],
    };
  if (!claims.includes("@")) throw failure("input_invalid");
  return {
    ...none,
    email: claims.startsWith("{") ? "" : claims,
    why: "Neither a claim nor the table names a merchant for this person.",
    hint: "Add the person to the table, or name the claim that lists merchants.",
  };
}

function served(how: Pretence["bridge"], now: number): BridgeServed {
  const login = { id: "login_url", name: "Login URL (behind the button)", value: "https://login.acme.example/login" };
  const text = `Klarna Partner Portal: login of Acme Payments\n\nLogin URL (behind the button):\n  ${login.value}\n`;
  if (how === "button")
    return {
      ...{ health: "silent", healthSays: "The bridge at http://127.0.0.1:9464/ did not tell: nothing listens there." },
      ...{ problem: failure("bridge_unreachable"), certificates: [], items: [login], text },
    };
  const sso = "https://login.acme.example/saml/sso";
  const subject = "CN=login.acme.example,O=Acme Payments AB";
  const sha256 = "5b1f0c7e93a8d2461e7f30b9c5a4d8812f6e7a90b3c1d4e5f60718293a4b5c6d";
  const days = how === "flawed" ? 12 : 640;
  return {
    ...{ health: "elsewhere", healthSays: "127.0.0.1:9464", problem: null },
    certificates: [{ subject, sha256, notAfter: now + days * DAY, daysLeft: days }],
    items: [
      login,
      { id: "entity_id", name: "SAML entity ID", value: "https://login.acme.example/saml" },
      { id: "sign_on_url", name: "SAML sign-on URL (HTTP-Redirect)", value: sso },
      { id: "attribute.email", name: "SAML attribute: e-mail", value: "email" },
      { id: "attribute.account_id", name: "SAML attribute: Partner Account (KRN)", value: "account_id" },
      { id: "attribute.roles", name: "SAML attribute: roles", value: "roles" },
      { id: "certificate", name: "SAML signing certificate", value: PEM },
    ],
    text: `${text}\nSAML entity ID:\n  https://login.acme.example/saml\n`,
  };
}
