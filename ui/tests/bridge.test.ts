/**
 * The login bridge's page: a row is changed, removed and put back, rules are taken over together, what somebody else changed is told,
 * a sign-in is tried, what Klarna is handed is copied item by item.
 */
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import { bridge } from "../src/bridge/bridge.svelte";
import Bridge from "../src/bridge/Bridge.svelte";
import RoleChoice from "../src/bridge/RoleChoice.svelte";
import Section from "../src/bridge/Section.svelte";
import { queries } from "../src/frame/queries";

const at = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`${id} is not there`);
  return found;
};
const there = (id: string): Promise<HTMLElement> => waitFor(() => at(id));

beforeEach(async () => {
  queries.clear();
  [bridge.open, bridge.tab] = [true, "people"];
  await bridge.load(true);
  render(Bridge);
});

describe("the page of the login bridge", () => {
  it("keeps Save at rest until something was changed", async () => {
    const save = vi.spyOn(backend, "bridgeSave");
    await fireEvent.click(at("bridge-save"));
    expect(save, "there is nothing to save").not.toHaveBeenCalled();
    await fireEvent.click(at("bridge-add"));
    await fireEvent.input(await there("bridge-row-email"), { target: { value: "zoe@bakery.example" } });
    await fireEvent.input(at("bridge-row-merchant"), { target: { value: "SE-00417" } });
    await fireEvent.submit(at("bridge-row"));
    await there("bridge-drop");
    expect(bridge.view?.changedRows, "Rust keeps the new row").toBe(1);
    await fireEvent.click(at("bridge-save"));
    await waitFor(() => expect(bridge.view?.changed, "one Save for all of it").toBe(false));
  });

  it("says what is wrong with a row and keeps what was typed", async () => {
    await fireEvent.click(at("bridge-add"));
    await fireEvent.input(await there("bridge-row-email"), { target: { value: "zoe" } });
    await fireEvent.submit(at("bridge-row"));
    await waitFor(() => expect(document.querySelector("[data-code=bridge_rules_invalid]")).not.toBeNull());
    expect((at("bridge-row-email") as HTMLInputElement).value, "it can be corrected").toBe("zoe");
    expect(bridge.view?.changed, "nothing was taken").toBe(false);
  });

  it("takes rules over together, and undoes what was not", async () => {
    const take = vi.spyOn(backend, "bridgeRules");
    await fireEvent.click(at("bridge-tab-claims"));
    await fireEvent.input(await there("bridge-merchantsClaim"), { target: { value: "shops" } });
    await fireEvent.click(screen.getByText("Undo"));
    expect((at("bridge-merchantsClaim") as HTMLInputElement).value, "as Rust has it").toBe("");
    await fireEvent.input(at("bridge-merchantsClaim"), { target: { value: "shops" } });
    await fireEvent.click(at("bridge-verified"));
    expect(screen.getByText(/enters as its owner/), "what it means is said").toBeTruthy();
    await fireEvent.submit(at("bridge-claims"));
    await waitFor(() => expect(take).toHaveBeenCalledOnce());
    expect(take.mock.calls[0]?.[0]).toMatchObject({ merchantsClaim: "shops", verified: false, rolesClaim: "groups" });
  });

  it("tries an address and shows what it opens and what is left out", async () => {
    await fireEvent.click(at("bridge-tab-try"));
    await fireEvent.input(await there("bridge-try-text"), { target: { value: "ana@bakery.example" } });
    await fireEvent.submit(at("bridge-try"));
    expect(await screen.findByText("ana@bakery.example may enter 1 merchant")).toBeTruthy();
    expect(screen.getByText(/SE-99999/), "with what nobody can enter").toBeTruthy();
    await fireEvent.input(at("bridge-try-text"), { target: { value: "zoe@bakery.example" } });
    await fireEvent.submit(at("bridge-try"));
    expect(await screen.findByText("Nobody may enter anything")).toBeTruthy();
  });

  it("tells Klarna's items one by one", async () => {
    const copied = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: copied } });
    await fireEvent.click(at("bridge-tab-klarna"));
    await fireEvent.click(await screen.findByLabelText("Copy SAML entity ID"));
    expect(copied).toHaveBeenCalledWith("https://login.acme.example/saml");
    await fireEvent.click(at("bridge-copy-all"));
    expect(copied.mock.lastCall?.at(0), "the text is Rust's").toContain("Login URL");
    vi.unstubAllGlobals();
  });

  it("says what somebody else changed and offers to read again", async () => {
    vi.spyOn(backend, "bridgeSave").mockRejectedValueOnce({
      ...{ code: "bridge_file_changed", message: "people.csv was changed.", hint: "Read it again.", reference: "" },
    });
    await fireEvent.click(at("bridge-tab-claims"));
    await fireEvent.input(await there("bridge-emailClaim"), { target: { value: "mail" } });
    expect(at("bridge-unvouched").textContent, "nobody vouches for another claim").toContain("email_verified");
    await fireEvent.click(at("bridge-verified"));
    expect(document.getElementById("bridge-unvouched"), "trusted by name").toBeNull();
    await fireEvent.submit(at("bridge-claims"));
    await there("bridge-drop");
    await fireEvent.click(at("bridge-save"));
    await fireEvent.click(await there("bridge-again"));
    await waitFor(() => expect(bridge.view?.rules.emailClaim, "as the file is now").toBe("email"));
    expect(document.getElementById("bridge-again"), "and the way goes on").toBeNull();
  });
});

describe("the settings", () => {
  it("say what a bridge is where none is known", async () => {
    vi.spyOn(backend, "bridgeShow").mockResolvedValue(null);
    render(Section);
    expect(await there("bridge-choose")).toBeTruthy();
    vi.restoreAllMocks();
  });
});

describe("a choice of roles", () => {
  it("keeps roles that have no box", async () => {
    render(RoleChoice, { id: "roles", label: "Roles of boss", roles: ["merchant:agent"] });
    const others = screen.getByLabelText<HTMLInputElement>(/Roles of boss:/);
    expect(others.value).toBe("merchant:agent");
    await fireEvent.click(screen.getByLabelText("Administrator"));
    expect(others.value, "a box beside does not take it").toBe("merchant:agent");
  });
});
