/** Hardware tokens in the window: which can be chosen, the PIN that an act asks for over its own dialog, and nothing kept of it. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import DialogHost from "../src/frame/DialogHost.svelte";
import { dialogs } from "../src/frame/dialogs.svelte";
import { asking, askWith } from "../src/ipc/asking";
import { FAKE_PIN } from "../src/ipc/fake_hardware";
import TokenChoice from "../src/keys/TokenChoice.svelte";

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const part = <E extends Element>(css: string): E => document.querySelector(css) as E;

async function settled(): Promise<void> {
  await wait(10);
  await tick();
}

async function type(text: string): Promise<void> {
  const field = part<HTMLInputElement>("#passphrase");
  field.value = text;
  field.form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await settled();
}

afterEach(() => {
  dialogs.close();
  dialogs.answered();
  askWith(() => Promise.resolve(false));
  vi.restoreAllMocks();
});

describe("the choice of a token", () => {
  it("takes_the_only_one_that_can_be_used_and_says_why_another_cannot", async () => {
    const shown = mount(TokenChoice, { target: document.body, props: { profile: "acme", serial: "" } });
    flushSync();
    await settled();
    const [usable, locked] = [...document.querySelectorAll<HTMLInputElement>("#tokens input")];
    expect(usable?.checked, "there is one to choose").toBe(true);
    expect(locked?.disabled, "the other cannot be chosen").toBe(true);
    expect(part("#tokens").textContent, "for a reason").toMatch(/PIN is locked/);
    await unmount(shown);
  });

  it("says_what_to_do_when_there_is_none_or_a_module_fails", async () => {
    vi.spyOn(backend, "hardwareTokens")
      .mockResolvedValueOnce([])
      .mockResolvedValueOnce([{ module: "card", tokens: [], failure: "It cannot be loaded. Install the other one." }]);
    const shown = mount(TokenChoice, { target: document.body, props: { profile: "acme", serial: "" } });
    flushSync();
    await settled();
    expect(part("#tokens").textContent, "none is plugged in").toMatch(/Plug it in and look again/);
    part<HTMLButtonElement>("#tokens-again").click();
    await settled();
    expect(part("#tokens").textContent, "a module says what is wrong with it").toMatch(/card: It cannot be loaded/);
    await unmount(shown);
  });
});

describe("a PIN", () => {
  it("is_asked_for_over_the_dialog_that_needs_it_and_the_act_goes_on", async () => {
    askWith((need) => dialogs.ask(need));
    const shown = mount(DialogHost, { target: document.body });
    dialogs.open({ kind: "confirm", question: { title: "Below", text: "", verb: "", act: () => Promise.resolve() } });
    const done = backend.hardwareKeyCreate("acme", "9cdee91a6c75be06");
    await vi.waitFor(() =>
      expect(document.body.textContent, "it says which token").toMatch(/Klarna signing.*9cdee91a6c75be06/s),
    );
    expect(dialogs.current, "what asked stays").not.toBeNull();
    await type("0000");
    await vi.waitFor(() =>
      expect(part("#passphrase-says").textContent, "a wrong one is told").toMatch(/wrong.*tries/i),
    );
    expect(part<HTMLInputElement>("#passphrase").value, "and is not kept").toBe("");
    await type(FAKE_PIN);
    expect((await done).steps.length, "with the right one the act goes on by itself").toBeGreaterThan(0);
    expect([dialogs.asking, dialogs.current?.kind], "and the question alone is gone").toEqual([null, "confirm"]);
    await unmount(shown);
  });

  it("that_is_not_given_refuses_the_act_once", async () => {
    askWith((need) => dialogs.ask(need));
    const shown = mount(DialogHost, { target: document.body });
    const needed = { code: "hardware_pin", message: "The token is locked.", hint: "Enter its PIN.", reference: "" };
    const act = vi.fn().mockRejectedValue(needed);
    const done = asking(act).catch((thrown: unknown) => thrown);
    await settled();
    dialogs.answered();
    flushSync();
    expect(await done, "the refusal is shown as it is").toBe(needed);
    expect(act, "nothing is tried again").toHaveBeenCalledTimes(1);
    await unmount(shown);
  });
});
