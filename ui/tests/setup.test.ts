/** Set-up in the window: what Rust says is what is shown, a secret goes in once and stays nowhere, one thing is done at a time. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import type { SetupView } from "../src/ipc/backend";
import { profileOf } from "../src/ipc/fake_data";
import { stepsAt, STEPS } from "../src/ipc/fake_setup_data";
import { Walk } from "../src/setup/walk.svelte";
import Wizard from "../src/setup/Wizard.svelte";

const API_KEY = "klarna_test_api_canary";
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const refusal = { code: "api_key_invalid", message: "It is no key.", hint: "Paste it again.", reference: "" };

/** A profile whose first `done` steps are done; the next one may have failed before. */
function setupAt(done: number, failed: string | null = null): SetupView {
  const { name, environment, account, accountName, apiUrl, user } = profileOf("test");
  return {
    profile: { name, environment, account, accountName },
    ...{ user, apiUrl, unusualAddress: false, proxy: "system", method: "deep_link" as const },
    ...{ keyStore: "keyring" as const, active: true, ready: done >= 8 },
    steps: stepsAt(done, failed),
    next: STEPS[done] ?? null,
  };
}

const part = <E extends HTMLElement>(css: string): E => document.querySelector<E>(css) as E;
const page = (): string | undefined => part("#setup-page").dataset.page;

async function rest(): Promise<void> {
  await wait(15);
  await tick();
  flushSync();
}

async function press(css = "#setup-go"): Promise<void> {
  part(css).click();
  await rest();
}

async function show(profile: string | null, file = false): Promise<() => Promise<void>> {
  const shown = mount(Wizard, { target: document.body, props: { wanted: { profile, page: null, file } } });
  flushSync();
  await rest();
  return () => unmount(shown);
}

let gone: (() => Promise<void>) | null = null;
beforeEach(() => (gone = null));
afterEach(async () => {
  await gone?.();
  document.body.replaceChildren();
});

describe("the way into the portal", () => {
  it("shows_klarnas_pages_of_the_chosen_way_and_asks_for_them_by_name", async () => {
    const open = vi.spyOn(backend, "setupPageOpen").mockResolvedValue(null);
    gone = await show(null);
    await rest();
    const pages = (): (string | undefined)[] =>
      [...document.querySelectorAll<HTMLElement>("[data-page].page")].map(({ dataset }) => dataset.page);
    expect(pages(), "those of the way that is chosen").toEqual(["deep_link", "api_credentials", "mtls"]);
    await press("[data-page=deep_link].page");
    expect(open, "by its name, without an address").toHaveBeenCalledExactlyOnceWith("deep_link");
    part("input[value=saml]").click();
    await rest();
    expect(pages(), "and of another one").toEqual(["alternatives", "overview"]);
    expect(page(), "the walk stays where it is").toBe("method");
  });
});

describe("the walk", () => {
  it("goes_on_where_rust_says_that_it_stopped", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(4));
    gone = await show("acme-test");
    expect(page(), "the first step that is not done").toBe("mtls_certificate");
    const states = [...document.querySelectorAll<HTMLElement>("nav [data-state]")].map(({ id, dataset }) => [
      id,
      dataset.state,
    ]);
    expect(states, "done, to do and blocked are what Rust says").toEqual(
      expect.arrayContaining([
        ["step-mtls_request", "done"],
        ["step-mtls_certificate", "ready"],
        ["step-signing_key", "blocked"],
      ]),
    );
    expect(part<HTMLButtonElement>("#step-signing_key").disabled, "a blocked step cannot be gone to").toBe(true);
  });

  it("shows_why_a_step_failed_before", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(1, "Klarna does not know this key."));
    gone = await show("acme-test");
    expect(part("#setup-before").textContent, "cause and cure of the last try").toMatch(
      /Klarna does not know this key\..*Try it again\./s,
    );
  });

  it("that_cannot_be_read_is_told_with_a_retry", async () => {
    vi.spyOn(backend, "setupState").mockRejectedValue({ ...refusal, code: "database_busy" });
    gone = await show("acme-test");
    expect(part("[role=alert]").textContent, "cause and cure").toMatch(/It is no key\./);
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(1));
    [...document.querySelectorAll("button")].find((one) => one.textContent === "Try again")?.click();
    await rest();
    expect(page(), "and the retry reads it").toBe("api_key");
  });

  it("does_one_thing_at_a_time", async () => {
    const walk = new Walk(null);
    const act = vi.fn(() => wait(10).then(() => setupAt(2)));
    const [first, second] = await Promise.all([walk.run(act), walk.run(act)]);
    expect([first !== null, second, act.mock.calls.length], "the second press does nothing").toEqual([true, null, 1]);
  });
});

