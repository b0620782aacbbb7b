/**
 * A backend in memory for unit tests, pictures and design work; the page's address chooses what it pretends:
 * `?state=full|empty|loading|error|first`, `&profile=sandbox|test|live`, `&theme=light|dark`, `&delay=ms`, `&fail=code`, `&merchants=n`, `&alarm=1`, `&keyring=state`, `&sealed=1`, `&lock=open|locked`, `&network=system|proxy|pac|gnome`, `&bridge=none|button|saml|flawed|moved`.
 * Absent on purpose: rules, which are decided and tested in Rust.
 */
import { askingForPassphrase } from "./asking";
import type { ActProgress, Backend, Changed, Environment } from "./backend";
import { alarmOf } from "./fake_audit";
import { actsOf } from "./fake_audit_data";
import { SETUP, profileOf, sessionsOf } from "./fake_data";
import { FakeDirectory } from "./fake_directory";
import { partsOf, type Parts } from "./fake_parts";
import * as pretended from "./fake_pretence";
import { failure, forever, pretenceFrom, wait, type Pretence } from "./fake_pretence";
import { FakeLock } from "./fake_lock";
import { FakeSeal } from "./fake_secrets";
import type { Host } from "./fake_setup";
import { isKnownCode } from "./problem";
import type { AppStateView, MerchantRow, OpenRequest, OpenView, ProfileView, SessionView, Theme } from "./types";

/** Makes a backend for one pretence. Nothing is shared between two of them. */
export function makeFake(pretence: Pretence, now: () => number = Date.now): Backend {
  const fake = new Fake(pretence, now);
  return Object.assign(fake, partsOf(fake, pretence, now));
}

class Fake implements Omit<Backend, keyof Parts> {
  private readonly progress = new Set<(progress: ActProgress) => void>();
  private readonly changed = new Set<(changed: Changed) => void>();
  private readonly directory: FakeDirectory;
  private profile: ProfileView;
  private sessions: SessionView[];
  private first: boolean;
  private theme: Theme;
  private readonly seal: FakeSeal;
  readonly lock: FakeLock;
  private acts = 0;

  constructor(
    private readonly pretence: Pretence,
    private readonly now: () => number,
  ) {
    this.directory = new FakeDirectory(pretence.state === "empty" ? 0 : pretence.merchants, pretence.profile, now());
    this.profile = profileOf(pretence.profile);
    this.sessions = pretence.state === "empty" ? [] : sessionsOf(pretence.profile, now());
    this.first = pretence.state === "first";
    this.theme = pretence.theme;
    this.seal = new FakeSeal(pretence.sealed);
    this.lock = new FakeLock(pretence.lock);
    document.addEventListener("fake:fail", (event) => {
      const code: unknown = event instanceof CustomEvent ? event.detail : null;
      this.pretence.fail = isKnownCode(code) ? code : null;
    });
  }

