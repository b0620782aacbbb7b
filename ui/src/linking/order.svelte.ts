/**
 * An order as it is being written: country, currency, lines; and what is missing before it can be sent.
 * Absent on purpose: Klarna's rules; Rust says what it still misses, in words.
 */
import type { OrderWish } from "../ipc/backend";
import { minorOf, moneyText } from "../tokens/money";

const COUNTRY = "gatehouse.linking.country";
const CURRENCY = "gatehouse.linking.currency";
const MOST = 50;

interface Line {
  name: string;
  quantity: string;
  price: string;
}

export class OrderDraft {
  country = $state(localStorage.getItem(COUNTRY) ?? "");
  currency = $state(localStorage.getItem(CURRENCY) ?? "EUR");
  locale = $state("");
  reference = $state("");
  lines: Line[] = $state([{ name: "", quantity: "1", price: "" }]);

  /** Begins with an order that is there. */
  take(order: OrderWish): void {
    this.country = order.country;
    this.currency = order.currency;
    this.locale = order.locale ?? "";
    this.reference = order.reference ?? "";
    const asText = (minor: number): string => moneyText(minor, order.currency).replace(/,/g, "").split(" ")[0] ?? "";
    this.lines = order.lines.map(({ name, quantity, unitPrice }) => {
      return { name, quantity: String(quantity), price: asText(unitPrice) };
    });
  }

  get money(): string {
    return this.currency.trim().toUpperCase();
  }

  get land(): string {
    return this.country.trim().toUpperCase();
  }

  /** What it costs altogether; null while a line is not right. */
  get amount(): number | null {
    let sum = 0;
    for (const line of this.lines) {
      const price = minorOf(line.price, this.money);
      const many = quantityOf(line);
      if (price === null || many === null) return null;
      sum += price * many;
    }
    return sum;
  }

  /** The ids of the fields that are not right, in their order. */
  get wrong(): string[] {
    const checks: [string, boolean][] = [
      ["order-country", !/^[A-Z]{2}$/.test(this.land)],
      ["order-currency", !/^[A-Z]{3}$/.test(this.money)],
      ["order-locale", this.locale.trim() !== "" && !/^[a-z]{2}-[A-Z]{2}$/.test(this.locale.trim())],
      ...this.lines.flatMap((line, at): [string, boolean][] => [
        [`order-name-${at}`, line.name.trim() === ""],
        [`order-quantity-${at}`, quantityOf(line) === null],
        [`order-price-${at}`, minorOf(line.price, this.money) === null],
      ]),
    ];
    return checks.filter(([, bad]) => bad).map(([id]) => id);
  }

  get full(): boolean {
    return this.lines.length >= MOST;
  }

  add(): void {
    if (!this.full) this.lines.push({ name: "", quantity: "1", price: "" });
  }

  remove(at: number): void {
    if (this.lines.length > 1) this.lines.splice(at, 1);
  }

  wish(): OrderWish {
    return {
      country: this.land,
      currency: this.money,
      locale: this.locale.trim() || null,
      reference: this.reference.trim() || null,
      lines: this.lines.map((line) => ({
        name: line.name.trim(),
        quantity: quantityOf(line) ?? 0,
        unitPrice: minorOf(line.price, this.money) ?? 0,
      })),
    };
  }

  /** The next form begins with what this one ended with. */
  remember(): void {
    localStorage.setItem(COUNTRY, this.land);
    localStorage.setItem(CURRENCY, this.money);
  }
}

function quantityOf({ quantity }: Line): number | null {
  return /^[1-9]\d{0,4}$/.test(quantity.trim()) ? Number(quantity.trim()) : null;
}
