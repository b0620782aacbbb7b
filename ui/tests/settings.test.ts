/** Rules in the settings: each is saved alone, what is shown is what Rust answered, and a rule never loses its last role. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { backend } from "#backend";
import type { Approvals as Rules } from "../src/ipc/backend";
import Approvals from "../src/settings/Approvals.svelte";

const nobody = { approvers: 0, roles: ["approver"], over: 1 };
const two = { ...nobody, approvers: 2 };
const rules: Rules = { bulkGrants: two, bulkRevokes: nobody, tokenCopies: nobody, adminOnLive: nobody };
const part = <E extends HTMLElement>(css: string): E => document.querySelector<E>(css) as E;
let shown: Record<string, unknown> | null = null;

async function rest(): Promise<void> {
  await new Promise((done) => setTimeout(done, 15));
  await tick();
  flushSync();
}

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

describe("rules of approval", () => {
  it("are_saved_one_at_a_time_and_say_what_falls_under_them", async () => {
    const save = vi.spyOn(backend, "settingsSave").mockResolvedValue(null);
    shown = mount(Approvals, { target: document.body, props: { rules } });
    flushSync();
    expect(part("#approvals").textContent, "what becomes of what falls under one").toMatch(
      /made as a plan, signed by a colleague/,
    );
    const count = part<HTMLSelectElement>("#set-bulkRevokes");
    expect(count.value, "what Rust says").toBe("0");
    count.value = "1";
    count.dispatchEvent(new Event("change", { bubbles: true }));
    await rest();
    expect(save, "this rule alone, with its roles").toHaveBeenCalledExactlyOnceWith({
      bulkRevokes: { approvers: 1, roles: ["approver"], over: 1 },
    });
  });

  it("offer_roles_where_somebody_is_waited_for_and_keep_the_last_one", async () => {
    const save = vi.spyOn(backend, "settingsSave").mockResolvedValue(null);
    shown = mount(Approvals, { target: document.body, props: { rules } });
    flushSync();
    const boxes = [...document.querySelectorAll<HTMLInputElement>("#approvals input[type=checkbox]")];
    expect(boxes.length, "of the one rule that waits for somebody").toBe(4);
    const [operator, approver] = boxes as [HTMLInputElement, HTMLInputElement];
    expect([approver.checked, approver.disabled], "the last role stays").toEqual([true, true]);
    operator.click();
    await rest();
    expect(save, "another one is added").toHaveBeenCalledExactlyOnceWith({
      bulkGrants: { approvers: 2, roles: ["approver", "operator"], over: 1 },
    });
  });

  it("begin_above_a_number_that_is_saved_with_the_rule", async () => {
    const save = vi.spyOn(backend, "settingsSave").mockResolvedValue(null);
    shown = mount(Approvals, { target: document.body, props: { rules } });
    flushSync();
    const over = part<HTMLInputElement>("#set-bulkGrants-over");
    expect(document.querySelector("#set-bulkRevokes-over"), "only where somebody is waited for").toBeNull();
    over.value = "25";
    over.dispatchEvent(new Event("change", { bubbles: true }));
    await rest();
    expect(save, "with the rest of the rule").toHaveBeenCalledExactlyOnceWith({ bulkGrants: { ...two, over: 25 } });
  });
});
