/**
 * Runs ui/isolation/hook.js in a bare context with its list, and tries what a script in the window might try.
 * Absent on purpose: a browser; the hook uses nothing of one but the list's element.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const isolation = new URL("../../ui/isolation/", import.meta.url);
const read = (name) => readFileSync(new URL(name, isolation), "utf8");

function hook() {
  const window = {};
  const document = { getElementById: (id) => ({ textContent: id === "commands" ? read("commands.json") : "" }) };
  vm.runInNewContext(read("hook.js"), { window, document, console: { warn() {} } });
  return window.__TAURI_ISOLATION_HOOK__;
}

const passes = (cmd, payload) => hook()({ cmd, callback: 1, error: 2, payload }).cmd === cmd;

const portal = { merchantId: "krn:partner:global:account:test:X", openAs: null, reason: null, roles: null, unsigned: false };

test("what the window sends passes", () => {
  assert.ok(passes("app_state", {}), "a command without arguments");
  assert.ok(passes("app_state", undefined), "and without a payload");
  assert.ok(passes("merchants_search", { request: { query: "ab", first: 0, count: 200 } }), "a search");
  assert.ok(passes("portal_open", { request: { ...portal, roles: ["merchant:admin"] } }), "an open");
  assert.ok(passes("settings_save", { change: { theme: "dark" } }), "a change of one setting");
  assert.ok(passes("secret_unlock", { passphrase: "correct horse battery" }), "a passphrase, inward");
  assert.ok(passes("enforcement_set", { name: "acme", demand: "from", from: Date.now() }), "a moment in milliseconds");
  assert.ok(passes("settings_save", { change: { bulkGrants: { approvers: 2, roles: ["approver"], over: 10 } } }), "a rule of approval");
  assert.ok(passes("setup_page_open", { page: "deep_link" }), "a page by its name");
  assert.ok(passes("plugin:event|listen", { event: "changed", target: { kind: "Any" }, handler: 7 }), "listening");
});

test("what it does not send is refused, and the caller hears of it", () => {
  const answer = hook()({ cmd: "plugin:shell|execute", callback: 1, error: 2, payload: { program: "sh" } });
  assert.equal(answer.cmd, "isolation_refused", "a command that nobody may call");
  assert.deepEqual([answer.callback, answer.error], [1, 2], "so that the promise is rejected and does not hang");
  assert.deepEqual({ ...answer.payload }, {}, "and nothing of the message goes on");
});

test("unknown commands, members and events are refused", () => {
  assert.ok(!passes("portal_link_reveal", {}), "a command that does not exist");
  assert.ok(!passes("__proto__", {}), "nor one that every object has");
  assert.ok(!passes("constructor", {}), "nor this one");
  assert.ok(!passes("app_state", { extra: 1 }), "a member too many");
  assert.ok(!passes("portal_open", { request: { ...portal, url: "https://example.com/" } }), "a member too many, inside");
  assert.ok(!passes("plugin:event|listen", { event: "tauri://file-drop", target: { kind: "Any" }, handler: 7 }), "an event of others");
});

test("wrong types, sizes and missing members are refused", () => {
  assert.ok(!passes("merchant_pin", { id: 7, pinned: true }), "a number for a text");
  assert.ok(!passes("merchant_pin", { id: "x" }), "a member too few");
  assert.ok(!passes("merchant_detail", { id: "x".repeat(256) }), "a text that is too long");
  assert.ok(!passes("merchants_search", { request: { query: "", first: 0, count: 201 } }), "more rows than a window holds");
  assert.ok(!passes("merchants_search", { request: { query: "", first: -1, count: 1 } }), "a negative place");
  assert.ok(!passes("portal_open", { request: { ...portal, roles: Array(21).fill("a") } }), "too many roles");
  assert.ok(!passes("settings_save", { change: { theme: "neon" } }), "an appearance that does not exist");
  assert.ok(!passes("audit_entry", { seq: 1.5 }), "half an entry");
  assert.ok(!passes("secret_unlock", { passphrase: "x".repeat(1025) }), "a passphrase that nobody types");
  assert.ok(!passes("secret_try_sandbox", { passphrase: "x", file: "/etc/passwd" }), "a member too many beside a secret");
  assert.ok(!passes("setup_page_open", { page: "https://example.com/" }), "an address for the name of a page");
  assert.ok(!passes("settings_save", { change: { bulkGrants: { approvers: 6, roles: [] } } }), "more approvers than a rule has");
  assert.ok(!passes("app_state", []), "a list for a payload");
});
