/**
 * Amounts as people write them and as Klarna takes them: in the smallest unit, by the currency's own number of decimals.
 * Absent on purpose: floating point; what is typed is digits, and stays digits.
 */
/** How many decimals a currency has; two where this system does not know it. */
export function decimalsOf(currency: string): number {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** `129.00` or `129,00` as 12900; null for what is no amount above zero, or has more decimals than the currency. */
export function minorOf(text: string, currency: string): number | null {
  const found = /^(\d{1,9})(?:[.,](\d{1,4}))?$/.exec(text.trim().replace(/[\s\u00a0\u202f']/g, ""));
  const decimals = decimalsOf(currency);
  const [, whole = "", part = ""] = found ?? [];
  if (!found || part.length > decimals) return null;
  const minor = Number(whole + part.padEnd(decimals, "0"));
  return minor > 0 && minor <= 0xffff_ffff ? minor : null;
}

/** 12900 of SEK as `129.00 SEK`. */
export function moneyText(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(minor).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ""} ${currency}`;
}
