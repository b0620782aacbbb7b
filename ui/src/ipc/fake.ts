/**
 * A backend in memory for unit tests, pictures and design work; the page's address chooses what it pretends:
 * `?state=full|empty|loading|error|first`, `&profile=sandbox|test|live`, `&theme=light|dark`, `&delay=ms`, `&fail=code`, `&merchants=n`, `&alarm=1`, `&keyring=state`.
 * Absent on purpose: rules. It shows shapes; what is allowed is decided and tested in Rust.
 */
import type { ActProgress, ActRow, Backend, Changed } from "./backend";
import { actAt, DOCTOR, entryText, SETUP, profileOf, sessionsOf } from "./fake_data";
import { FakeDirectory } from "./fake_directory";
import { AUDIT_SIZE, failure, forever, gapBelow, keeps, pretenceFrom, wait, type Pretence } from "./fake_pretence";
import { isKnownCode } from "./problem";
import type { AppStateView, OpenRequest, OpenView, ProfileView, SessionView, Theme } from "./types";

/** Makes a backend for one pretence. Nothing is shared between two of them. */
export function makeFake(pretence: Pretence, now: () => number = Date.now): Backend {
  return new Fake(pretence, now);
}

class Fake implements Backend {
  private readonly progress = new Set<(progress: ActProgress) => void>();
  private readonly changed = new Set<(changed: Changed) => void>();
  private readonly directory: FakeDirectory;
  private profile: ProfileView;
  private sessions: SessionView[];
  private first: boolean;
  private theme: Theme;
  private acts = 0;

  constructor(
    private readonly pretence: Pretence,
    private readonly now: () => number,
  ) {
    const rows = pretence.state === "empty" ? 0 : pretence.merchants;
    this.directory = new FakeDirectory(rows, pretence.profile, now());
    this.profile = profileOf(pretence.profile);
    this.sessions = pretence.state === "empty" ? [] : sessionsOf(pretence.profile, now());
    this.first = pretence.state === "first";
    this.theme = pretence.theme;
    document.addEventListener("fake:fail", (event) => {
      const code: unknown = event instanceof CustomEvent ? event.detail : null;
      this.pretence.fail = isKnownCode(code) ? code : null;
    });
  }

  async appState(): Promise<AppStateView> {
    await wait(this.pretence.delay);
    const { name, environment, account, accountName } = this.profile;
    const other = profileOf(environment === "live" ? "test" : "live");
    return {
      firstRun: this.first,
      version: "0.1.0",
      dataDir: "/home/nora/.local/share/gatehouse",
      profiles: this.first ? [] : [{ name, environment, account, accountName }, other],
      active: this.first ? null : this.profile,
      merchants: this.directory.size,
      liveSessions: this.sessions.filter((session) => session.state !== "ended").length,
      unresolved: this.pretence.state === "empty" ? 0 : 1,
      keyring: this.pretence.keyring,
      logAlarm: this.pretence.alarm ? "The log is 3 entries shorter than its anchor in the keyring says." : null,
      theme: this.theme,
    };
  }

  profileTrySandbox: Backend["profileTrySandbox"] = async () => {
    for (const [index, text] of SETUP.entries()) {
      this.tell({ actId: "setup", merchantId: null, step: "setup", text, ms: index * 400 });
      await wait(this.pretence.delay * 60);
    }
    await this.answer();
    this.first = false;
    this.profile = {
      ...this.profile,
      suggestedMerchant: this.directory.search({ query: "", first: 0, count: 1 }).rows[0] ?? null,
    };
    this.change("profile", "merchants");
    return this.profile;
  };

  profileUse: Backend["profileUse"] = async (name) => {
    await this.answer();
    this.profile = profileOf(name.endsWith("live") ? "live" : name.endsWith("test") ? "test" : "sandbox");
    this.change("profile", "merchants", "sessions");
    return this.profile;
  };

  settingsSave: Backend["settingsSave"] = async ({ theme, ...change }) => {
    await this.answer();
    if (theme) this.theme = theme;
    this.profile = { ...this.profile, ...change };
    this.change("settings", "profile");
    return this.profile;
  };

