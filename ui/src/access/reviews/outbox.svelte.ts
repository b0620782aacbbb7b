/**
 * Decisions on their way to Rust: one queue a review, sent in order, so that what waits in one review never stands in the way of another.
 * What cannot be sent for now (a full disk, a locked Gatehouse) stays and holds its queue; what Rust refuses is taken off and handed back.
 * Absent on purpose: what is painted; whoever put a decision in does that.
 */
import { backend } from "#backend";
import type { ReviewLineView, ReviewProgress, VerdictWord } from "../../ipc/backend";
import { toProblem, type Problem } from "../../ipc/problem";

export interface Sent {
  id: string;
  line: number;
  verdict: VerdictWord | null;
  note: string | null;
  /** Where it was painted, what stood there before, and what since. */
  index: number;
  before: ReviewLineView;
  after: ReviewLineView;
}

interface Heard {
  /** Everything that was decided in a review is durable. */
  settled: (id: string, progress: ReviewProgress) => void;
  /** Refused for good; nothing of the review waits any more when this is called. */
  refused: (sent: Sent[], problem: Problem) => void;
}

class Queue {
  readonly waiting: Sent[] = [];
  held: Problem | null = null;
  pumping: Promise<void> | null = null;
}

/** A locked Gatehouse takes the decision once it is unlocked. */
const passes = ({ kind, code }: Problem): boolean => kind === "unavailable" || code === "app_locked";

export class Outbox {
  private version = $state(0);
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly heard: Heard) {}

  /** How much of a review is not durable yet. */
  waiting(id: string | undefined): number {
    void this.version;
    return this.queues.get(id ?? "")?.waiting.length ?? 0;
  }

  /** Why nothing more of a review is sent. */
  held(id: string | undefined): Problem | null {
    void this.version;
    return this.queues.get(id ?? "")?.held ?? null;
  }

  put(sent: Sent): void {
    this.of(sent.id).waiting.push(sent);
    this.version += 1;
    void this.flush(sent.id);
  }

  retry(id: string): void {
    this.of(id).held = null;
    this.version += 1;
    void this.flush(id);
  }

  /** Waits until everything that was decided in a review is durable, refused or held back. */
  flush(id: string): Promise<void> {
    const queue = this.of(id);
    queue.pumping ??= this.pump(queue).finally(() => (queue.pumping = null));
    return queue.pumping;
  }

  private of(id: string): Queue {
    const queue = this.queues.get(id) ?? new Queue();
    this.queues.set(id, queue);
    return queue;
  }

  private async pump(queue: Queue): Promise<void> {
    const refused: Sent[] = [];
    let why: Problem | null = null;
    for (let next = queue.waiting[0]; next && !queue.held; next = queue.waiting[0]) {
      const { id, line, verdict, note } = next;
      try {
        const progress = await backend.reviewDecide({ id, line, verdict, note });
        queue.waiting.shift();
        if (queue.waiting.length === 0) this.heard.settled(id, progress);
      } catch (thrown) {
        const problem = toProblem(thrown);
        if (passes(problem)) queue.held = problem;
        else {
          queue.waiting.shift();
          why ??= problem;
          refused.push(next);
        }
      }
      this.version += 1;
    }
    if (why) this.heard.refused(refused, why);
  }
}
