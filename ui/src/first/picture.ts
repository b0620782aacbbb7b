/**
 * Shows the first picture while the page is still being read: a classic script that fills the main screen's markup with the answers
 * that came with the page, puts it where the app will stand, and fetches the app once the picture is drawn.
 * Where the page has no answers, or the app would show something else, nothing is shown and the app is fetched at once.
 * Absent on purpose: Svelte, handlers for the pointer, and markup made from text.
 */
import { environmentWords, keyringWords, screenNames } from "../frame/messages";
import { rememberedScreen } from "../frame/screens";
import { applyTheme } from "../frame/theme";
import type { AppStateView, MerchantRow, ProfileView, SearchView } from "../ipc/backend";
import { ago, count, tail } from "../lib/format";
import { shortcutText } from "../lib/keys";
import { visible } from "../lib/visible";
import { AROUND, paneWidth, ROW_HEIGHT, WIDE } from "../merchants/measures";
import { stateWords } from "../merchants/messages";
import { keepPresses } from "./keep";

interface Shown {
  state: AppStateView & { active: ProfileView };
  rows: SearchView;
}

/** When the app is fetched at the latest: a window that is not shown draws no frames. */
const PATIENCE = 300;

const script = document.currentScript as HTMLScriptElement;
const template = document.getElementById("picture") as HTMLTemplateElement;
const page = template.content;

const part = (css: string): HTMLElement => page.querySelector<HTMLElement>(css) as HTMLElement;

function say(of: Element, text: string): void {
  (of.lastChild as ChildNode).nodeValue = text;
}

function header({ active, liveSessions, keyring }: Shown["state"]): void {
  const badge = part("#env-badge");
  badge.dataset.environment = active.environment;
  say(badge, environmentWords[active.environment]);
  part("header bdi").textContent = visible(active.accountName);
  const account = part("header .mono");
  account.textContent = tail(active.account);
  account.title = active.account;
  part("header .key").textContent = shortcutText("K");
  const lock = part("[data-keyring]");
  lock.dataset.keyring = keyring;
  lock.title = keyringWords[keyring];
  lock.setAttribute("aria-label", lock.title);
  if (liveSessions > 0) say(part("#live-count"), ` ${liveSessions} live`);
  else part("#live-count").remove();
}

function rail(screen: "sessions" | "audit", waiting: number): void {
  const button = part(`#go-${screen}`);
  const badge = button.querySelector(".count") as HTMLElement;
  badge.textContent = String(waiting);
  if (waiting === 0) badge.remove();
  button.setAttribute("aria-label", waiting > 0 ? `${screenNames[screen]}, ${waiting}` : screenNames[screen]);
}

function fill(slot: HTMLElement, row: MerchantRow, index: number, now: number): void {
  const [pin, name, reference, account, state, opened] = slot.children as unknown as HTMLElement[] & { length: 6 };
  slot.id = `merchant-${index}`;
  slot.setAttribute("aria-rowindex", String(index + 2));
  slot.dataset.index = String(index);
  slot.dataset.merchant = row.id;
  if (!row.pinned) pin?.firstElementChild?.remove();
  (name?.firstElementChild as Element).textContent = visible(row.name);
  (reference?.firstElementChild as Element).textContent = visible(row.reference);
  (account as Element).textContent = visible(tail(row.id));
  (account as HTMLElement).title = row.id;
  (state as HTMLElement).dataset.state = row.state;
  say(state as HTMLElement, stateWords[row.state]);
  (opened as Element).textContent = ago(row.openedAt, now);
  (opened as HTMLElement).dataset.opened = String(row.openedAt ?? "");
}

function list({ rows, total, of }: SearchView): void {
  const first = part("[data-index]");
  const now = Date.now();
  const other = first.cloneNode(true) as HTMLElement;
  other.setAttribute("aria-selected", "false");
  other.tabIndex = -1;
  const seen = rows.slice(0, Math.ceil((window.innerHeight - AROUND) / ROW_HEIGHT));
  const slots = seen.map((_, index) => (index === 0 ? first : (other.cloneNode(true) as HTMLElement)));
  slots.forEach((slot, index) => fill(slot, seen[index] as MerchantRow, index, now));
  const holder = first.parentElement as HTMLElement;
  holder.append(...slots);
  holder.style.top = "0px";
  (holder.parentElement as HTMLElement).style.height = `${total * ROW_HEIGHT}px`;
  part("[role=grid]").setAttribute("aria-rowcount", String(total + 1));
  part("#merchant-count").textContent = `${count(of)} merchants`;
}

function pane(): void {
  const aside = part("aside");
  const splitter = aside.previousElementSibling as Element;
  if (matchMedia(WIDE).matches) {
    aside.style.width = `${paneWidth()}px`;
    splitter.setAttribute("aria-valuenow", String(paneWidth()));
  } else {
    splitter.remove();
    aside.remove();
  }
}

/** The answers that came with the page, if the app would show them just as the picture can. */
function handed(): Shown | null {
  const text = document.getElementById("first-answers")?.textContent;
  if (!text) return null;
  const { state, rows } = JSON.parse(text) as { state: AppStateView; rows: SearchView | null };
  const { active, firstRun, logAlarm, keyring } = state;
  const fine =
    !firstRun && logAlarm === null && active?.mtls && active.signing && (keyring === "unknown" || keyring === "ok");
  if (!fine || rememberedScreen() !== "merchants" || !active || active.suggestedMerchant || !rows?.total) return null;
  return { state: { ...state, active }, rows };
}

function show({ state, rows }: Shown): void {
  applyTheme(state.theme);
  document.documentElement.dataset.env = state.active.environment;
  header(state);
  rail("sessions", state.liveSessions);
  rail("audit", state.unresolved);
  list(rows);
  if (!state.active.reasonRequired) part("footer").lastElementChild?.remove();
  pane();
  const picture = document.getElementById("app") as HTMLElement;
  picture.append(page);
  picture.querySelector("input")?.focus();
  keepPresses(picture);
}

let fetched = false;
function fetchApp(): void {
  if (!fetched) void import(/* @vite-ignore */ script.dataset.app as string);
  fetched = true;
}

function drawn(): void {
  performance.mark("list-painted");
  fetchApp();
}

const answers = handed();
if (answers) {
  show(answers);
  requestAnimationFrame(() => requestAnimationFrame(drawn));
  setTimeout(fetchApp, PATIENCE);
} else fetchApp();
