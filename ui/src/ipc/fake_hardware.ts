/**
 * The pretence of a hardware token: one that can be used, one whose PIN is locked, and a PIN that is wanted once.
 * Absent on purpose: any key.
 */
import type { Backend, CommandError, ModuleTokensView, SetupView, TokenView } from "./backend";

/** What opens the made-up token. */
export const FAKE_PIN = "123456";

const TOKEN: TokenView = { label: "Klarna signing", serial: "9cdee91a6c75be06" };

const MODULES: ModuleTokensView[] = [
  {
    module: "opensc-pkcs11",
    failure: null,
    tokens: [
      { ...TOKEN, model: "Nitrokey HSM 2", unusable: null, warning: null },
      {
        label: "Old card",
        serial: "0042",
        model: "OpenPGP card",
        unusable:
          "The token's PIN is locked after too many wrong tries. Unblock it with its maker's tool and the PUK or SO PIN.",
        warning: null,
      },
    ],
  },
];

export type HardwareCommands = Pick<Backend, Extract<keyof Backend, `hardware${string}` | "secretHardwarePin">>;

/** The commands; `take` makes the key as if it had been made in the key store. */
export function hardware(answer: () => Promise<void>, take: () => Promise<SetupView>): HardwareCommands {
  let [open, plugged] = [false, true];
  document.addEventListener("fake:unplug", () => (plugged = false));
  const found = async (): Promise<ModuleTokensView[]> => {
    await answer();
    return plugged ? MODULES : [];
  };
  return {
    hardwareTokens: found,
    hardwareModuleAdd: async () => {
      await answer();
      return MODULES;
    },
    hardwareWanted: async () => {
      await answer();
      return TOKEN;
    },
    hardwareKeyCreate: async () => {
      if (!open) throw refusal("The token is locked.", "Enter its PIN.");
      return take();
    },
    secretHardwarePin: async (pin) => {
      await answer();
      if (pin !== FAKE_PIN) throw refusal("The PIN is wrong.", "Few tries are left before the token locks itself.");
      open = true;
    },
  };
}

const refusal = (message: string, hint: string): CommandError => ({
  code: "hardware_pin",
  message,
  hint,
  reference: "",
});
