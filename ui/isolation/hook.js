/**
 * The isolation hook: every message from the window to Rust passes here, and only what commands.json lists goes on.
 *
 * It runs in a sandboxed frame of its own, so a script that got into the window can neither change it nor go around it. An unknown
 * command, an unknown member, a wrong type or an overlong text is replaced by a command that nobody is allowed to call, so that the
 * caller gets an error instead of waiting for ever. Deliberately absent: any judgement of meaning; that is Rust's.
 */
(() => {
  "use strict";

  const REFUSED = "isolation_refused";
  const commands = JSON.parse(document.getElementById("commands").textContent);

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  const kinds = {
    boolean: (_, value) => typeof value === "boolean",
    integer: (schema, value) =>
      Number.isSafeInteger(value) && value >= (schema.minimum ?? 0) && value <= (schema.maximum ?? 0xffffffff),
    number: (schema, value) => Number.isFinite(value) && value >= schema.minimum && value <= schema.maximum,
    string: (schema, value) =>
      typeof value === "string" && value.length <= (schema.maxLength ?? 64) && (schema.enum?.includes(value) ?? true),
    array: (schema, value) =>
      Array.isArray(value) && value.length <= schema.maxItems && value.every((item) => fits(schema.items, item)),
    object: (schema, value) => isObject(value) && membersFit(schema, value),
    null: (_, value) => value === null,
  };

  function fits(schema, value) {
    return [schema.type].flat().some((type) => kinds[type](schema, value));
  }

  function membersFit(schema, value) {
    const known = new Map(Object.entries(schema.properties ?? {}));
    const given = Object.keys(value).filter((name) => value[name] !== undefined);
    return (
      given.every((name) => known.has(name) && fits(known.get(name), value[name])) &&
      (schema.required ?? []).every((name) => given.includes(name))
    );
  }

  function allowed(message) {
    if (!Object.hasOwn(commands, message.cmd)) {
      return false;
    }
    return kinds.object(commands[message.cmd], message.payload ?? {});
  }

  window.__TAURI_ISOLATION_HOOK__ = (message) => {
    if (allowed(message)) {
      return message;
    }
    console.warn("A message to Rust was refused.");
    return { cmd: REFUSED, callback: message.callback, error: message.error, payload: {} };
  };
})();
