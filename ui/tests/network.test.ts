/** The network's settings: saved together, a sign-in that stays nowhere in the page, authorities that are asked about before they go. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { dialogs } from "../src/frame/dialogs.svelte";
import { queries } from "../src/frame/queries";
import type { NetworkView } from "../src/ipc/backend";
import { networked } from "../src/ipc/fake_network";
import type { Pretence } from "../src/ipc/fake_pretence";
import Network from "../src/network/Network.svelte";
import TextSetting from "../src/settings/TextSetting.svelte";

let shown: Record<string, unknown> | null = null;
const part = <E extends HTMLElement = HTMLInputElement>(css: string): E => document.querySelector<E>(css) as E;
const text = (css = "#network"): string => part(css)?.textContent ?? "";

async function rest(): Promise<void> {
  await new Promise((done) => setTimeout(done, 15));
  await tick();
  flushSync();
}

/** Shows the section over a made-up network. */
async function at(how: Pretence["network"], change: Partial<NetworkView> = {}): Promise<void> {
  const fake = networked(how, () => Promise.resolve());
  vi.spyOn(backend, "networkShow").mockImplementation(async () => ({ ...(await fake.networkShow()), ...change }));
  vi.spyOn(backend, "networkProxy").mockImplementation(fake.networkProxy);
  vi.spyOn(backend, "networkCaAdd").mockImplementation(fake.networkCaAdd);
  vi.spyOn(backend, "networkCaRemove").mockImplementation(fake.networkCaRemove);
  vi.spyOn(backend, "secretProxySignIn").mockImplementation(fake.secretProxySignIn);
  shown = mount(Network, { target: document.body });
  await rest();
}

