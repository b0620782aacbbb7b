/** The first look: who is asked about in the background, when, and how quietly. */
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { notices } from "../src/frame/dialogs.svelte";
import type { MerchantRow, OpenView } from "../src/ipc/backend";
import { acts, plain } from "../src/portal/acts.svelte";
import { FirstLook, looks, REST } from "../src/merchants/first_look.svelte";
import { paneState } from "../src/merchants/messages";

interface Seen {
  row: MerchantRow;
  refreshedAt: number | null;
}

const seen = (id: string, state: MerchantRow["state"] = "UNKNOWN", refreshedAt: number | null = null): Seen => ({
  row: {
    id,
    name: id,
    reference: "",
    state,
    country: "SE",
    tags: [],
    pinned: false,
    openedAt: null,
    matched: [],
  },
  refreshedAt,
});

/** A pane that shows what it is told, and what takes it away. */
function pane(look: FirstLook): { show: (next: Seen | null) => void; gone: () => void } {
  let shown = $state.raw<Seen | null>(null);
  const gone = $effect.root(() => looks(() => shown, look));
  const show = (next: Seen | null): void => {
    shown = next;
    flushSync();
  };
  return { show, gone };
}

const rest = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
};

let look: FirstLook;
let view: ReturnType<typeof pane>;
const refresh = vi.fn<(id: string) => Promise<MerchantRow>>();
const asked = (): string[] => refresh.mock.calls.map(([id]) => id);

beforeEach(() => {
  vi.useFakeTimers();
  refresh.mockReset();
  refresh.mockImplementation((id) => Promise.resolve(seen(id, "OPERATIONAL").row));
  vi.spyOn(backend, "merchantRefresh").mockImplementation(refresh);
  look = new FirstLook();
  view = pane(look);
});

afterEach(() => {
  view.gone();
  vi.useRealTimers();
});

describe("a merchant that Klarna was never asked about", () => {
  it("is_asked_about_once_it_rests", async () => {
    view.show(seen("a"));
    await rest(REST - 1);
    expect(asked(), "not while the selection may still move").toEqual([]);
    await rest(1);
    expect(asked()).toEqual(["a"]);
    await rest(REST * 5);
    view.show(seen("b", "OPERATIONAL", 1));
    view.show(seen("a"));
    await rest(REST * 5);
    expect(asked(), "not again within this run").toEqual(["a"]);
  });

  it("is_passed_by_when_the_selection_moves_on", async () => {
    for (const id of ["a", "b", "c"]) {
      view.show(seen(id));
      await rest(REST / 2);
    }
    await rest(REST);
    expect(asked(), "only where it rested").toEqual(["c"]);
  });

  it("waits_for_the_one_that_is_being_asked_about", async () => {
    let done: (row: MerchantRow) => void = () => undefined;
    refresh.mockImplementationOnce(() => new Promise((resolve) => (done = resolve)));
    view.show(seen("a"));
    await rest(REST);
    view.show(seen("b"));
    await rest(REST * 3);
    expect(asked(), "one at a time").toEqual(["a"]);
    done(seen("a").row);
    await rest(REST);
    expect(asked(), "then the next").toEqual(["a", "b"]);
  });

  it("waits_while_an_open_runs", async () => {
    let done: (view: OpenView) => void = () => undefined;
    vi.spyOn(backend, "portalOpen").mockImplementation(() => new Promise((resolve) => (done = resolve)));
    void acts.open(plain("m"), "M");
    view.show(seen("a"));
    await rest(REST * 3);
    expect(asked(), "the open has the line for itself").toEqual([]);
    done({
      sessionId: "s",
      deepLinkId: "d",
      merchantId: "m",
      expiresAt: 0,
      intentSeq: 1,
      outcomeSeq: 2,
      actId: "act-1",
    });
    await rest(REST + 1);
    expect(asked()).toEqual(["a"]);
  });

  it("fails_quietly_and_once", async () => {
    const say = vi.spyOn(notices, "say");
    refresh.mockRejectedValue({ code: "network_connect", message: "", hint: "", reference: "" });
    view.show(seen("a"));
    await rest(REST * 5);
    expect(look.problems.get("a")?.code, "the pane's line can say why").toBe("network_connect");
    expect(say, "no notice").not.toHaveBeenCalled();
    expect(asked(), "no second try by itself").toEqual(["a"]);
  });
});

describe("a merchant that Klarna was asked about", () => {
  it("is_left_alone", async () => {
    view.show(seen("a", "DISABLED", 1));
    await rest(REST * 3);
    expect(asked()).toEqual([]);
  });

  it.each([
    ["UNKNOWN", null, "not asked of Klarna yet"],
    ["UNKNOWN", 1, "state not known"],
    ["OPERATIONAL", 1, "operational"],
    ["PARTIALLY_OPERATIONAL", 1, "partly operational"],
  ] as const)("%s_refreshed_at_%s_reads_%s", (state, at, words) => expect(paneState(state, at)).toBe(words));
});
