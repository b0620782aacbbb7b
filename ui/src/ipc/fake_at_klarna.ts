/**
 * The pretence of what Klarna holds of an account: listed, renamed, ended, made; whether it demands the client certificate.
 * Absent on purpose: rules, and any key.
 */
import type { AtKlarnaView, Backend, CredentialView } from "./backend";
import type { Host } from "./fake_setup";
import { apiKeyOf, heldOf } from "./fake_setup_data";
import type { ApiKeyStanding } from "./types";

export type AtKlarna = Pick<
  Backend,
  "credentialsList" | "credentialRename" | "credentialEnd" | "enforcementSet" | "apiKeyCreate"
>;

/** The commands; `made` hears of an API key that is in use from then on. */
export function pretendedAtKlarna(host: Host, made: (apiKey: ApiKeyStanding) => void): AtKlarna {
  let held = heldOf(host.now());

  async function changed(id: string, change: Partial<CredentialView>): Promise<AtKlarnaView> {
    await host.answer();
    const credentials = held.credentials.map((one) => (one.id === id ? { ...one, ...change } : one));
    return (held = { ...held, credentials });
  }

  return {
    credentialsList: async () => {
      await host.answer();
      return held;
    },
    credentialRename: (_, kind, id, description) => changed(id, { kind, description }),
    credentialEnd: (_, kind, id) => changed(id, { kind, endedAt: host.now() }),
    enforcementSet: async (_, demand, from) => {
      await host.answer();
      const enforcement = demand === "now" ? "ENFORCED" : "REPORTING";
      return (held = { ...held, enforcement, enforcedFrom: demand === "now" ? host.now() : from });
    },
    apiKeyCreate: async (_, description) => {
      await host.answer();
      const [at, id] = [host.now(), `krn:partner:global:account:credential:api-key:${held.credentials.length + 1}`];
      held = { ...held, credentials: [...held.credentials, apiKeyOf({ id, description, inUse: true }, at)] };
      made({ proved: true, setAt: at, usedAt: at, idleAt: at + 61 * 86_400_000, waitsForNext: false });
      return { credentialId: id, description, before: null, repeated: false };
    },
  };
}
