/** The review desk: what Rust refuses is put back and holds nothing up; what cannot be sent for now waits in its own review. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { desk } from "../src/access/reviews/desk.svelte";
import Reviews from "../src/access/reviews/Reviews.svelte";
import { app } from "../src/frame/app_state.svelte";
import { notices } from "../src/frame/dialogs.svelte";
import type { AppStateView, DecisionWish, ReviewLineView, ReviewView } from "../src/ipc/backend";
import { failure, pretenceFrom } from "../src/ipc/fake_pretence";
import { reviewed } from "../src/ipc/fake_reviews";

const NOON = Date.UTC(2026, 10, 20, 12);
let reviews: ReviewView[] = [];
let refuse: (wish: DecisionWish) => Parameters<typeof failure>[0] | null = () => null;
let sent: string[] = [];

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await tick();
};
const stands = (line: number): ReviewLineView["verdict"] => desk.row(line - 1)?.verdict ?? null;
const using = (name: string): void => {
  app.state = { active: { name } } as AppStateView;
};

async function open(review: ReviewView | undefined): Promise<void> {
  if (!review) throw new Error("there is no such review");
  await desk.show(review);
}

beforeEach(async () => {
  const fake = reviewed({
    pretence: { ...pretenceFrom(""), delay: 0 },
    now: () => NOON,
    answer: () => Promise.resolve(),
  });
  for (const name of Object.keys(fake) as (keyof typeof fake)[])
    vi.spyOn(backend, name).mockImplementation(fake[name] as never);
  vi.spyOn(backend, "reviewDecide").mockImplementation(async (wish) => {
    const code = refuse(wish);
    if (code) throw failure(code);
    sent.push(`${wish.id} ${wish.line} ${wish.verdict}`);
    return fake.reviewDecide(wish);
  });
  [refuse, sent] = [() => null, []];
  for (const name of ["One", "Two"]) await backend.reviewStart({ name, scope: "all" });
  reviews = (await backend.reviewsList()).reviews;
  using("first");
});

afterEach(() => {
  desk.leave();
  app.state = null;
  notices.current = null;
  vi.restoreAllMocks();
});

const named = (name: string): ReviewView | undefined => reviews.find((review) => review.name === name);

describe("a decision that Rust refuses", () => {
  it.each(["review_closed", "review_missing", "role_missing"] as const)("is_put_back_and_told: %s", async (code) => {
    await open(named("One"));
    refuse = ({ line }) => (line === 1 ? code : null);
    desk.decide("revoke", null);
    expect(stands(1), "painted at once").toBe("revoke");
    await settle();
    expect(stands(1), "shown as it was").toBeNull();
    expect([desk.waiting, desk.held], "nothing waits").toEqual([0, null]);
    expect(desk.review?.progress, "the counts too").toMatchObject({ decided: 0, revoked: 0 });
    expect(notices.current).toMatchObject({ bad: true, text: expect.stringContaining("1 decision was not taken") });
    desk.decide("keep", null);
    await settle();
    expect(sent, "the next one is sent").toEqual([`${named("One")?.id} 2 keep`]);
    expect(stands(2)).toBe("keep");
  });

  it("gives_way_to_what_was_decided_on_the_line_since", async () => {
    await open(named("One"));
    refuse = ({ verdict }) => (verdict === "revoke" ? "input_invalid" : null);
    desk.decide("revoke", "too long");
    desk.go(0);
    desk.decide("keep", null);
    await settle();
    expect(stands(1), "the later decision stands").toBe("keep");
  });

  it("is_put_back_as_far_as_the_line_was_decided_before", async () => {
    await open(named("One"));
    desk.decide("keep", null);
    await settle();
    refuse = () => "review_closed";
    for (const verdict of ["revoke", "keep", "revoke"] as const) {
      desk.go(0);
      desk.decide(verdict, null);
    }
    await settle();
    expect(stands(1), "what is durable").toBe("keep");
  });

  it("of_a_review_that_is_closed_closes_the_desk_to_more", async () => {
    const one = named("One");
    await open(one);
    await backend.reviewSignOff({ id: one?.id ?? "", typed: "One", undecidedRevoke: true });
    refuse = () => "review_closed";
    desk.decide("keep", null);
    await settle();
    expect(desk.open, "read anew").toBe(false);
  });
});

describe("a decision that cannot be sent for now", () => {
  it.each(["disk_full", "database_busy", "app_locked"] as const)("waits_and_is_sent_again: %s", async (code) => {
    await open(named("One"));
    refuse = () => code;
    desk.decide("keep", null);
    desk.decide("revoke", null);
    await settle();
    expect([desk.waiting, desk.held?.code]).toEqual([2, code]);
    expect([stands(1), stands(2)], "both stay painted").toEqual(["keep", "revoke"]);
    refuse = () => null;
    desk.retry();
    await settle();
    const id = named("One")?.id;
    expect(sent, "in order").toEqual([`${id} 1 keep`, `${id} 2 revoke`]);
    expect([desk.waiting, desk.held]).toEqual([0, null]);
  });

  it("holds_up_no_other_review", async () => {
    const [one, two] = [named("One"), named("Two")];
    await open(one);
    refuse = ({ id }) => (id === one?.id ? "disk_full" : null);
    desk.decide("keep", null);
    await settle();
    await open(two);
    expect(desk.held, "the other's trouble is not this one's").toBeNull();
    desk.decide("revoke", null);
    await settle();
    expect(sent).toEqual([`${two?.id} 1 revoke`]);
    await open(one);
    expect([desk.waiting, desk.held?.code], "and it is not lost").toEqual([1, "disk_full"]);
    refuse = () => null;
    desk.retry();
    await settle();
  });
});

describe("another profile", () => {
  it("leaves_the_desk_even_where_it_was_chosen_on_another_screen", async () => {
    await open(named("One"));
    const shown = mount(Reviews, { target: document.body });
    flushSync();
    expect(desk.review, "the same profile keeps it").not.toBeNull();
    using("second");
    flushSync();
    expect(desk.review, "heard while it is shown").toBeNull();
    unmount(shown);
    await open(named("One"));
    using("third");
    const again = mount(Reviews, { target: document.body });
    flushSync();
    expect(desk.review, "and when it is shown again").toBeNull();
    unmount(again);
  });
});
