/**
 * What the verdict line takes over from Rust without a click.
 * Absent on purpose: the words; `verdict.ts` has them, and the page tests see them.
 */
import { beforeEach, describe, expect, it, vi } from "vitest";

const { auditWork } = vi.hoisted(() => ({ auditWork: vi.fn() }));
vi.mock("#backend", () => ({ backend: { auditWork, auditVerify: vi.fn(), auditVerifyStop: vi.fn() } }));

import { workSaid } from "../src/audit/messages";
import { Verification } from "../src/audit/verification.svelte";

const verdict = (checkedAt: number, size: number) => ({
  verdict: "intact" as const,
  size,
  root: "",
  firstBadSeq: null,
  reason: null,
  checkedAt,
  tookMs: 1,
  witnessed: null,
  reviewed: null,
  notices: [],
});
const known = (more: object) => ({ verify: null, export: null, verdict: null, viewsWaiting: 0, ...more });

describe("a_verdict_that_nobody_asked_for", () => {
  beforeEach(() => vi.useFakeTimers());

  it("is_followed_to_its_end_and_stands_there_then", async () => {
    const verification = new Verification();
    auditWork.mockResolvedValueOnce(known({ verify: { step: "verifying", done: 3, of: 9 } }));
    auditWork.mockResolvedValueOnce(known({ verdict: verdict(5, 9), viewsWaiting: 2 }));
    await verification.look();
    expect(verification.unasked?.done, "how far it is").toBe(3);
    await vi.advanceTimersByTimeAsync(250);
    expect(verification.unasked, "it is over").toBeNull();
    expect(verification.verdict?.size, "and says to where").toBe(9);
    expect(verification.viewsWaiting, "looks that wait are told with it").toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(auditWork, "nobody asks on and on").toHaveBeenCalledTimes(2);
  });

  it("does_not_take_the_place_of_a_newer_one", async () => {
    const verification = new Verification();
    verification.verdict = verdict(20, 12);
    auditWork.mockResolvedValueOnce(known({ verdict: verdict(10, 9) }));
    await verification.look();
    expect(verification.verdict.size, "the newer one stays").toBe(12);
  });
});

describe("how_far_a_work_is", () => {
  it("is_said_in_its_own_measure", () => {
    expect(workSaid(null)).toBe("Waiting for the place to write to");
    expect(workSaid({ step: "copying", done: 1, of: 4 })).toBe("Copying, 25%");
    expect(workSaid({ step: "verifying", done: 1000, of: 4000 })).toBe("Verifying, 25% of 4,000 entries");
  });
});
