/**
 * The roles that Klarna documents for a portal link, with what they open. Rust checks again.
 * Absent on purpose: guesses at roles that Klarna's pages do not name.
 */
export interface Role {
  id: string;
  name: string;
  what: string;
}

export const ROLES: readonly Role[] = [
  { id: "merchant:developer", name: "Developer", what: "Client-side tokens and the set-up of conversion features" },
  { id: "merchant:admin", name: "Administrator", what: "Everything the partner agreement opens up" },
];

/** A first look at an address, for comfort; whether it is one is decided in Rust. */
export const looksLikeEmail = (text: string): boolean => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/.test(text.trim());

/** A role by its name; one that Klarna added since is shown by its id. */
export const roleName = (id: string): string => ROLES.find((role) => role.id === id)?.name ?? id;