  merchantsSearch: Backend["merchantsSearch"] = async (request) => {
    await this.answer();
    return this.directory.search(request);
  };

  merchantDetail: Backend["merchantDetail"] = async (id) => {
    await this.answer();
    const row = this.directory.get(id);
    const refreshedAt = this.directory.refreshedAt(row, this.now() - 2 * 3_600_000);
    const sessions = this.sessions.filter((session) => session.merchantId === id && session.state !== "ended");
    const timeline = [0, 1, 2, 3].map((step) => ({
      ...actAt(AUDIT_SIZE - 1 - step * 18, this.profile.environment, this.now(), AUDIT_SIZE),
      merchantName: row.name,
    }));
    return { row, refreshedAt, account: this.profile.account, sessions, timeline };
  };

  merchantPin: Backend["merchantPin"] = async (id, pinned) => {
    await this.answer();
    this.directory.pin(id, pinned);
    this.change("merchants");
  };

  merchantRefresh: Backend["merchantRefresh"] = async (id) => {
    await wait(this.pretence.delay * 100);
    await this.answer();
    const row = this.directory.refreshed(id, this.now());
    this.change("merchants");
    return row;
  };

  merchantsImport: Backend["merchantsImport"] = async () => {
    await this.answer();
    const bad = [3, 17].map((line) => ({
      line,
      column: "partner_account_id",
      value: "krn:oops",
      message: "It is no account id.",
    }));
    return { file: "merchants.csv", added: 412, updated: 6, unchanged: 80, bad, badTotal: 2 };
  };

  portalWarm: Backend["portalWarm"] = () => Promise.resolve();

  portalOpen: Backend["portalOpen"] = async (request) => {
    const actId = `act-${(this.acts += 1)}`;
    const say = (step: ActProgress["step"], text: string, ms: number): void =>
      this.tell({ actId, merchantId: request.merchantId, step, text, ms });
    say("recorded", "", 2);
    await wait(this.pretence.delay);
    say("signed", "", 3);
    say("asked", "", 4);
    await this.answer();
    await wait(this.pretence.delay * 80);
    say("link", "", 88);
    say("browser-asked", "firefox", 90);
    const view = this.opened(actId, request);
    setTimeout(() => this.fetched(actId, view), this.pretence.delay * 200);
    return view;
  };

  portalCopyLink: Backend["portalCopyLink"] = async (request) => {
    await this.answer();
    return this.opened(`act-${(this.acts += 1)}`, request);
  };

  sessionsList: Backend["sessionsList"] = async () => {
    await this.answer();
    return [...this.sessions];
  };

  sessionRevoke: Backend["sessionRevoke"] = async (id) => {
    await this.answer();
    const at = this.now();
    const end = (s: SessionView): SessionView => ({ ...s, state: "revoking", revokedAt: at, outBy: at + 300_000 });
    this.sessions = this.sessions.map((session) => (session.id === id ? end(session) : session));
    this.change("sessions", "audit");
    const found = this.sessions.find((session) => session.id === id);
    if (!found) throw failure("session_unknown");
    return found;
  };

  sessionsRevokeAll: Backend["sessionsRevokeAll"] = async () => {
    const live = this.sessions.filter((session) => session.state === "used" || session.state === "waiting");
    for (const session of live) await this.sessionRevoke(session.id);
    return { revoked: live.length, failed: 0 };
  };

  sessionReopen: Backend["sessionReopen"] = async (id) => {
    const merchantId = this.sessions.find((one) => one.id === id)?.merchantId ?? "";
    return this.portalOpen({ merchantId, openAs: null, reason: null, roles: null, unsigned: false });
  };

