/** The words of the network's settings. */
import type { NetworkView, ProxyMode } from "../ipc/backend";
import { date } from "../lib/format";
import { visible } from "../lib/visible";

export const wayWords: Record<ProxyMode, string> = {
  system: "As the system says",
  direct: "Directly",
  address: "Proxy",
};

export const network = {
  title: "Network",
  text: "One way to Klarna for every profile and the command line. What is on this computer is always reached directly.",
  asking: "Asking the system for its proxy…",
  anew: "Use the system's proxy",
  ownWay: (way: string): string =>
    `This profile goes its own way, ${way === "direct" ? "directly" : `through ${visible(way)}`}. Set its proxy to system in set-up, Account and address, to use the one below.`,
};

export const way = {
  name: "Way to Klarna",
  address: "Proxy address",
  addressSays: "Like http://proxy.example:3128; http, https, socks5 and socks5h. No user name and no password in it.",
  without: "Not through the proxy",
  withoutSays: "Hosts, suffixes such as .corp.example, addresses and ranges such as 10.0.0.0/8, commas between.",
  goes: "Saving also removes the sign-in: it was given for the proxy before.",
  save: "Save",
  saving: "Saving…",
  undo: "Undo",
  saved: "Saved. The next call takes this way.",
};

/** What the system says of its proxy; empty where that needs no words. */
export function systemSays({ system: { word, address } }: NetworkView): string {
  if (word === "direct") return "The system names no proxy.";
  if (word === "proxy") return `The system names ${visible(address)}.`;
  return "";
}

/** Why the system's way does not work by itself, and what to do. */
export function byHand({ system: { word, address } }: NetworkView): string {
  if (word === "gnome")
    return `GNOME names ${visible(address)}, which Gatehouse does not take by itself: save it as the proxy.`;
  if (word !== "pac") return "";
  const place = address ? `at ${visible(address)}` : "found by automatic discovery";
  return `This network names its proxy only in a PAC file (${place}), which Gatehouse does not run. Ask your network's administrators for the proxy's address and enter it under Proxy.`;
}

export const signIn = {
  name: "Sign-in to the proxy",
  says: "Only where the proxy asks for one. Kept in the key store, sent to this proxy alone, never shown.",
  kept: "User name and password are in the key store.",
  none: "None is kept.",
  user: "User name",
  password: "Password",
  half: "Type both, the user name and the password.",
  keep: "Keep sign-in",
  keeping: "Keeping…",
  enter: "Enter sign-in…",
  replace: "Replace…",
  clear: "Remove sign-in",
  cancel: "Cancel",
  first: "Save the proxy's address first.",
};

export const authorities = {
  name: "Added certificate authorities",
  says: "Trusted beside the system's, for Gatehouse's calls alone, where your network inspects TLS.",
  none: "None was added. Only the authorities that this system trusts are.",
  add: "Add…",
  adding: "Choosing…",
  known: "Nothing was added: it is trusted already.",
  remove: "Remove…",
  until: (time: number): string => `until ${date(time)}`,
  ended: (time: number): string => `ended on ${date(time)}; add the current one`,
  ask: (subject: string): { title: string; text: string; verb: string } => ({
    title: "Remove this authority?",
    text: `${visible(subject)} vouches for no server any more. Where your network inspects TLS with it, Klarna is out of reach until you add it again.`,
    verb: "Remove authority",
  }),
};