  host(): Host {
    return {
      answer: () => this.act(),
      change: (...topics) => this.change(...topics),
      begun: (environment) => this.begun(environment),
      empty: this.pretence.state === "empty",
      environment: this.pretence.profile,
      now: this.now,
    };
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
      liveSessions: this.sessions.filter((session) => session.state !== "ended").length,
      unresolved: this.pretence.state === "empty" ? 0 : 1,
      keyring: this.pretence.keyring,
      logAlarm: alarmOf(this.pretence),
      theme: this.theme,
      lock: this.lock.view(),
    };
  }

  profileTrySandbox: Backend["profileTrySandbox"] = async () => {
    for (const [index, text] of SETUP.entries()) {
      this.tell({ actId: "setup", merchantId: null, step: "setup", text, ms: index * 400 });
      await wait(this.pretence.delay * 60);
      if (index === 1) await this.answer();
    }
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

  settingsSave: Backend["settingsSave"] = async ({
    theme,
    bulkGrants,
    bulkRevokes,
    tokenCopies,
    adminOnLive,
    ...change
  }) => {
    await this.act();
    if (theme) this.theme = theme;
    const rules = Object.entries({ bulkGrants, bulkRevokes, tokenCopies, adminOnLive }).filter(([, rule]) => rule);
    const approvals = { ...this.profile.approvals, ...Object.fromEntries(rules) };
    this.profile = { ...this.profile, ...change, approvals };
    this.change("settings", "profile");
    return this.profile;
  };

  merchantsSearch: Backend["merchantsSearch"] = async (request) => {
    await this.answer();
    return this.directory.search(request);
  };

  merchantsAhead: Backend["merchantsAhead"] = async ({ query, count }) => {
    await this.answer();
    const queries = [..."aeio"].map((letter) => query + letter);
    return queries.map((one) => ({ query: one, found: this.directory.search({ query: one, first: 0, count }) }));
  };

  merchantDetail: Backend["merchantDetail"] = async (id) => {
    await this.answer();
    const row = this.directory.get(id);
    const refreshedAt = this.directory.refreshedAt(row, this.now() - 2 * 3_600_000);
    const sessions = this.sessions.filter((session) => session.merchantId === id && session.state !== "ended");
    const acts = actsOf(this.profile.environment, this.now());
    const timeline = acts
      .filter(({ phase }) => phase === "act")
      .filter((_, at) => at % 9 === 0)
      .slice(0, 4);
    const named = timeline.map((act) => ({ ...act, merchantName: row.name }));
    return { row, refreshedAt, account: this.profile.account, people: 3, sessions, timeline: named };
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
    await this.act();
    return pretended.IMPORTED;
  };

  portalWarm: Backend["portalWarm"] = () => Promise.resolve();

  portalOpen: Backend["portalOpen"] = async (request) => {
    this.seal.check();
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
    await this.act();
    this.lock.risky("copy_link");
    return this.opened(`act-${(this.acts += 1)}`, request);
  };

  sessionsList: Backend["sessionsList"] = () => this.answer().then(() => [...this.sessions]);

  sessionRevoke: Backend["sessionRevoke"] = async (id) => {
    await this.act();
    const [revokedAt, outBy] = [this.now(), this.now() + 300_000];
    const end = (s: SessionView): SessionView => ({ ...s, state: "revoking", revokedAt, outBy });
    this.sessions = this.sessions.map((session) => (session.id === id ? end(session) : session));
    this.change("sessions", "audit");
    return this.sessions.find((session) => session.id === id) ?? Promise.reject(failure("session_unknown"));
  };

  sessionsRevokeAll: Backend["sessionsRevokeAll"] = async () => {
    const live = this.sessions.filter(({ state }) => state === "used" || state === "waiting");
    for (const { id } of live) await this.sessionRevoke(id);
    return { revoked: live.length, failed: 0 };
  };

  sessionReopen: Backend["sessionReopen"] = async (id) => {
    const merchantId = this.sessions.find((one) => one.id === id)?.merchantId ?? "";
    return this.portalOpen({ merchantId, openAs: null, reason: null, roles: null, unsigned: false });
  };

  appReconcile: Backend["appReconcile"] = async () => {
    await this.answer();
    this.change("audit");
    return { resolved: 1, unresolved: 0 };
  };

  secretUnlock: Backend["secretUnlock"] = (passphrase) => this.answer().then(() => this.seal.open(passphrase));

  secretTrySandbox: Backend["secretTrySandbox"] = () => {
    this.profile = { ...this.profile, keyStore: "file" };
    return this.profileTrySandbox();
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

  readonly answer = async (): Promise<void> => {
    if (this.pretence.state === "loading") await forever;
    await wait(this.pretence.delay);
    if (this.pretence.state === "error") throw failure("network_connect");
    if (this.pretence.fail) throw failure(this.pretence.fail);
  };

  private async act(): Promise<void> {
    await this.answer();
    this.seal.check();
  }

  private begun(environment: Environment): void {
    [this.first, this.profile] = [false, { ...profileOf(environment), signing: null, mtls: null }];
    this.change("profile", "merchants");
  }

  private tell(progress: ActProgress): void {
    for (const heard of this.progress) heard(progress);
  }

  merchantOf(id: string): MerchantRow {
    return this.directory.get(id);
  }

  change(...topics: Changed["topics"]): void {
    for (const heard of this.changed) heard({ topics });
  }

  private opened(actId: string, request: OpenRequest): OpenView {
    const at = this.now();
    const row = this.directory.opened(request.merchantId, at);
    this.profile = { ...this.profile, suggestedMerchant: null };
    const id = `session-${actId}`;
    this.sessions = [pretended.freshSession(id, row, request.openAs, this.profile.environment, at), ...this.sessions];
    this.change("sessions", "merchants", "audit");
    return pretended.openView(actId, id, row.id, at);
  }

  private fetched(actId: string, { sessionId, merchantId }: OpenView): void {
    const used = { state: "used", fetchedAt: this.now() } as const;
    this.sessions = this.sessions.map((s) => (s.id === sessionId ? { ...s, ...used } : s));
    this.tell({ actId, merchantId, step: "opened", text: "firefox", ms: 310 });
    this.change("sessions");
  }
}

export const backend: Backend = askingForPassphrase(makeFake(pretenceFrom(globalThis.location?.search ?? "")));