function type(css: string, value: string): void {
  part(css).value = value;
  part(css).dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

async function submit(css: string): Promise<void> {
  part(css).form?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await rest();
}

async function choose(way: string): Promise<void> {
  part(`#set-networkWay-${way}`).click();
  await rest();
}

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  dialogs.close();
  queries.clear();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe("the way to Klarna", () => {
  it("is_saved_with_its_exceptions_only_when_somebody_says_so", async () => {
    await at("system");
    expect(text(), "what the system says").toContain("The system names no proxy.");
    expect(part("#network-save"), "nothing was changed, nothing is to be saved").toBeNull();
    await choose("direct");
    await choose("address");
    expect(backend.networkProxy, "arrow keys on the way save nothing").not.toHaveBeenCalled();
    type("#set-networkAddress", " proxy.corp.example:3128 ");
    type("#set-networkWithout", ".corp.example, 10.0.0.0/8");
    await submit("#set-networkAddress");
    expect(backend.networkProxy, "all at once").toHaveBeenCalledExactlyOnceWith({
      mode: "address",
      address: "proxy.corp.example:3128",
      noProxy: ".corp.example, 10.0.0.0/8",
    });
    expect(part("#set-networkAddress").value, "what is shown is what Rust answered").toBe(
      "http://proxy.corp.example:3128",
    );
    expect(text(), "and that it is so").toContain("Saved.");
  });

  it("names_the_cause_of_a_refusal_and_keeps_what_was_typed", async () => {
    await at("system");
    const refusal = {
      code: "input_invalid",
      message: "This is not a proxy address.",
      hint: "Give one.",
      reference: "",
    };
    vi.spyOn(backend, "networkProxy").mockRejectedValueOnce(refusal);
    await choose("address");
    type("#set-networkAddress", "ftp://x");
    await submit("#set-networkAddress");
    expect(text("#network [role=alert]"), "the cause").toContain("This is not a proxy address.");
    expect(part("#set-networkAddress").value, "nothing is lost").toBe("ftp://x");
    expect(part("#set-networkAddress").getAttribute("aria-invalid"), "and where").toBe("true");
  });

  it("says_what_to_do_where_only_a_pac_file_names_the_proxy", async () => {
    await at("pac");
    expect(text(), "beside the way").toMatch(/only in a PAC file \(at http:\/\/wpad\.corp.*enter it under Proxy/);
    await choose("address");
    expect(text(), "and beside the field").toMatch(/only in a PAC file/);
  });

  it("takes_over_what_gnome_names_when_the_proxy_is_chosen_and_tells_of_a_profile_of_its_own_way", async () => {
    await at("gnome", { profileWay: "direct" });
    expect(text("#network-own"), "which goes first").toContain("This profile goes its own way, directly");
    await choose("address");
    expect(part("#set-networkAddress").value, "ready to be saved").toBe("http://proxy.corp.acme.example:3128");
  });

  it("tells_before_another_address_takes_the_sign_in_with_it", async () => {
    await at("proxy");
    type("#set-networkWithout", ".other.example");
    expect(text(), "exceptions leave it").not.toContain("also removes the sign-in");
    type("#set-networkAddress", "http://other.example:3128");
    expect(text(), "another proxy does not").toContain("Saving also removes the sign-in");
    await submit("#set-networkAddress");
    expect(text("#network-kept"), "it is gone").toBe("None is kept.");
  });

  it("can_be_set_anew_when_what_was_kept_cannot_be_read", async () => {
    const fake = networked("system", () => Promise.resolve());
    const damaged = { code: "database_damaged", message: "It cannot be read.", hint: "Set it anew.", reference: "" };
    vi.spyOn(backend, "networkShow").mockRejectedValueOnce(damaged);
    const set = vi.spyOn(backend, "networkProxy").mockImplementation(fake.networkProxy);
    shown = mount(Network, { target: document.body });
    await rest();
    expect(text("[role=alert]"), "the cause").toContain("It cannot be read.");
    part<HTMLButtonElement>("#network-anew").click();
    await rest();
    expect(set, "the system's way").toHaveBeenCalledExactlyOnceWith({ mode: "system", address: null, noProxy: null });
    expect(part("#set-networkWay-system").checked, "and the section is there again").toBe(true);
  });
});

describe("the sign-in", () => {
  it("goes_in_once_and_nothing_of_it_stays", async () => {
    await at("proxy", { signIn: false });
    part<HTMLButtonElement>("#set-networkSignIn").click();
    await rest();
    await submit("#network-password");
    expect(text("#network [role=alert]"), "both are wanted").toContain("Type both");
    expect(backend.secretProxySignIn, "half of it is not sent").not.toHaveBeenCalled();
    part("#set-networkSignIn").value = "CORP\\anna";
    part("#network-password").value = "canary of a password";
    await submit("#network-password");
    expect(backend.secretProxySignIn, "Rust gets both").toHaveBeenCalledExactlyOnceWith(
      "CORP\\anna",
      "canary of a password",
    );
    expect(text("#network-kept"), "only that it is kept is shown").toContain("in the key store");
    expect(document.body.innerHTML, "nothing of it stays").not.toContain("canary");
    part<HTMLButtonElement>("#network-clear").click();
    await rest();
    expect(backend.secretProxySignIn, "it can be removed").toHaveBeenLastCalledWith(null, null);
    expect(text("#network-kept"), "and is gone").toBe("None is kept.");
  });

  it("wipes_the_password_after_a_refusal_and_leaves_the_form_open", async () => {
    await at("proxy");
    const locked = { code: "keyring_locked", message: "The keyring is locked.", hint: "Unlock it.", reference: "" };
    vi.spyOn(backend, "secretProxySignIn").mockRejectedValueOnce(locked);
    part<HTMLButtonElement>("#set-networkSignIn").click();
    await rest();
    part("#set-networkSignIn").value = "anna";
    part("#network-password").value = "canary";
    await submit("#network-password");
    expect(text("#network [role=alert]"), "the cause").toContain("The keyring is locked.");
    expect([part("#set-networkSignIn").value, part("#network-password").value], "name stays, password goes").toEqual([
      "anna",
      "",
    ]);
  });

  it("is_offered_for_a_proxy_with_an_address_alone", async () => {
    await at("system");
    expect(part("#set-networkSignIn"), "there is nobody to sign in to").toBeNull();
  });
});

describe("added authorities", () => {
  it("are_added_from_a_file_and_one_that_is_known_is_told", async () => {
    await at("system");
    expect(text("#network-none"), "what an empty list means").toContain("None was added");
    part<HTMLButtonElement>("#network-add").click();
    await rest();
    expect(text("#network li"), "subject and end").toMatch(/Inspection CA G3.*until .*2031/);
    part<HTMLButtonElement>("#network-add").click();
    await rest();
    expect(text(), "twice is once").toContain("it is trusted already");
    vi.spyOn(backend, "networkCaAdd").mockResolvedValueOnce(null);
    part<HTMLButtonElement>("#network-add").click();
    await rest();
    expect(text(), "no file, no word").not.toContain("it is trusted already");
  });

  it("are_removed_after_a_question_that_names_them", async () => {
    await at("proxy");
    expect(text(), "one that ended is told").toMatch(/ended on .*2026; add the current one/);
    part<HTMLButtonElement>("#network li button[aria-label^=Remove]").click();
    await rest();
    expect(backend.networkCaRemove, "not before the answer").not.toHaveBeenCalled();
    const dialog = dialogs.current;
    if (dialog?.kind !== "confirm") throw new Error("nothing was asked");
    expect(dialog.question.text, "which one").toContain("Inspection CA G3");
    await dialog.question.act();
    await rest();
    expect(document.querySelectorAll("#network li").length, "it is gone, the other stays").toBe(1);
  });
});

describe("the hosts of a profile", () => {
  it("are_sent_as_rules_whatever_stands_between_them", async () => {
    const save = vi.spyOn(backend, "settingsSave").mockResolvedValue(null);
    const props = { setting: "allowedHosts", name: "Portal hosts", says: "", value: "*.klarna.com" } as const;
    shown = mount(TextSetting, { target: document.body, props });
    flushSync();
    part("#set-allowedHosts").value = "*.klarna.com,  portal.klarna.com ";
    part("#set-allowedHosts").dispatchEvent(new Event("change", { bubbles: true }));
    await rest();
    expect(save, "two rules").toHaveBeenCalledExactlyOnceWith({ allowedHosts: ["*.klarna.com", "portal.klarna.com"] });
  });
});
