/**
 * The pretence of the way to Klarna: `&network=system|proxy|pac|gnome`; the file that is chosen always holds the same authority.
 * Absent on purpose: a network, and any judgement of addresses; Rust has it.
 */
import type { AuthorityView, Backend, NetworkView, ProxyRequest } from "./backend";
import { failure, type Pretence } from "./fake_pretence";

const INSPECTION: AuthorityView = {
  subject: "CN=Acme Corporate Inspection CA G3,OU=Network Security,O=Acme Payments AB,C=SE",
  issuer: "CN=Acme Corporate Root,O=Acme Payments AB,C=SE",
  sha256: "5b1f0c7e93a8d2461e7f30b9c5a4d8812f6e7a90b3c1d4e5f60718293a4b5c6d",
  notAfter: Date.UTC(2031, 4, 12),
  ended: false,
};

const OLD: AuthorityView = {
  subject: "CN=Acme Corporate Inspection CA G2,O=Acme Payments AB,C=SE",
  issuer: "CN=Acme Corporate Root,O=Acme Payments AB,C=SE",
  sha256: "c07e4d21a96b8f3305d9e1c2b47a60f8e93d5c1b2a7084f6e5d3c2b1a0988776",
  notAfter: Date.UTC(2026, 9, 2),
  ended: true,
};

const PAC = "http://wpad.corp.acme.example/proxy.pac";
const BARE: NetworkView = {
  ...{ mode: "system", address: "", noProxy: "", signIn: false },
  ...{ system: { word: "direct", address: "" }, profileWay: null, authorities: [] },
};

function begun(how: Pretence["network"]): NetworkView {
  if (how === "pac") return { ...BARE, system: { word: "pac", address: PAC } };
  if (how === "gnome") return { ...BARE, system: { word: "gnome", address: "http://proxy.corp.acme.example:3128" } };
  if (how === "system") return BARE;
  return {
    ...BARE,
    ...{ mode: "address", address: "http://proxy.corp.acme.example:3128", noProxy: ".corp.acme.example,10.0.0.0/8" },
    ...{ signIn: true, authorities: [INSPECTION, OLD] },
  };
}

/** What of a backend is about the network. */
export type NetworkCommands = Pick<Backend, Extract<keyof Backend, `network${string}` | "secretProxySignIn">>;

/** Makes that part; `answer` waits and fails as everything does. */
export function networked(how: Pretence["network"], answer: () => Promise<void>): NetworkCommands {
  let view = begun(how);
  const show = (change: Partial<NetworkView>): NetworkView => (view = { ...view, ...change });
  return {
    networkShow: () => answer().then(() => view),
    networkProxy: (request) => answer().then(() => show(taken(view, request))),
    networkCaAdd: async () => {
      await answer();
      const others = view.authorities.filter(({ sha256 }) => sha256 !== INSPECTION.sha256);
      return show({ authorities: [INSPECTION, ...others] });
    },
    networkCaRemove: async (sha256) => {
      await answer();
      return show({ authorities: view.authorities.filter((one) => one.sha256 !== sha256) });
    },
    secretProxySignIn: async (user, password) => {
      await answer();
      if (view.mode !== "address" || (user === null) !== (password === null)) throw failure("input_invalid");
      return show({ signIn: user !== null });
    },
  };
}

/** A sign-in stays with the same address. */
function taken(before: NetworkView, { mode, address, noProxy }: ProxyRequest): Partial<NetworkView> {
  if (mode !== "address") return { mode, address: "", noProxy: "", signIn: false };
  const full = address?.includes("://") ? address : `http://${address ?? ""}`;
  if (!/^(https?|socks5h?):\/\/[^/@]+$/.test(full)) throw failure("input_invalid");
  const entries = (noProxy ?? "").split(/[\s,]+/).filter(Boolean);
  return { mode, address: full, noProxy: entries.join(","), signIn: before.signIn && full === before.address };
}
