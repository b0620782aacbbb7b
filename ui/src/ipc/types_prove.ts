/**
 * The views of trials, a proof of an integration and the scripted scenarios, and of the advice which scope fits.
 * Absent on purpose: the token and the page's address.
 */
import type { CommandError } from "./backend";
import type { Presence } from "./types_tokens";

export interface TrialWish {
  merchantId: string;
  returnUrl: string;
}

export interface ProofStepView {
  step: string;
  expected: string;
  /** Null while it did not end. */
  found: string | null;
  good: boolean;
  seq: number | null;
}

export interface ProofFacts {
  passed: boolean;
  merchant: string;
  begunAt: string;
  fingerprint: string | null;
}

export interface ProofView {
  steps: ProofStepView[];
  running: boolean;
  stopping: boolean;
  /** The request that the customer has to answer now. */
  consent: string | null;
  proof: ProofFacts | null;
  problem: CommandError | null;
}

export type ProofForm = "json" | "page" | "pdf";

export interface ScenariosFacts {
  passed: boolean;
  /** Whether they were ended before their end. */
  stopped: boolean;
  merchant: string;
  begunAt: string;
}

export interface ScenariosView {
  /** All of them in their order. */
  steps: ProofStepView[];
  running: boolean;
  stopping: boolean;
  done: ScenariosFacts | null;
  problem: CommandError | null;
}

export type ScenariosForm = "json" | "csv";

export interface ScopeAdviceView {
  presence: Presence;
  why: string;
}
