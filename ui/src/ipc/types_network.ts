/**
 * The views of the way to Klarna: proxy, what the system says of one, added certificate authorities.
 * Absent on purpose: a proxy's user name and password; only that they are kept is told.
 */

export type ProxyMode = "system" | "direct" | "address";
/** What the system says: no proxy, one that is taken over, GNOME's, which is not, or a PAC file alone. */
export type SystemWord = "direct" | "proxy" | "gnome" | "pac";

export interface AuthorityView {
  subject: string;
  issuer: string;
  sha256: string;
  notAfter: number;
  ended: boolean;
}

export interface NetworkView {
  mode: ProxyMode;
  address: string;
  noProxy: string;
  signIn: boolean;
  system: { word: SystemWord; address: string };
  /** The way that the profile in use takes instead. */
  profileWay: string | null;
  authorities: AuthorityView[];
}

/** An address and exceptions go with the mode `address` alone. */
export interface ProxyRequest {
  mode: ProxyMode;
  address: string | null;
  noProxy: string | null;
}
