/**
 * The pretence of an app lock and of a list of persons, with the one passphrase of all pretences.
 * Absent on purpose: sealing, limits, roles that are enforced; Rust has them.
 */
import type { Backend, CommandError, LockCause, LockView, PersonsView } from "./backend";
import { failure, type Pretence } from "./fake_pretence";
import { FAKE_PASSPHRASE } from "./fake_secrets";

const FINGERPRINT = "8f14e45fceea167a5a36dedd4bea2543c0e1f2d3b4a5968778695a4b3c2d1e0f";

export class FakeLock {
  private set: boolean;
  private locked: LockCause | null;
  private confirmed = "";
  private limits = { idleMinutes: 10, absoluteHours: 12 };

  constructor(how: Pretence["lock"]) {
    this.set = how !== "none";
    this.locked = how === "locked" ? "idle" : null;
  }

  view(): LockView {
    const limits = this.set && !this.locked ? this.limits : { idleMinutes: null, absoluteHours: null };
    return { set: this.set, locked: this.locked, ...limits, waitSeconds: 0 };
  }

  now(): LockView {
    if (this.set) this.locked = "asked";
    return this.view();
  }

  unlock(passphrase: string): LockView {
    this.prove(passphrase);
    this.locked = null;
    return this.view();
  }

  confirm(deed: string, passphrase: string): void {
    this.prove(passphrase);
    this.confirmed = deed;
  }

  /** Refuses a risky deed that was not confirmed, and uses the confirmation up. */
  risky(deed: string): void {
    if (this.set && this.confirmed !== deed) throw failure("confirmation_needed");
    this.confirmed = "";
  }

  use(passphrase: string | null, idleMinutes: number, absoluteHours: number): LockView {
    if (passphrase !== null) this.prove(passphrase);
    this.set = true;
    this.limits = { idleMinutes, absoluteHours };
    return this.view();
  }

  remove(passphrase: string): LockView {
    this.prove(passphrase);
    this.set = false;
    return this.view();
  }

  private prove(passphrase: string): void {
    const wrong: CommandError = failure("passphrase_wrong");
    if (passphrase !== FAKE_PASSPHRASE) throw wrong;
  }
}

/** A list with the own person on it. */
class FakePersons {
  private view: PersonsView = {
    listed: false,
    ownRoles: ["operator", "approver", "reviewer", "administrator"],
    persons: [
      {
        name: "nora@acquirer.example",
        fingerprint: FINGERPRINT,
        roles: ["operator", "approver", "reviewer", "administrator"],
        own: true,
      },
    ],
  };

  list(): PersonsView {
    return this.view;
  }

  add(key: string, name: string, roles: string[]): PersonsView {
    if (key.length < 64) throw failure("input_invalid");
    const fingerprint = [...FINGERPRINT].reverse().join("");
    return this.show([...this.view.persons, { name, fingerprint, roles, own: false }]);
  }

  setRoles(fingerprint: string, roles: string[]): PersonsView {
    return this.show(this.view.persons.map((one) => (one.fingerprint === fingerprint ? { ...one, roles } : one)));
  }

  remove(fingerprint: string): PersonsView {
    return this.show(this.view.persons.filter((one) => one.fingerprint !== fingerprint));
  }

  private show(persons: PersonsView["persons"]): PersonsView {
    return (this.view = { ...this.view, listed: true, persons });
  }
}

/** What of a backend is about the lock and the persons. */
export type Guarded = Pick<
  Backend,
  | "appLock"
  | "appLockNow"
  | "secretUnlockApp"
  | "secretConfirm"
  | "secretLockSet"
  | "secretLockChange"
  | "secretLockRemove"
  | "personsList"
  | "personAdd"
  | "personRoles"
  | "personRemove"
>;

/** Makes that part; `answer` waits and fails as everything does. */
export function guarded(lock: FakeLock, answer: () => Promise<void>): Guarded {
  const persons = new FakePersons();
  const after = <T>(does: () => T): Promise<T> => answer().then(does);
  const trusting = (does: () => PersonsView): Promise<PersonsView> =>
    after(() => {
      lock.risky("manage_persons");
      return does();
    });
  return {
    appLock: () => Promise.resolve(lock.view()),
    appLockNow: () => after(() => lock.now()),
    secretUnlockApp: (given) => after(() => lock.unlock(given)),
    secretConfirm: (deed, given) => after(() => lock.confirm(deed, given)),
    secretLockSet: (_, idle, hours) => after(() => lock.use(null, idle, hours)),
    secretLockChange: (given, _, idle, hours) => after(() => lock.use(given, idle, hours)),
    secretLockRemove: (given) => after(() => lock.remove(given)),
    personsList: () => after(() => persons.list()),
    personAdd: (key, name, roles) => trusting(() => persons.add(key, name, roles)),
    personRoles: (whose, roles) => trusting(() => persons.setRoles(whose, roles)),
    personRemove: (whose) => trusting(() => persons.remove(whose)),
  };
}
