/**
 * What the palette offers beside merchants: acts that are possible now, screens, profiles. What matches is marked like anywhere.
 * Absent on purpose: anything that can be reached in the palette alone.
 */
import { backend } from "#backend";
import { grant, showMerchant } from "../access/acts";
import { savedViews } from "../audit/views.svelte";
import { app, unfinishedOf } from "../frame/app_state.svelte";
import { dialogs, notices } from "../frame/dialogs.svelte";
import { screenNames } from "../frame/messages";
import { SCREENS, views } from "../frame/view.svelte";
import type { MerchantRow } from "../ipc/backend";
import { toProblem } from "../ipc/problem";
import { rangesIn } from "../lib/spans";
import { shortcutText } from "../lib/keys";
import { importMerchants } from "../merchants/import";
import { directory } from "../merchants/directory.svelte";
import { refreshMerchant, togglePin, copyLink } from "../merchants/row_acts";
import { lockNow } from "../frame/lock_now";
import { addToken, createToken, findByToken, importTokens } from "../tokens/acts";
import { wizard } from "../setup/wizard.svelte";
import { endAll } from "../portal/session_acts";

export interface Item {
  id: string;
  name: string;
  keys: string;
  /** Has an effect outside this machine: in a live profile it takes a second Enter. */
  effect: boolean;
  run: () => void;
}

const item = (id: string, name: string, run: () => void, keys = "", effect = false): Item => ({
  id,
  name,
  keys,
  effect,
  run,
});

function onSelected(row: MerchantRow | null): Item[] {
  if (!row) return [];
  const of = row.name;
  const openAs = (): void => dialogs.open({ kind: "open-as", row, reasonOnly: false });
  return [
    item("open-as", `Open as… ${of}`, openAs, shortcutText("O", true)),
    item("copy-link", `Copy link to ${of}`, () => copyLink(row), shortcutText("L", true), true),
    item("pin", `${row.pinned ? "Unpin" : "Pin"} ${of}`, () => void togglePin(row), shortcutText("P", true)),
    item("grant-at", `Grant access to ${of}…`, () => grant({ merchantId: row.id, merchantName: of })),
    item("people-of", `Show who has access to ${of}`, () => showMerchant(row.id)),
    item("refresh", `Refresh ${of} from Klarna`, () => void refreshMerchant(row), shortcutText("R")),
  ];
}

function useProfile(name: string): void {
  backend.profileUse(name).then(
    () => app.refresh(),
    (thrown: unknown) => notices.say(toProblem(thrown).message, true),
  );
}

function always(): Item[] {
  const live = app.state?.liveSessions ?? 0;
  const unfinished = unfinishedOf(app.state?.active);
  const others = (app.state?.profiles ?? []).filter(({ name }) => name !== app.state?.active?.name);
  return [
    ...(live > 0 ? [item("end-all", `End all sessions (${live})`, () => endAll(live), "", true)] : []),
    ...(unfinished ? [item("go-on-setup", `Go on with set-up of ${unfinished}`, () => wizard.goOn(unfinished))] : []),
    item("connect", "Connect to Klarna…", () => wizard.begin()),
    item("profile-file", "Use a profile file…", () => wizard.begin(true)),
    item("grant", "Grant access…", () => grant()),
    item("find-token", "Find by customer token…", findByToken),
    item("create-token", "Create a customer token…", createToken),
    item("add-token", "Add a customer token by hand…", addToken),
    item("import-tokens", "Import customer tokens…", () => importTokens()),
    item("leavers", "Look up people who left…", () => {
      views.go("people");
      dialogs.open({ kind: "leavers" });
    }),
    ...savedViews.list.map((view) => item(`view-${view.id}`, `Audit: ${view.name}`, () => savedViews.show(view))),
    item("export-log", "Export the log…", () => dialogs.open({ kind: "audit-export", query: "" })),
    item("import", "Import merchants…", () => void importMerchants()),
    ...(app.state?.lock.set ? [item("lock-now", "Lock now", lockNow, shortcutText("L"))] : []),
    item("keys", "Show the keyboard list", () => dialogs.open({ kind: "keys" }), "?"),
    ...SCREENS.map((screen, place) =>
      item(`go-${screen}`, `Go to ${screenNames[screen]}`, () => views.go(screen), shortcutText(String(place + 1))),
    ),
    ...others.map(({ name, environment }) =>
      item(`use-${name}`, `Use profile ${name} (${environment})`, () => useProfile(name)),
    ),
  ];
}

/** The acts and screens whose name contains what is typed. */
export function itemsFor(query: string): Item[] {
  const all = [...onSelected(directory.selected), ...always()];
  return query.trim() === "" ? all : all.filter(({ name }) => rangesIn(name, query).length > 0);
}
