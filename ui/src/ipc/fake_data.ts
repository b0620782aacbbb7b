/**
 * Made-up merchants, sessions, acts and keys for tests and pictures: deterministic, any number of rows at no cost until they are looked at.
 * Some of it is hostile on purpose (markup, bidi marks, escape codes), because merchants choose their own names.
 * Absent on purpose: anything that looks like a link or a token.
 */
import type { DoctorLine, Environment, KeyView, MerchantRow, MerchantState, ProfileView, SessionView } from "./types";

const FIRST = [
  "Bageri Åsa",
  "Café Größe",
  "Δέλτα ΑΕ",
  "Книжный дом",
  "東京商店",
  "Nordic Bikes",
  "Łódź Optyka",
  "Sjö & Son",
];
const MORE = [
  "Atelier Noël",
  "Blumen Weiß",
  "Casa Verde",
  "Fjäll Sport",
  "Harbour Goods",
  "Ísland Ull",
  "서울 서점",
  "Zoë Interiors",
];
const KIND = ["", " AB", " GmbH", " Oy", " Ltd", " ApS", " BV", " SpA"];
const PLACE = ["Malmö", "Berlin", "Αθήνα", "Tartu", "Kraków", "Lyon", "Porto", "Cork", "Bergen", "Turku", "Gent"];
const COUNTRY = ["SE", "DE", "GR", "EE", "PL", "FR", "PT", "IE", "NO", "FI", "BE"];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const NAMES = [...FIRST, ...MORE];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const pick = <V>(from: readonly V[], index: number): V => from[index % from.length] as V;

/** The last segment of a made-up account id. */
export function tailOf(index: number): string {
  let value = (index + 1) * 2_654_435_761;
  let tail = "";
  for (let place = 0; place < 8; place += 1) {
    tail += LETTERS.charAt(value % 36);
    value = Math.floor(value / 36) + index * 7 + place;
  }
  return tail;
}

export const krn = (environment: Environment, tail: string): string =>
  `krn:partner:global:account:${environment === "live" ? "live" : "test"}:${tail}`;

function stateOf(index: number): MerchantState {
  if (index % 29 === 11) return "DISABLED";
  if (index % 13 === 2) return "PARTIALLY_OPERATIONAL";
  return index % 47 === 40 ? "UNKNOWN" : "OPERATIONAL";
}

function nameOf(index: number): string {
  if (index === 6) return '<img src=x onerror="alert(1)"> Ltd';
  if (index === 9) return "Gift\u202Edrac\u202C Shop \u001B[31m\u0007";
  const round = Math.floor(index / NAMES.length);
  return pick(NAMES, index) + (round ? pick(KIND, round) + " " + pick(PLACE, index + round) : "");
}

export function merchantAt(index: number, environment: Environment, now: number): MerchantRow {
  const country = pick(COUNTRY, index);
  const opened = [2 * MINUTE, 3 * HOUR, null, 26 * HOUR, 6 * DAY, null, null, 40 * DAY][index] ?? null;
  return {
    id: krn(environment, tailOf(index)),
    name: nameOf(index),
    reference: `${country}-${String((index * 7919) % 100_000).padStart(5, "0")}`,
    state: stateOf(index),
    country,
    tags: index % 9 === 4 ? ["vip", "chain"] : index % 5 === 0 ? ["retail"] : [],
    pinned: index < 3,
    openedAt: opened === null ? null : now - opened,
    matched: [],
  };
}

export function profileOf(environment: Environment): ProfileView {
  const tail = environment === "sandbox" ? "MB6KIE1P" : "LYABCDEI";
  return {
    name: environment === "sandbox" ? "sandbox" : `acme-${environment}`,
    environment,
    account: krn(environment, tail),
    accountName: "Acme Payments",
    user: "nora.lind@acme.example",
    apiUrl: environment === "sandbox" ? "https://127.0.0.1:8443" : "https://api-global.klarna.com",
    onBehalfOf: "acquirer",
    browserApart: "nothing",
    allowedHosts: environment === "sandbox" ? [] : ["*.klarna.com"],
    approvals: {
      bulkGrants: { approvers: environment === "live" ? 2 : 0, roles: ["approver"], over: 1 },
      bulkRevokes: { approvers: 0, roles: ["approver"], over: 1 },
      tokenCopies: { approvers: 0, roles: ["approver"], over: 0 },
      adminOnLive: { approvers: 0, roles: ["approver"], over: 0 },
    },
    defaultRoles: ["merchant:developer"],
    reasonRequired: false,
    unsignedAllowed: false,
    browser: "default",
    keyStore: "keyring",
    signing: keyOf("jwt-signing", environment === "live" ? 23 : 364),
    mtls: keyOf("mtls", 364),
    suggestedMerchant: null,
  };
}