describe("the pages", () => {
  it("begin_a_profile_with_what_was_typed", async () => {
    const begin = vi.spyOn(backend, "setupBegin").mockResolvedValue(setupAt(1));
    gone = await show(null);
    expect(page(), "the way in comes first").toBe("method");
    await press();
    for (const [id, text] of [
      ["#setup-account", " krn:partner:global:account:test:LYABCDEI "],
      ["#setup-user", "nora.lind@acme.example"],
    ] as const) {
      part<HTMLInputElement>(id).value = text;
      part(id).dispatchEvent(new Event("input", { bubbles: true }));
    }
    await press();
    expect(begin, "blanks around an id do not count").toHaveBeenCalledExactlyOnceWith({
      name: "klarna-test",
      environment: "test",
      account: "krn:partner:global:account:test:LYABCDEI",
      user: "nora.lind@acme.example",
      apiUrl: null,
      trustedHost: null,
      caPem: null,
      proxy: "system",
      method: "deep_link",
    });
    expect(page(), "and the API key comes next").toBe("api_key");
  });

  it("wipe_the_api_key_before_the_answer_is_there", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(1));
    let answer: (taken: Awaited<ReturnType<typeof backend.secretApiKey>>) => void = () => undefined;
    const give = vi
      .spyOn(backend, "secretApiKey")
      .mockReturnValueOnce(new Promise((done) => (answer = done)))
      .mockRejectedValue(refusal);
    gone = await show("acme-test");
    part<HTMLInputElement>("#api-key").value = API_KEY;
    part("#api-key").dispatchEvent(new Event("input", { bubbles: true }));
    part("#setup-go").click();
    expect(give, "Rust gets what was pasted").toHaveBeenCalledExactlyOnceWith("acme-test", API_KEY);
    expect(part<HTMLInputElement>("#api-key").value, "the field is empty at once").toBe("");
    const problem = { code: "network_connect" as const, message: "Nobody answers.", hint: "Try later.", reference: "" };
    answer({ proof: "not_asked", problem, setup: setupAt(2) });
    await rest();
    expect(page(), "the walk goes on").toBe("mtls_key");
    expect(part("#setup-said").textContent, "and says that Klarna was not asked").toMatch(/kept.*Nobody answers\./s);
    expect(document.documentElement.outerHTML, "the key is nowhere in the page").not.toContain("canary");
  });

  it("keep_the_page_when_the_api_key_is_refused", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(1));
    vi.spyOn(backend, "secretApiKey").mockRejectedValue(refusal);
    gone = await show("acme-test");
    part<HTMLInputElement>("#api-key").value = API_KEY;
    await press();
    expect(page(), "the same page").toBe("api_key");
    expect(part("[role=alert]").textContent, "with cause and cure").toMatch(/It is no key\..*Paste it again\./s);
    expect(part<HTMLInputElement>("#api-key").value, "and an empty field").toBe("");
  });

  it("show_every_check_of_a_pasted_certificate_before_it_is_installed", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(4));
    vi.spyOn(backend, "keyCertificateJudge").mockResolvedValue([
      { name: "key_matches", passed: true, detail: "It is the key's." },
      { name: "account_uri", passed: false, detail: "It belongs to somebody else." },
    ]);
    const install = vi.spyOn(backend, "keyCertificateInstall");
    gone = await show("acme-test");
    const field = part<HTMLTextAreaElement>("#certificate-pem");
    field.value = "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await wait(200);
    await rest();
    const shown = [...document.querySelectorAll<HTMLElement>("[data-check]")].map(({ dataset, textContent }) => [
      dataset.passed,
      textContent.trim(),
    ]);
    expect(shown, "each rule, kept or not").toEqual([
      ["true", "It is the key's."],
      ["false", "It belongs to somebody else."],
    ]);
    expect(install, "judging installs nothing").not.toHaveBeenCalled();
  });

  it("offer_to_record_lost_keys_only_where_the_item_is_missing", async () => {
    vi.spyOn(backend, "setupState").mockResolvedValue(setupAt(8));
    const sign = vi.spyOn(backend, "setupDrySignature");
    sign.mockRejectedValueOnce({ ...refusal, code: "keyring_locked" });
    sign.mockRejectedValueOnce({ ...refusal, code: "keyring_item_missing" });
    gone = await show("acme-test");
    await press();
    expect(part("#keys-lost"), "a locked keyring is no loss").toBeNull();
    await press();
    expect(part("#keys-lost"), "a missing item may be one").not.toBeNull();
  });

  it("take_a_profile_file_only_when_its_fingerprint_was_compared", async () => {
    const take = vi.spyOn(backend, "profileFileImport").mockResolvedValue(setupAt(1));
    gone = await show(null, true);
    await press();
    expect(part("#profile-file").textContent, "who signed it").toMatch(/9f2c41d0/);
    await press();
    expect(take, "not before it was compared").not.toHaveBeenCalled();
    part("#file-compared").click();
    part<HTMLInputElement>("#file-user").value = "me@acme.example";
    part("#file-user").dispatchEvent(new Event("input", { bubbles: true }));
    await press();
    expect(take.mock.calls[0]?.[0], "the fingerprint is the person's word").toMatchObject({
      user: "me@acme.example",
      trust: expect.stringMatching(/^9f2c41d0/) as string,
    });
  });
});
