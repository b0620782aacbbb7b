/** Keys in the window: the next step is the only button, what cannot be undone is asked first, what ends soon is told once. */
import { flushSync, mount, tick, unmount, type Component } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import DialogHost from "../src/frame/DialogHost.svelte";
import { dialogs } from "../src/frame/dialogs.svelte";
import { queries } from "../src/frame/queries";
import { heldOf, keysOf, lifeOf, warningsOf } from "../src/ipc/fake_setup_data";
import type { ApiKeyStanding, KeyLifeView } from "../src/ipc/backend";
import Expiry from "../src/keys/Expiry.svelte";
import Keys from "../src/keys/Keys.svelte";
import { wizard } from "../src/setup/wizard.svelte";

const NOW = Date.UTC(2026, 10, 20);
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const part = <E extends HTMLElement>(css: string): E => document.querySelector<E>(css) as E;
const life = (state: KeyLifeView["state"], more: Partial<KeyLifeView> = {}): KeyLifeView => ({
  ...lifeOf("mtls", state, "live", NOW),
  ...more,
});

let shown: Record<string, unknown>[] = [];

async function rest(): Promise<void> {
  await wait(25);
  await tick();
  flushSync();
}

async function show(...screens: Component[]): Promise<void> {
  shown = screens.map((screen) => mount(screen, { target: document.body }));
  flushSync();
  await rest();
}

async function press(css: string): Promise<void> {
  part(css).click();
  await rest();
}

const withKeys = (...keys: KeyLifeView[]): unknown =>
  vi.spyOn(backend, "keysList").mockResolvedValue({ ...keysOf("live", NOW), keys });

beforeEach(() => (shown = []));
afterEach(async () => {
  dialogs.close();
  wizard.close();
  await Promise.all(shown.map((one) => unmount(one)));
  queries.clear();
  document.body.replaceChildren();
});

describe("a key", () => {
  it.each<[string, KeyLifeView[], string[]]>([
    ["in_use_can_be_rotated", [life("active")], ["rotate"]],
    ["that_retires_can_be_refused", [life("active"), life("retiring")], ["retire"]],
    [
      "that_came_as_a_file_is_ended_at_klarna_and_destroyed",
      [life("active"), life("retiring", { credentialId: null })],
      ["destroy"],
    ],
    ["that_klarna_refuses_can_be_destroyed", [life("active"), life("retiring", { revokedFrom: NOW })], ["destroy"]],
    ["that_is_next_goes_on_with_the_rotation", [life("active"), life("requested")], ["rotate"]],
    ["alone_without_certificate_goes_on_with_set_up", [life("requested")], ["set-up"]],
    ["destroyed_has_no_step", [life("active"), life("destroyed")], ["rotate"]],
  ])("%s", async (_, keys, acts) => {
    withKeys(...keys);
    await show(Keys);
    const offered = [...document.querySelectorAll<HTMLElement>("#keys article [data-act]")].map(
      ({ dataset }) => dataset.act,
    );
    expect(offered, "one next step, and no other button").toEqual(acts);
  });

  it("is_refused_at_klarna_only_after_a_question", async () => {
    withKeys(life("active"), life("retiring"));
    const retire = vi.spyOn(backend, "keyRetire").mockResolvedValue(keysOf("live", NOW));
    await show(Keys, DialogHost);
    await press("[data-act=retire]");
    expect(retire, "nothing is sent yet").not.toHaveBeenCalled();
    await press("#confirm");
    expect(retire, "then once").toHaveBeenCalledExactlyOnceWith(
      "acme-live",
      "mtls",
      expect.stringContaining("retiring"),
    );
  });

  it("rotates_with_a_carried_request_and_the_certificate_that_comes_back", async () => {
    withKeys(life("active"));
    const rotate = vi
      .spyOn(backend, "keyRotate")
      .mockResolvedValueOnce({
        keyId: "n",
        switched: false,
        request: "-----BEGIN CERTIFICATE REQUEST-----",
        retiring: null,
      })
      .mockResolvedValueOnce({ keyId: "n", switched: true, request: null, retiring: "o" });
    const install = vi.spyOn(backend, "keyCertificateInstall").mockRejectedValueOnce({
      ...{ code: "certificate_mismatch", message: "It is of another key.", hint: "Take the other.", reference: "" },
    });
    await show(Keys, DialogHost);
    await press("[data-act=rotate]");
    await press("#rotate-carry");
    const field = part<HTMLTextAreaElement>("#rotate-pem");
    field.value = "-----BEGIN CERTIFICATE-----";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await press("#rotate-go");
    expect(part("#rotate [role=alert]").textContent, "a wrong one is told").toMatch(/another key/);
    expect(rotate, "and the rotation does not go on").toHaveBeenCalledTimes(1);
    install.mockResolvedValueOnce(await backend.setupState("acme-live"));
    await press("#rotate-go");
    expect(rotate, "with the right one it does, and Klarna is not asked").toHaveBeenLastCalledWith(
      "acme-live",
      "mtls",
      false,
      null,
    );
    expect(dialogs.current, "the sheet is gone").toBeNull();
  });

  it("is_recorded_as_lost_only_after_a_question_and_set_up_goes_on", async () => {
    withKeys(life("active"));
    const lost = vi.spyOn(backend, "keysLost");
    await show(Keys, DialogHost);
    await press("#keys-lost");
    expect(lost, "nothing is recorded yet").not.toHaveBeenCalled();
    await press("#confirm");
    expect(lost, "then once").toHaveBeenCalledExactlyOnceWith("acme-live");
    expect(wizard.wanted?.profile, "and set-up makes new ones").toBe("acme-live");
  });
});

