/**
 * The question that the audit screen asks: its text, what is wrong with it, and the three answers (acts, counts, bars), asked together.
 * While a text cannot be answered, the last good answer stays. It outlives the screen, so that coming back finds what was asked.
 * Absent on purpose: what the text means; Rust reads it.
 */
import { backend } from "#backend";
import type { Facet, Histogram, QueryFault } from "../ipc/backend";
import { Log } from "./log.svelte";

const TYPING = 120;
const CATCHING_UP = 500;
export const BARS = 60;

const MOST_SEEN = 200;

/** The values of both, each once. */
function together(before: readonly Facet[], now: readonly Facet[]): Facet[] {
  return now.map((facet) => {
    const known = before.find(({ field }) => field === facet.field)?.values ?? [];
    const others = known.filter(({ value }) => !facet.values.some((one) => one.value === value));
    return { ...facet, values: [...facet.values, ...others].slice(0, MOST_SEEN) };
  });
}

export class Question {
  text = $state("");
  fault: QueryFault | null = $state.raw(null);
  facets: Facet[] = $state.raw([]);
  histogram: Histogram | null = $state.raw(null);
  /** Every value that was counted since the window opened, for completion: what is typed half narrows it to nothing. */
  seen: Facet[] = $state.raw([]);
  readonly log = new Log();
  /** Entries came while the list was not at its top; it is not pulled away under anybody's eyes. */
  newer = $state(false);
  /** Whether the list is at its top with nothing unfolded. */
  rests = true;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  /** Takes what is typed; asks when the typing rests. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.ask(), TYPING);
  }

  /** Takes a whole question, such as a facet writes it, and asks at once. */
  go(text: string): void {
    this.text = text;
    clearTimeout(this.typing);
    void this.ask();
  }

  /** Asks for the text that stands there. */
  async ask(): Promise<void> {
    const mine = (this.asked += 1);
    const query = this.text.trim();
    const fault = await backend.auditQuery(query).catch(() => null);
    if (mine !== this.asked) return;
    this.fault = fault;
    if (fault) return;
    this.newer = false;
    await Promise.all([this.log.load(query), this.count(query, mine)]);
    if (mine === this.asked && this.log.indexed < this.log.size) this.again();
  }

  /** The log has grown or changed: what is shown is asked for again where that moves nothing, else it is said. */
  changed(): void {
    if (this.rests || !this.log.answered) void this.ask();
    else this.newer = true;
  }

  /** Forgets the answers; the text stays. */
  forget(): void {
    [this.facets, this.seen, this.histogram, this.fault, this.rests] = [[], [], null, null, true];
    this.log.forget();
  }

  /** While the lists still read the log, the answer is asked for again. */
  private again(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.changed(), CATCHING_UP);
  }

  /** Stops asking; the screen is left. */
  rest(): void {
    clearTimeout(this.typing);
  }

  private async count(query: string, mine: number): Promise<void> {
    const [facets, histogram] = await Promise.allSettled([
      backend.auditFacets(query),
      backend.auditHistogram({ query, bars: BARS }),
    ]);
    if (mine !== this.asked) return;
    this.facets = facets.status === "fulfilled" ? facets.value : [];
    this.seen = together(this.seen, this.facets);
    this.histogram = histogram.status === "fulfilled" ? histogram.value : null;
  }
}

export const question = new Question();