  auditActs: Backend["auditActs"] = async ({ before, limit, query }) => {
    await this.answer();
    if (this.pretence.state === "empty") return { rows: [], next: null, size: 0 };
    const rows: ActRow[] = [];
    let seq = before ?? AUDIT_SIZE + 1;
    while (rows.length < limit && seq > 2) {
      seq -= 2;
      const row = actAt(seq, this.profile.environment, this.now(), AUDIT_SIZE);
      if (this.pretence.alarm && seq === AUDIT_SIZE - 11) rows.push(gapBelow(row));
      if (keeps(row, query)) rows.push(row);
    }
    return { rows, next: seq > 2 ? seq : null, size: AUDIT_SIZE };
  };

  auditEntry: Backend["auditEntry"] = async (seq) => {
    await this.answer();
    return {
      seq,
      leaf: "5be3886a1f0c55d2",
      prev: "9f2c41d07a5be388",
      bytes: entryText(seq),
      private: '{"sub":"nora.lind@acme.example"}',
      time: this.now(),
    };
  };

  auditVerify: Backend["auditVerify"] = async () => {
    await wait(this.pretence.delay * 60);
    await this.answer();
    const broken = this.pretence.alarm;
    return {
      verdict: broken ? "truncated" : "intact",
      size: AUDIT_SIZE,
      root: "6a1f0c55d2e94b7731c8ad90e6f24b1d",
      firstBadSeq: broken ? AUDIT_SIZE - 12 : null,
      reason: broken ? "The anchor in the keyring is 3 entries ahead of the log." : null,
      checkedAt: this.now(),
      tookMs: 38,
    };
  };

  doctor: Backend["doctor"] = async () => {
    await this.answer();
    return { lines: DOCTOR };
  };

  appReconcile: Backend["appReconcile"] = async () => {
    await this.answer();
    this.change("audit");
    return { resolved: 1, unresolved: 0 };
  };

  appPainted: Backend["appPainted"] = () => Promise.resolve();

  onProgress: Backend["onProgress"] = (heard) => {
    this.progress.add(heard);
    return () => this.progress.delete(heard);
  };

  onChanged: Backend["onChanged"] = (heard) => {
    this.changed.add(heard);
    return () => this.changed.delete(heard);
  };

  private async answer(): Promise<void> {
    if (this.pretence.state === "loading") await forever;
    await wait(this.pretence.delay);
    if (this.pretence.state === "error") throw failure("network_connect");
    if (this.pretence.fail) throw failure(this.pretence.fail);
  }

  private tell(progress: ActProgress): void {
    for (const heard of this.progress) heard(progress);
  }

  private change(...topics: Changed["topics"]): void {
    for (const heard of this.changed) heard({ topics });
  }

  private opened(actId: string, request: OpenRequest): OpenView {
    const at = this.now();
    const row = this.directory.opened(request.merchantId, at);
    this.profile = { ...this.profile, suggestedMerchant: null };
    const [pattern] = sessionsOf(this.profile.environment, at);
    const id = `session-${actId}`;
    const fresh = {
      ...(pattern as SessionView),
      id,
      merchantId: row.id,
      merchantName: row.name,
      reference: row.reference,
    };
    const times = { createdAt: at, linkDeadAt: at + 60_000, fetchedAt: null, expiresAt: at + 8 * 3_600_000 };
    const who = request.openAs ? { principal: request.openAs, openAs: true } : {};
    this.sessions = [{ ...fresh, ...times, ...who, state: "waiting" }, ...this.sessions];
    this.change("sessions", "merchants", "audit");
    return {
      sessionId: id,
      deepLinkId: id,
      merchantId: row.id,
      expiresAt: times.expiresAt,
      intentSeq: AUDIT_SIZE + 1,
      outcomeSeq: AUDIT_SIZE + 2,
      actId,
    };
  }

  private fetched(actId: string, view: OpenView): void {
    const { sessionId, merchantId } = view;
    const use = (s: SessionView): SessionView => ({ ...s, state: "used", fetchedAt: this.now() });
    this.sessions = this.sessions.map((session) => (session.id === sessionId ? use(session) : session));
    this.tell({ actId, merchantId, step: "opened", text: "firefox", ms: 310 });
    this.change("sessions");
  }
}

export const backend: Backend = makeFake(pretenceFrom(globalThis.location?.search ?? ""));
