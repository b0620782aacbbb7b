/**
 * The one dialog that may be open, the question that an act under way may ask over it, and the notice line. The dialogs themselves are
 * loaded when first needed. Absent on purpose: other dialogs over dialogs.
 */
import type { Need } from "../ipc/asking";
import type { GrantStart } from "../access/acts";
import type {
  ConsentView,
  GrantView,
  ImportView,
  KeyUsage,
  LinkingSession,
  MerchantRow,
  TokenRow,
} from "../ipc/backend";
import { toProblem } from "../ipc/problem";

export interface Question {
  title: string;
  text: string;
  verb: string;
  act: () => Promise<void>;
}

export type Dialog =
  | { kind: "palette" }
  | { kind: "keys" }
  | { kind: "open-as"; row: MerchantRow; reasonOnly: boolean }
  | { kind: "grant"; start: GrantStart }
  | { kind: "revoke"; grant: GrantView }
  | { kind: "leavers" }
  | { kind: "linking-start"; token?: TokenRow }
  | { kind: "linking-login" }
  | { kind: "linking-update"; session: LinkingSession }
  | { kind: "linking-calls"; session: LinkingSession }
  | { kind: "token-find" }
  | { kind: "token-add" }
  | { kind: "token-copy"; row: TokenRow }
  | { kind: "token-create" }
  | { kind: "token-charge"; row: TokenRow }
  | { kind: "token-consent"; consent: ConsentView }
  | { kind: "token-revoke"; row: TokenRow }
  | { kind: "audit-export"; query: string }
  | { kind: "audit-facets" }
  | { kind: "audit-views" }
  | { kind: "confirm"; question: Question }
  | { kind: "rotate"; profile: string; usage: KeyUsage }
  | { kind: "new-api-key"; profile: string; again: boolean }
  | { kind: "import"; view: ImportView }
  | { kind: "seal"; verb: string; use: (passphrase: string) => void };

/** What an act needs before it goes on; the dialog that began it stays below. */
export interface Asking {
  need: Need;
  opened: (open: boolean) => void;
}

class Dialogs {
  current: Dialog | null = $state.raw(null);
  asking: Asking | null = $state.raw(null);

  open(dialog: Dialog): void {
    this.current = dialog;
  }

  close(): void {
    this.current = null;
  }

  ask(need: Need): Promise<boolean> {
    return new Promise((opened) => (this.asking = { need, opened }));
  }

  answered(): void {
    this.asking = null;
  }
}

export const dialogs = new Dialogs();

export interface Notice {
  text: string;
  bad: boolean;
}

class Notices {
  current: Notice | null = $state.raw(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Says one sentence for six seconds, ten where it is a failure. */
  say(text: string, bad = false): void {
    clearTimeout(this.timer);
    this.current = { text, bad };
    this.timer = setTimeout(() => (this.current = null), bad ? 10_000 : 6_000);
  }

  /** Says what failed and what to do. */
  failed(thrown: unknown): void {
    const { message, hint } = toProblem(thrown);
    this.say(`${message} ${hint}`, true);
  }
}

export const notices = new Notices();