function keyOf(usage: string, daysLeft: number): KeyView {
  const end = Date.UTC(2026, 10, 20) + daysLeft * DAY;
  return {
    usage,
    keyId: `${usage}-2026-11`,
    store: "keyring",
    subjectCn: `acme-payments-${usage}`,
    issuer: "CN=Klarna Partner CA G2, O=Klarna Bank AB",
    serial: "3F:9A:11:C4:77:02:5E:B1",
    sha256: "9f2c41d07a5be3886a1f0c55d2e94b7731c8ad90e6f24b1d5a03c7718e62fb4c",
    notBefore: end - 365 * DAY,
    notAfter: end,
    daysLeft,
    checks: [
      { name: "matches the key", passed: true, detail: "The public key is the one in the keyring." },
      { name: "names the account", passed: true, detail: "The SAN URI is the profile's account." },
      { name: "in force", passed: daysLeft > 0, detail: `${daysLeft} days are left.` },
    ],
  };
}

export function sessionsOf(environment: Environment, now: number): SessionView[] {
  const base = (index: number, over: Partial<SessionView>): SessionView => {
    const merchant = merchantAt(index, environment, now);
    return {
      id: `session-${index}`,
      deepLinkId: `dl-${tailOf(index).toLowerCase()}`,
      merchantId: merchant.id,
      merchantName: merchant.name,
      reference: merchant.reference,
      principal: "nora.lind@acme.example",
      openAs: false,
      roles: ["merchant:developer"],
      unsigned: false,
      state: "used",
      createdAt: now - 19 * MINUTE,
      linkDeadAt: now - 18 * MINUTE,
      fetchedAt: now - 19 * MINUTE,
      expiresAt: now + 7 * HOUR + 41 * MINUTE,
      revokedAt: null,
      outBy: null,
      browser: "Firefox",
      ended: null,
      ...over,
    };
  };
  const past = { createdAt: now - DAY, linkDeadAt: now - DAY, expiresAt: now - 16 * HOUR, state: "ended" as const };
  return [
    base(0, {}),
    base(3, { state: "waiting", linkDeadAt: now + 41_000, createdAt: now - 19_000, fetchedAt: null }),
    base(1, { openAs: true, principal: "ops@cafe-groesse.example", roles: ["merchant:admin"] }),
    base(4, { state: "revoking", revokedAt: now - 2 * MINUTE, outBy: now + 3 * MINUTE }),
    base(5, { ...past, ended: "expired" }),
    base(6, { ...past, ended: "link_not_used", fetchedAt: null }),
    base(7, { ...past, ended: "revoked", revokedAt: now - 20 * HOUR, outBy: now - 20 * HOUR + 5 * MINUTE }),
  ];
}

export const SETUP: readonly string[] = [
  "Starting the simulated Klarna",
  "Making two keys in your keyring",
  "Getting certificates",
  "Importing 1,000 merchants",
];

export const DOCTOR: DoctorLine[] = [
  { part: "keyring", state: "ok", message: "The Secret Service answers in 1 ms.", hint: "" },
  { part: "clock", state: "ok", message: "This computer is 0.2 s behind Klarna.", hint: "" },
  {
    part: "certificate",
    state: "warn",
    message: "The signing certificate ends in 23 days.",
    hint: "Ask Klarna for the next one now.",
  },
  { part: "graphics", state: "skipped", message: "There is no screen here; the command line needs none.", hint: "" },
  { part: "browser", state: "ok", message: "Firefox was found.", hint: "" },
];
