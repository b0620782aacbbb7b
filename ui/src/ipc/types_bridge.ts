/**
 * The views of the login bridge: who may enter what, a sign-in that is tried, what the bridge says of itself.
 * Absent on purpose: the configuration's text and whatever in it is a secret; what was changed and not saved is kept in Rust.
 */
import type { CommandError } from "./backend";

export interface BridgeWord {
  word: string;
  roles: string[];
}

/** An empty claim is none. */
export interface BridgeRules {
  emailClaim: string;
  verified: boolean;
  merchantsClaim: string;
  rolesClaim: string;
  defaultRoles: string[];
  words: BridgeWord[];
}

export interface BridgeFlaw {
  place: string;
  text: string;
}

export interface BridgeView {
  file: string;
  tableFile: string;
  tableProblem: CommandError | null;
  hasTable: boolean;
  publicUrl: string;
  acquirer: string;
  /** Whether the bridge works on this data directory, so that its sign-ins are seen here. */
  sameData: boolean;
  rules: BridgeRules;
  flaws: BridgeFlaw[];
  changed: boolean;
  /** Whether a save was cut off, so that perhaps one of the files is new. */
  cutOff: boolean;
  rows: number;
  changedRows: number;
  flawedRows: number;
}

export type BridgeWhich = "all" | "flawed" | "changed";
export type BridgeRowState = "kept" | "changed" | "added" | "removed";

export interface BridgeRowsRequest {
  query: string;
  which: BridgeWhich;
  first: number;
  count: number;
}

export interface BridgeRow {
  number: number;
  line: number | null;
  email: string;
  merchant: string;
  merchantName: string;
  roles: string[];
  flaw: string;
  warning: string;
  state: BridgeRowState;
}

export interface BridgeRows {
  rows: BridgeRow[];
  total: number;
}

export interface BridgeRowWish {
  number: number | null;
  act: "set" | "remove" | "restore";
  email: string;
  merchant: string;
  roles: string[];
}

export interface BridgeChoice {
  merchant: string;
  name: string;
  reference: string;
  roles: string[];
}

export interface BridgeTried {
  email: string;
  choices: BridgeChoice[];
  leftOut: BridgeFlaw[];
  why: string;
  hint: string;
}

export interface BridgeCertificate {
  subject: string;
  sha256: string;
  notAfter: number;
  daysLeft: number;
}

export interface BridgeItem {
  id: string;
  name: string;
  value: string;
}

export interface BridgeServed {
  health: "alive" | "silent" | "elsewhere";
  healthSays: string;
  problem: CommandError | null;
  certificates: BridgeCertificate[];
  items: BridgeItem[];
  text: string;
}

export interface BridgeTest {
  page: string;
  since: number;
}

export interface BridgeSeen {
  at: number;
  email: string;
  merchantName: string;
  roles: string[];
}

export interface BridgeBackend {
  /** `again` reads the files anew and forgets what was changed; null where no bridge is known. */
  bridgeShow(again: boolean): Promise<BridgeView | null>;
  /** Rust shows the file dialog; null when none was chosen. */
  bridgeChoose(): Promise<BridgeView | null>;
  bridgeForget(): Promise<unknown>;
  bridgeRules(rules: BridgeRules): Promise<BridgeView>;
  bridgeTableBegin(): Promise<BridgeView>;
  bridgeRows(request: BridgeRowsRequest): Promise<BridgeRows>;
  bridgeRow(wish: BridgeRowWish): Promise<BridgeView>;
  bridgeSave(): Promise<BridgeView>;
  /** An e-mail address, or claims as JSON. */
  bridgeTry(claims: string): Promise<BridgeTried>;
  bridgeServed(): Promise<BridgeServed>;
  /** Rust asks the browser for the page. */
  /** From the sandbox it begins at its login page, whose button is put in front of the bridge. */
  bridgeTest(fromSandbox: boolean): Promise<BridgeTest>;
  bridgeTestLook(since: number): Promise<BridgeSeen | null>;
  /** Rust shows the file dialog; null when none was chosen. */
  bridgeHandOverSave(): Promise<string | null>;
}