describe("what klarna holds", () => {
  it("is_asked_for_by_a_press_and_ended_only_after_a_question", async () => {
    withKeys(life("active"));
    const list = vi.spyOn(backend, "credentialsList").mockResolvedValue(heldOf(NOW));
    const end = vi.spyOn(backend, "credentialEnd").mockResolvedValue(heldOf(NOW));
    await show(Keys, DialogHost);
    expect(list, "the screen alone asks Klarna nothing").not.toHaveBeenCalled();
    await press("#credentials-read");
    expect(part("#at-klarna-card").textContent, "enforcement and a foreign name as text").toMatch(
      /ENFORCED.*Workstation <Malmö>/s,
    );
    await press("[data-credential$=':4'] [data-act=end]");
    expect(end, "nothing is sent yet").not.toHaveBeenCalled();
    await press("#confirm");
    expect(end, "then once").toHaveBeenCalledExactlyOnceWith("acme-live", "api_key", expect.stringMatching(/:4$/));
  });
});

describe("a new api key", () => {
  it("is_asked_for_after_it_was_said_what_happens_and_the_end_says_what_to_do_with_the_one_before", async () => {
    withKeys(life("active"));
    const create = vi.spyOn(backend, "apiKeyCreate");
    const list = vi.spyOn(backend, "credentialsList");
    await show(Keys, DialogHost);
    await press("[data-act=new-api-key]");
    expect(part("#new-key").textContent, "what will happen").toMatch(/straight into the key store.*stays valid/s);
    const field = part<HTMLInputElement>("#new-key-description");
    const type = async (text: string): Promise<void> => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await press("#new-key-go");
    };
    await type("Schlüssel");
    expect(create, "what Klarna refuses is not sent").not.toHaveBeenCalled();
    create.mockRejectedValueOnce({
      ...{ code: "outcome_unknown", message: "The answer is lost.", hint: "Ask again.", reference: "" },
    });
    await type("laptop 7");
    expect(part("#new-key [role=alert]").textContent, "a lost answer is told").toMatch(/Ask again/);
    create.mockResolvedValueOnce({ credentialId: "krn:new", description: "laptop 7", before: null, repeated: true });
    await press("#new-key-go");
    expect(create, "with the words that were typed").toHaveBeenLastCalledWith("acme-live", "laptop 7");
    expect(part("#new-key").textContent, "what to do next").toMatch(/in use.*disable it under At Klarna/s);
    expect(list, "a list that nobody asked for is not read").not.toHaveBeenCalled();
    await press("#new-key-go");
    expect(dialogs.current, "and the sheet is gone").toBeNull();
  });

  it("that_has_not_arrived_is_told_and_asked_for_again", async () => {
    const standing = { ...keysOf("live", NOW).apiKey, waitsForNext: true } as ApiKeyStanding;
    vi.spyOn(backend, "keysList").mockResolvedValue({ ...keysOf("live", NOW), apiKey: standing });
    await show(Keys, DialogHost);
    expect(part("[data-waits]").textContent, "it is told").toMatch(/very same one/);
    await press("[data-act=new-api-key]");
    expect(document.querySelector("#new-key-description"), "the request is as it was").toBeNull();
  });
});

describe("enforcement", () => {
  it("begins_on_the_chosen_day_after_a_question_and_is_taken_back_after_another", async () => {
    withKeys(life("active"));
    vi.spyOn(backend, "credentialsList").mockResolvedValue({
      ...{ ...heldOf(NOW), enforcement: "REPORTING", enforcedFrom: null },
    });
    const set = vi
      .spyOn(backend, "enforcementSet")
      .mockImplementation((...given) =>
        Promise.resolve({ ...heldOf(NOW), enforcement: "REPORTING", enforcedFrom: given[2] }),
      );
    await show(Keys, DialogHost);
    await press("#credentials-read");
    const field = part<HTMLInputElement>("#enforce-from");
    field.value = "2026-12-01";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await press("[data-act=enforce]");
    expect(part("[role=dialog],[role=alertdialog]").textContent, "the day and whom it meets").toMatch(
      /Dec.*other computers/s,
    );
    expect(set, "nothing is sent yet").not.toHaveBeenCalled();
    await press("#confirm");
    const midnight = new Date(2026, 11, 1).getTime();
    expect(set, "then once, from midnight here").toHaveBeenCalledExactlyOnceWith("acme-live", "from", midnight);
    await press("[data-act=report]");
    await press("#confirm");
    expect(set, "and back").toHaveBeenLastCalledWith("acme-live", "report", null);
  });
});

describe("what ends soon", () => {
  it("is_told_until_it_is_dismissed_and_a_failure_is_silent", async () => {
    const ask = vi.spyOn(backend, "keysNotices").mockResolvedValueOnce(warningsOf("live", NOW));
    await show(Expiry);
    expect(part("#expiry").textContent, "which profile and what").toMatch(/acme-live.*ends in 23 days/s);
    part<HTMLButtonElement>("#expiry button:last-child").click();
    await rest();
    expect(part("#expiry"), "gone when dismissed").toBeNull();
    ask.mockRejectedValueOnce({ code: "database_busy", message: "", hint: "", reference: "" });
    await show(Expiry);
    expect(part("#expiry"), "nobody asked, so nothing is said").toBeNull();
  });
});
