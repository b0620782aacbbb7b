/**
 * The pretence of a sealed key file: closed until the one passphrase is given.
 * Absent on purpose: any sealing.
 */
import type { CommandError } from "./backend";

/** What opens the made-up file. */
export const FAKE_PASSPHRASE = "correct horse battery";

export class FakeSeal {
  constructor(private closed: boolean) {}

  /** Refuses what needs keys while the file is closed. */
  check(): void {
    if (this.closed)
      throw refusal(
        "passphrase_needed",
        "The keys are in a sealed file, which is not open, so nothing was done.",
        "Give its passphrase.",
      );
  }

  open(passphrase: string): void {
    if (passphrase !== FAKE_PASSPHRASE)
      throw refusal(
        "passphrase_wrong",
        "The passphrase does not open the sealed key file.",
        "Give the passphrase that the file was made with.",
      );
    this.closed = false;
  }
}

const refusal = (code: CommandError["code"], message: string, hint: string): CommandError => ({
  code,
  message,
  hint,
  reference: "",
});
