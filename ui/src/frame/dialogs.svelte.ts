/**
 * The one dialog that may be open, and the notice line. The dialogs themselves are loaded when first needed.
 * Absent on purpose: dialogs over dialogs.
 */
import type { ImportView, KeyUsage, MerchantRow } from "../ipc/backend";

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
  | { kind: "confirm"; question: Question }
  | { kind: "rotate"; profile: string; usage: KeyUsage }
  | { kind: "new-api-key"; profile: string; again: boolean }
  | { kind: "import"; view: ImportView }
  | { kind: "passphrase"; opened: (open: boolean) => void; deed?: string | undefined }
  | { kind: "seal"; verb: string; use: (passphrase: string) => void };

class Dialogs {
  current: Dialog | null = $state.raw(null);

  open(dialog: Dialog): void {
    this.current = dialog;
  }

  close(): void {
    this.current = null;
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
}

export const notices = new Notices();
