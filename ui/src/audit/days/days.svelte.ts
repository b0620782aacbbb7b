/**
 * The daily review as the screen sees it: a month of days, the chosen day, its sign-off.
 * Absent on purpose: rules; what is new or odd is found by Rust.
 */
import { backend } from "#backend";
import type { DayReview, DayState } from "../../ipc/backend";
import { toProblem, type Problem } from "../../ipc/problem";
import { dayOf, firstOfMonth, lastOfMonth, plusDays } from "../month";

export class Days {
  readonly today: string;
  chosen: string = $state("");
  states: Map<string, DayState> = $state.raw(new Map());
  review: DayReview | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  dayProblem: Problem | null = $state.raw(null);
  answered = $state(false);
  private month = "";
  private asked = 0;
  private askedDay = 0;

  constructor(now: number) {
    this.today = dayOf(now);
    this.chosen = plusDays(this.today, -1);
  }

  async start(): Promise<void> {
    await Promise.all([this.load(), this.look()]);
  }

  async choose(day: string): Promise<void> {
    if (day === this.chosen) return;
    this.chosen = day;
    await Promise.all([this.month === firstOfMonth(day) ? undefined : this.load(), this.look()]);
  }

  async load(): Promise<void> {
    const mine = (this.asked += 1);
    const month = firstOfMonth(this.chosen);
    try {
      const states = await backend.auditDays(month, lastOfMonth(month));
      if (mine !== this.asked) return;
      this.states = new Map(states.map((state) => [state.day, state]));
      [this.month, this.problem, this.answered] = [month, null, true];
    } catch (thrown) {
      if (mine === this.asked) this.problem = toProblem(thrown);
    }
  }

  async look(): Promise<void> {
    const mine = (this.askedDay += 1);
    try {
      const review = await backend.auditDay(this.chosen);
      if (mine !== this.askedDay) return;
      [this.review, this.dayProblem] = [review, null];
    } catch (thrown) {
      if (mine === this.askedDay) [this.review, this.dayProblem] = [null, toProblem(thrown)];
    }
  }

  async sign(note: string): Promise<void> {
    const day = this.chosen;
    const review = await backend.auditSignOff(day, note.trim() || null);
    if (day === this.chosen) this.review = review;
    await this.load();
  }
}

/** How a day stands, in a word that a narrow cell holds, and the shape before it. */
export type Standing = "signed" | "due" | "open" | "none";

export function standing(state: DayState | undefined, today: string): Standing {
  if (!state || state.entries === 0) return "none";
  if (state.signed) return "signed";
  return state.day >= today ? "open" : "due";
}

/** The words of a day's state; never its colour alone. */
export function standingWords(state: DayState | undefined, today: string): { short: string; long: string } {
  switch (standing(state, today)) {
    case "signed":
      return { short: "signed", long: state?.odd ? `signed off, ${state.odd} new or odd` : "signed off" };
    case "due":
      return { short: "due", long: "not signed off" };
    case "open":
      return { short: "today", long: "not over yet" };
    default:
      return { short: "", long: "no entries" };
  }
}
