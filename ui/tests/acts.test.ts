/** Opening: one act a press, the line of steps, and clocks that claim no more than is known. */
import { describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import type { ActProgress, OpenView, SessionView } from "../src/ipc/backend";
import { Acts, plain } from "../src/portal/acts.svelte";
import { sessionClock, spoken } from "../src/portal/clocks";

const opened: OpenView = {
  sessionId: "s",
  deepLinkId: "d",
  merchantId: "m",
  expiresAt: 0,
  intentSeq: 1,
  outcomeSeq: 2,
  actId: "act-1",
};
const step = (name: ActProgress["step"], text = "", ms = 0): ActProgress => ({
  actId: "act-1",
  merchantId: "m",
  step: name,
  text,
  ms,
});

describe("opening", () => {
  it("a_second_press_while_an_act_is_in_flight_does_nothing", async () => {
    let done: (view: OpenView) => void = () => undefined;
    const open = vi.spyOn(backend, "portalOpen").mockImplementation(() => new Promise((resolve) => (done = resolve)));
    const acts = new Acts(() => 0);
    const first = acts.open(plain("m"), "M");
    const line = acts.of("m");
    await Promise.all([acts.open(plain("m"), "M"), acts.copyLink(plain("m"), "M"), acts.reopen("s", "m", "M")]);
    expect(open, "Rust was asked once").toHaveBeenCalledTimes(1);
    expect(acts.of("m"), "the line is the first one's").toBe(line);
    done(opened);
    await first;
    expect(acts.of("m")?.phase, "the browser was asked").toBe("asked");
    void acts.open(plain("m"), "M");
    expect(open, "once it is over, the next press is a new act").toHaveBeenCalledTimes(2);
  });

  it("the_line_says_each_step_as_it_happens", async () => {
    vi.spyOn(backend, "portalOpen").mockResolvedValue(opened);
    const acts = new Acts(() => 0);
    const run = acts.open(plain("m"), "M");
    const steps = [
      step("recorded"),
      step("signed"),
      step("asked", "", 3),
      step("link", "", 86.6),
      step("browser-asked", "firefox", 90),
    ];
    for (const one of steps) acts.hear(one);
    await run;
    expect(acts.of("m")?.pieces.join(" · "), "up to the browser").toBe(
      "Recorded · signed · asked Klarna 84 ms · asking Firefox",
    );
    acts.hear(step("opened", "/usr/bin/firefox", 300));
    expect(acts.of("m")?.pieces.join(" · "), "opened is said when the link was fetched").toBe(
      "Recorded · signed · asked Klarna 84 ms · opened in Firefox",
    );
    expect(acts.of("m")?.phase, "and the ring ends").toBe("opened");
  });

  it("a_link_that_was_given_is_told_so_that_the_row_says_when", async () => {
    const open = vi.spyOn(backend, "portalOpen").mockResolvedValue(opened);
    const acts = new Acts(() => 0);
    const told = vi.fn();
    acts.whenOpened = told;
    await acts.open(plain("m"), "M");
    expect(told, "once for the open").toHaveBeenCalledTimes(1);
    open.mockRejectedValue({ code: "klarna_forbidden", message: "", hint: "", reference: "" });
    await acts.open(plain("m"), "M");
    expect(told, "not for a refusal").toHaveBeenCalledTimes(1);
  });

  it("steps_of_another_act_or_merchant_change_nothing", async () => {
    vi.spyOn(backend, "portalOpen").mockResolvedValue(opened);
    const acts = new Acts(() => 0);
    await acts.open(plain("m"), "M");
    acts.hear({ ...step("opened"), actId: "act-9" });
    acts.hear({ ...step("opened"), merchantId: "other" });
    acts.hear({ ...step("opened"), merchantId: null });
    expect(acts.of("m")?.phase, "still waiting for its own browser").toBe("asked");
  });

  it("a_refusal_keeps_what_was_asked_so_that_it_can_be_tried_again", async () => {
    vi.spyOn(backend, "portalOpen").mockRejectedValue({
      code: "klarna_forbidden",
      message: "No.",
      hint: "Ask.",
      reference: "r",
    });
    const acts = new Acts(() => 0);
    await acts.open({ ...plain("m"), reason: "ticket 7" }, "M");
    const act = acts.of("m");
    expect([act?.phase, act?.problem?.code, act?.request.reason]).toEqual(["failed", "klarna_forbidden", "ticket 7"]);
  });
});

describe("clocks", () => {
  const AT = new Date(2026, 10, 20, 14, 2, 0).getTime();
  const session = (change: Partial<SessionView>): SessionView => ({
    id: "s",
    deepLinkId: "d",
    merchantId: "m",
    merchantName: "Bageri Åsa",
    reference: "r",
    principal: "p",
    openAs: false,
    roles: [],
    unsigned: false,
    state: "used",
    createdAt: AT,
    linkDeadAt: AT + 60_000,
    fetchedAt: AT,
    expiresAt: AT + 8 * 3_600_000,
    revokedAt: null,
    outBy: null,
    browser: "Firefox",
    ended: null,
    ...change,
  });

  it("a_revocation_is_accepted_and_certainly_out_by_never_done", () => {
    const revoking = session({ state: "revoking", revokedAt: AT, outBy: AT + 300_000 });
    expect(sessionClock(revoking, AT).text, "what is known and by when").toBe(
      "Accepted 14:02. Certainly out by 14:07.",
    );
  });

  it.each([
    ["waiting", AT + 19_000, "link good for 41 s"],
    ["waiting", AT + 61_000, "link is dead"],
    ["used", AT + 1_140_000, "7 h 41 m left"],
    ["used", AT + 9 * 3_600_000, "time is up"],
  ] as const)("%s_at_%s_says_%s", (state, now, text) => expect(sessionClock(session({ state }), now).text).toBe(text));

  it.each([
    ["expired", "Ran out"],
    ["revoked", "Revoked"],
    ["link_not_used", "Link was not used"],
  ] as const)("ended_by_%s_says_%s", (ended, text) =>
    expect(sessionClock(session({ state: "ended", ended }), AT).text).toBe(text),
  );

  it("a_countdown_is_said_at_60_30_and_10_seconds_only", () => {
    const waiting = session({ state: "waiting", linkDeadAt: AT + 61_500 });
    const said: string[] = [];
    for (let now = AT; now < AT + 62_000; now += 1000) {
      const sentence = spoken(waiting, now - 1000, now);
      if (sentence) said.push(sentence);
    }
    expect(
      said.map((sentence) => /(\d+) seconds/.exec(sentence)?.[1]),
      "three times in a minute",
    ).toEqual(["60", "30", "10"]);
  });
});
