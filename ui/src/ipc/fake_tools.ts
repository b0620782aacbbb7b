/**
 * The pretence of what is pasted and looked at: a few words in a text choose what is found.
 * Absent on purpose: Klarna's tables and any signature; Rust has them.
 */
import type { Backend } from "./backend";
import type { DeliveryView, FlawView } from "./types";

type Names = `secret${"ChargeExplain" | "EmdLint" | "BodyExamine" | "WebhookExamine" | "WebhookTake"}`;

/** What of a backend is about pasted texts and tables. */
export type ToolCommands = Pick<Backend, Names>;

const forbidden: FlawView = {
  path: "customer_account_info[0].ip_address",
  what: "IP addresses and device fingerprints must never be added. Take this out.",
  breach: true,
};
const unknown: FlawView = {
  path: "loyalty",
  what: "No page of Klarna's names this package. Check its spelling.",
  breach: false,
};
const stepUp: FlawView = {
  path: "step_up_config",
  what: "A charge without the customer must not have step_up_config: nobody can be asked. Take it out.",
  breach: true,
};

/** Makes that part. */
export function tooled(answer: () => Promise<void>): ToolCommands {
  return {
    secretChargeExplain: async (_, status) => {
      await answer();
      return {
        ...{
          pasted: "network_error",
          matter: "body",
          status: status ?? 400,
          word: "VALIDATION_ERROR",
          invented: false,
        },
        cause: "Klarna refused the body; the token has nothing to do with it.",
        retry: "Do not try again as it is. Put the parameter right, then send it with a new idempotency key.",
        reference: "0f9a1c2e-7b1d-4c55-9a0e-3f1d2c4b5a69",
        parameters: [{ path: "step_up_config", what: "must be absent", breach: true }],
      };
    },
    secretEmdLint: (text) => answer().then(() => (text.includes("ip_address") ? [forbidden, unknown] : [])),
    secretBodyExamine: (text) => answer().then(() => (text.includes("step_up") ? [stepUp] : [])),
    secretWebhookExamine: (text) => answer().then(() => delivered(text)),
    secretWebhookTake: async (text) => {
      await answer();
      const examined = { ...delivered(text), repeated: true };
      return { examined, done: "The token is revoked now, by the customer.", row: null };
    },
  };
}

function delivered(text: string): DeliveryView {
  const good = !text.includes("base64");
  return {
    good,
    signature: good ? "The signature is Klarna's." : "The signature is not the one of this body and key.",
    hint: good
      ? null
      : "It is the right signature in base64. Klarna writes lower-case hex; compare the bytes, not the text.",
    ...{ keyId: "key-1", unreadable: null, otherEnvironment: false },
    ...(text.includes("old")
      ? {
          age: "It happened 52 hours ago, later than Klarna repeats: an old capture, or somebody sends it again.",
          timely: false,
        }
      : { age: "It happened 40 seconds ago.", timely: true }),
    repeated: text.includes("again"),
    eventId: "1b2c3d4e-0000-4000-8000-000000000001",
    eventType: "identity.customer-token.state-change.revoked",
    merchantId: "krn:partner:global:account:test:MB6KIE1P",
  };
}
