/**
 * The parts of the in-memory backend that stand in files of their own, put together.
 * Absent on purpose: what they pretend.
 */
import { accessed, type AccessCommands } from "./fake_access";
import { logged, type AuditHost, type LogCommands } from "./fake_audit";
import { keeping, type KeepCommands } from "./fake_audit_keep";
import { bridged, type BridgeCommands } from "./fake_bridge";
import { doctored, type DoctorCommands } from "./fake_doctor";
import { hardware, type HardwareCommands } from "./fake_hardware";
import { guarded, type FakeLock, type Guarded } from "./fake_lock";
import { linked, type LinkingCommands } from "./fake_linking";
import { networked, type NetworkCommands } from "./fake_network";
import type { ImportCommands } from "./fake_import";
import { planned, type PlanCommands } from "./fake_plans";
import type { Pretence } from "./fake_pretence";
import { proven, type ProofCommands } from "./fake_prove";
import { scripted, type ScenarioCommands } from "./fake_scenarios";
import { reviewed, type ReviewCommands } from "./fake_reviews";
import { FakeSetup, type Host, type SetupCommands } from "./fake_setup";
import type { ConsentCommands } from "./fake_consents";
import { tabled, type TableCommands } from "./fake_tables";
import { tooled, type ToolCommands } from "./fake_tools";
import { vaulted, type TokenCommands } from "./fake_tokens";
import type { Topic } from "./types";

/** Everything that is not the fake's own. */
export type Parts = AccessCommands &
  BridgeCommands &
  DoctorCommands &
  Guarded &
  HardwareCommands &
  KeepCommands &
  LinkingCommands &
  LogCommands &
  NetworkCommands &
  PlanCommands &
  ReviewCommands &
  SetupCommands &
  TableCommands &
  ImportCommands &
  ProofCommands &
  ScenarioCommands &
  ToolCommands &
  TokenCommands &
  ConsentCommands;

/** What the parts need of the fake. */
interface Whole {
  lock: FakeLock;
  merchantOf: (id: string) => { name: string; reference: string };
  host: () => Host;
  answer: () => Promise<void>;
  change: (...topics: Topic[]) => void;
}

/** Makes the parts. */
export function partsOf(whole: Whole, pretence: Pretence, now: () => number): Parts {
  const { answer } = whole;
  const work: AuditHost["work"] = { verify: null, export: null, verdict: null, stop: false };
  const audit: AuditHost = { pretence, now, answer, change: () => whole.change("audit"), work };
  const setup = new FakeSetup(whole.host()).commands();
  const tokens = vaulted({ pretence, now, answer, change: (...topics) => whole.change(...topics) }, (id) =>
    whole.merchantOf(id),
  );
  return Object.assign(
    accessed({ pretence, now, answer, change: (...topics) => whole.change(...topics) }),
    guarded(whole.lock, answer),
    bridged(pretence.bridge, now, answer),
    doctored(answer),
    hardware(answer, () => setup.keyCreate("", "jwt-signing")),
    keeping(audit),
    logged(audit),
    networked(pretence.network, answer),
    planned(pretence, now(), answer),
    reviewed({ pretence, now, answer }),
    setup,
    proven({ pretence, now, answer, change: (...topics) => whole.change(...topics) }),
    scripted({ pretence, now, answer, change: (...topics) => whole.change(...topics) }),
    tabled({ pretence, now, answer, change: (...topics) => whole.change(...topics) }),
    tooled(answer),
    tokens,
    linked({ pretence, now, answer, change: (...topics) => whole.change(...topics) }, tokens.tokenShow, (id) =>
      whole.merchantOf(id),
    ),
  );
}
