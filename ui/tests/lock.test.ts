/** The app lock in the window: the lock screen, the confirmation of a risky deed, and that use is told and nothing of a passphrase stays. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { app } from "../src/frame/app_state.svelte";
import DialogHost from "../src/frame/DialogHost.svelte";
import { dialogs } from "../src/frame/dialogs.svelte";
import { lockNow } from "../src/frame/lock_now";
import { askingForPassphrase, askWith, type Need } from "../src/ipc/asking";
import type { Backend } from "../src/ipc/backend";
import { FakeLock } from "../src/ipc/fake_lock";
import { FAKE_PASSPHRASE } from "../src/ipc/fake_secrets";
import LockScreen from "../src/lock/LockScreen.svelte";
import { reportUse } from "../src/lock/use";

const wrong = { code: "passphrase_wrong", message: "It is another.", hint: "Again.", reference: "" };
const needed = { code: "confirmation_needed", message: "Confirm it.", hint: "Passphrase.", reference: "" };
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const field = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;

async function send(id: string, text: string): Promise<void> {
  field(id).value = text;
  field(id).form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await wait(5);
  await tick();
}

beforeEach(async () => {
  await app.refresh();
});

afterEach(() => {
  dialogs.close();
  dialogs.answered();
  askWith(() => Promise.resolve(false));
  vi.useRealTimers();
});

describe("the lock screen", () => {
  it("says_why_names_a_wrong_passphrase_keeps_nothing_of_it_and_unlocks", async () => {
    const unlock = vi.spyOn(backend, "secretUnlockApp").mockRejectedValueOnce(wrong).mockResolvedValue(backendView());
    const shown = mount(LockScreen, { target: document.body, props: { cause: "idle" } });
    flushSync();
    expect(document.getElementById("lock-screen")?.textContent, "why it locked").toContain("nobody used it");
    await send("lock-passphrase", "not this one");
    expect(field("lock-passphrase").value, "what was typed is wiped").toBe("");
    expect(document.getElementById("lock-says")?.textContent, "it is named").toMatch(/not the passphrase/);
    await send("lock-passphrase", "");
    expect(unlock, "nothing is not sent").toHaveBeenCalledTimes(1);
    await send("lock-passphrase", FAKE_PASSPHRASE);
    expect(unlock, "Rust gets what was typed").toHaveBeenLastCalledWith(FAKE_PASSPHRASE);
    await unmount(shown);
  });
});

const backendView = (): ReturnType<FakeLock["view"]> => new FakeLock("open").view();

describe("a risky deed", () => {
  it("asks_for_its_own_confirmation_and_goes_on", async () => {
    const ask = vi.fn((need: Need) => Promise.resolve(need.kind === "deed"));
    askWith(ask);
    const copy = vi.fn().mockRejectedValueOnce(needed).mockResolvedValue("copied");
    const asked = askingForPassphrase({
      portalCopyLink: copy,
      portalOpen: vi.fn().mockRejectedValue(needed),
    } as never as Backend);
    expect(await asked.portalCopyLink(null as never), "the act goes on").toBe("copied");
    expect(ask, "for that deed").toHaveBeenCalledExactlyOnceWith({ kind: "deed", deed: "copy_link" });
    await expect(asked.portalOpen(null as never), "what is no risk is not confirmed").rejects.toBe(needed);
  });

  it("is_confirmed_in_a_sheet_that_keeps_nothing", async () => {
    const confirm = vi.spyOn(backend, "secretConfirm").mockRejectedValueOnce(wrong).mockResolvedValue(null);
    const opened = vi.fn();
    dialogs.asking = { opened, need: { kind: "deed", deed: "copy_link" } };
    const shown = mount(DialogHost, { target: document.body });
    flushSync();
    await tick();
    await send("passphrase", "not this one");
    expect(document.getElementById("passphrase-says")?.textContent, "it is named").toMatch(/not the app lock/);
    await send("passphrase", FAKE_PASSPHRASE);
    expect(confirm, "the deed goes along").toHaveBeenLastCalledWith("copy_link", FAKE_PASSPHRASE);
    expect(opened, "the act goes on").toHaveBeenCalledExactlyOnceWith(true);
    await unmount(shown);
  });
});

describe("use of the window", () => {
  it("is_told_while_a_lock_is_set_and_only_that_it_was", async () => {
    await backend.secretLockSet("a lock of nine horses", 10, 12);
    await app.refresh();
    vi.useFakeTimers();
    const told = vi.spyOn(backend, "appLock");
    reportUse();
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "s" }));
    await vi.advanceTimersByTimeAsync(20_500);
    expect(told, "somebody was there").toHaveBeenLastCalledWith(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told, "and then nobody").toHaveBeenLastCalledWith(false);
    vi.useRealTimers();
    const locked = vi.spyOn(backend, "appLockNow");
    lockNow();
    await wait(10);
    expect(locked, "the keys lock at once").toHaveBeenCalledTimes(1);
    await backend.secretUnlockApp(FAKE_PASSPHRASE);
    await backend.secretLockRemove(FAKE_PASSPHRASE);
  });
});
