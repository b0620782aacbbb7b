/** The sealed key file in the window: an act that needs it asks, a wrong passphrase loses nothing, and nothing of it stays here. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import DialogHost from "../src/frame/DialogHost.svelte";
import { dialogs } from "../src/frame/dialogs.svelte";
import { asking, askWith } from "../src/ipc/asking";
import { strengthOf } from "../src/profile/strength";

const needed = { code: "passphrase_needed", message: "It is closed.", hint: "Open it.", reference: "" };
const wrong = { code: "passphrase_wrong", message: "It does not fit.", hint: "Again.", reference: "" };
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const field = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;

function type(id: string, text: string): void {
  field(id).value = text;
  field(id).dispatchEvent(new Event("input", { bubbles: true }));
}

async function send(id: string): Promise<void> {
  field(id).form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await wait(5);
  await tick();
}

async function host(): Promise<() => Promise<void>> {
  const shown = mount(DialogHost, { target: document.body });
  flushSync();
  await tick();
  return () => unmount(shown);
}

afterEach(() => {
  dialogs.close();
  dialogs.answered();
  askWith(() => Promise.resolve(false));
});

describe("an act that needs the passphrase", () => {
  it("asks_once_and_goes_on", async () => {
    const ask = vi.fn(() => wait(5).then(() => true));
    askWith(ask);
    const act = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(needed)
      .mockRejectedValueOnce(needed)
      .mockResolvedValue("done");
    expect(await Promise.all([asking(act), asking(act)]), "both acts go on").toEqual(["done", "done"]);
    expect(ask, "the person is asked once").toHaveBeenCalledTimes(1);
    expect(act, "and each act was begun once").toHaveBeenCalledTimes(4);
  });

  it("is_refused_when_the_person_does_not_give_it", async () => {
    const act = vi.fn().mockRejectedValue(needed);
    await expect(asking(act), "the refusal is shown as it is").rejects.toBe(needed);
    expect(act, "nothing is tried again").toHaveBeenCalledTimes(1);
  });

  it("asks_for_nothing_else", async () => {
    const ask = vi.fn(() => Promise.resolve(true));
    askWith(ask);
    await expect(asking(() => Promise.reject(wrong as never))).rejects.toBe(wrong);
    expect(ask, "another refusal is not answered with a passphrase").not.toHaveBeenCalled();
  });
});

describe("the sheet that asks", () => {
  it("tells_a_wrong_passphrase_keeps_nothing_of_it_and_opens_with_the_right_one", async () => {
    const unlock = vi.spyOn(backend, "secretUnlock").mockRejectedValueOnce(wrong).mockResolvedValue(null);
    const opened = vi.fn();
    dialogs.asking = { opened, need: { kind: "file" } };
    const gone = await host();
    type("passphrase", "not this one");
    await send("passphrase");
    expect(field("passphrase").value, "what was typed is wiped").toBe("");
    expect(document.getElementById("passphrase-says")?.textContent, "it is told beside the field").toMatch(
      /does not open/,
    );
    expect(opened, "the act still waits").not.toHaveBeenCalled();
    type("passphrase", "correct horse battery");
    await send("passphrase");
    expect(unlock, "Rust gets what was typed").toHaveBeenLastCalledWith("correct horse battery");
    expect(opened, "the act goes on").toHaveBeenCalledExactlyOnceWith(true);
    expect(dialogs.asking, "the sheet is gone").toBeNull();
    await gone();
  });

  it("tells_the_act_when_it_is_closed", async () => {
    const opened = vi.fn();
    dialogs.asking = { opened, need: { kind: "file" } };
    const gone = await host();
    dialogs.answered();
    await tick();
    expect(opened, "the act is refused").toHaveBeenCalledExactlyOnceWith(false);
    await gone();
  });
});

describe("a new passphrase", () => {
  it("is_typed_twice_and_handed_on_once", async () => {
    const use = vi.fn();
    dialogs.open({ kind: "seal", verb: "Seal", use });
    const gone = await host();
    type("seal-first", "too short");
    type("seal-second", "too short");
    await send("seal-first");
    expect(use, "eleven characters are too few").not.toHaveBeenCalled();
    type("seal-first", "correct horse battery");
    type("seal-second", "correct horse batteri");
    await send("seal-first");
    expect(document.getElementById("seal-says")?.textContent, "a slip is told").toMatch(/not the same/);
    expect(use, "and nothing is sealed").not.toHaveBeenCalled();
    type("seal-second", "correct horse battery");
    const inputs = [field("seal-first"), field("seal-second")];
    await send("seal-first");
    expect(use, "it is handed on").toHaveBeenCalledExactlyOnceWith("correct horse battery");
    expect(
      inputs.map((input) => input.value),
      "and wiped",
    ).toEqual(["", ""]);
    await gone();
  });

  it.each([
    ["elevenchars", "Too short", false],
    [" twelve and more", "Not usable", false],
    ["aaaaaaaaaaaaaaa", "Weak", true],
    ["qwkdjfhgzmxn", "Fair", true],
    ["correct horse bat", "Good", true],
    ["correct horse battery staple", "Strong", true],
    ["密码密码密码密码密码密码", "Weak", true],
  ])("%s_is_called_%s", (text, word, enough) => {
    expect(strengthOf(text), "strength is said in words").toMatchObject({ word, enough });
  });
});
