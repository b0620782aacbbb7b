/**
 * The answers that the picture's markup is drawn from while the page is built: everything that can stand there stands there once,
 * and src/first/picture.ts takes away or fills what is otherwise. Absent on purpose: anything that a person could take for real.
 */
import type { AppStateView, KeyView, MerchantRow, ProfileView, SearchView } from "../ipc/backend";

const key: KeyView = {
  usage: "",
  keyId: "",
  store: "",
  subjectCn: "",
  issuer: "",
  serial: "",
  sha256: "",
  notBefore: 0,
  notAfter: 0,
  daysLeft: 0,
  checks: [],
};

const active: ProfileView = {
  name: "",
  environment: "sandbox",
  account: "-",
  accountName: "-",
  user: "",
  apiUrl: "",
  onBehalfOf: "acquirer",
  browserApart: "nothing",
  allowedHosts: [],
  approvals: {
    bulkGrants: { approvers: 0, roles: [], over: 1 },
    bulkRevokes: { approvers: 0, roles: [], over: 1 },
    tokenCopies: { approvers: 0, roles: [], over: 0 },
    adminOnLive: { approvers: 0, roles: [], over: 0 },
  },
  defaultRoles: [],
  reasonRequired: true,
  unsignedAllowed: false,
  browser: "",
  keyStore: "keyring",
  signing: key,
  mtls: key,
  suggestedMerchant: null,
};

const row: MerchantRow = {
  id: "-",
  name: "-",
  reference: "-",
  state: "OPERATIONAL",
  country: "",
  tags: [],
  pinned: true,
  openedAt: null,
  matched: [],
};

const state: AppStateView = {
  firstRun: false,
  version: "",
  dataDir: "",
  profiles: [],
  active,
  liveSessions: 1,
  unresolved: 1,
  keyring: "unknown",
  logAlarm: null,
  theme: "system",
  lock: { set: false, locked: null, idleMinutes: null, absoluteHours: null, waitSeconds: 0 },
};

const rows: SearchView = { total: 1, of: 1, first: 0, rows: [row], tookUs: 0 };

export const example: { state: AppStateView; rows: SearchView } = { state, rows };
