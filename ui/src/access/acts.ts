/**
 * What can be begun from the inventory: a grant, a change of one, a revocation. One place for keys, buttons, pane and palette.
 * Absent on purpose: doing it; the sheets ask first, and Rust holds what they confirm.
 */
import { backend } from "#backend";
import { dialogs, notices } from "../frame/dialogs.svelte";
import { views } from "../frame/view.svelte";
import type { GrantView } from "../ipc/backend";
import { inventory, type Subject } from "./inventory.svelte";
import { tab } from "./tab.svelte";

/** What a sheet begins with. */
export interface GrantStart {
  merchantId: string;
  merchantName: string;
  email: string;
  /** The grant that is changed, if it is one. */
  from: GrantView | null;
}

export function grant(start: Partial<GrantStart> = {}): void {
  dialogs.open({ kind: "grant", start: { merchantId: "", merchantName: "", email: "", from: null, ...start } });
}

export function change(from: GrantView): void {
  const { merchantId, merchantName, principal } = from;
  grant({ merchantId, merchantName, email: principal, from });
}

export function revoke(grant: GrantView): void {
  dialogs.open({ kind: "revoke", grant });
}

/** Grants to whom or to what is selected. */
export function grantHere(): void {
  const row = inventory.chosen ? null : inventory.selected;
  if (row?.kind === "person") grant({ email: row.row.person });
  else if (row?.kind === "merchant") grant({ merchantId: row.row.merchantId, merchantName: row.row.name });
  else if (row?.kind === "role") grant({ email: row.row.principal });
  else grant();
}

/** Revokes the grant that is selected; where a row stands for several, they are shown, to choose one. */
export function revokeHere(): void {
  const focused = document.activeElement?.closest<HTMLElement>("[data-grant]")?.dataset.grant;
  const row = inventory.selected;
  const id = focused ?? (row?.kind === "role" ? row.row.id : row?.row.only);
  if (!row) return;
  if (row.kind === "role" && !focused) return revokeIfThere(row.row);
  void find(id ?? null, inventory.subject);
}

async function find(id: string | null, subject: Subject | null): Promise<void> {
  if (!subject) return;
  try {
    const { rows } =
      subject.kind === "person"
        ? await backend.accessPerson(subject.person)
        : await backend.accessMerchant(subject.merchantId);
    const living = rows.filter((row) => row.revokeAcceptedAt === null);
    const found = rows.find((row) => row.id === id) ?? (living.length === 1 ? living[0] : undefined);
    if (found) return revokeIfThere(found);
    views.go("people", true);
    document.querySelector<HTMLElement>("[data-grant] [data-revoke]")?.focus();
    notices.say(
      living.length === 0 ? "There is nothing left to revoke." : "Choose which access ends: there are several.",
    );
  } catch (thrown) {
    notices.failed(thrown);
  }
}

function revokeIfThere(found: GrantView): void {
  if (found.revokeAcceptedAt === null) revoke(found);
  else notices.say("This access was revoked already.");
}

/** Leads to a merchant's people, from another screen. */
export function showMerchant(merchantId: string): void {
  inventory.show({ kind: "merchant", merchantId });
  views.go("people", true);
}

/** Leads to a person's access, from another screen. */
export function showPerson(person: string): void {
  inventory.show({ kind: "person", person: person.toLowerCase() });
  tab.shown = "people";
  views.go("people", true);
}
