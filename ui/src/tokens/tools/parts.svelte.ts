/**
 * Extra merchant data as it is being written: packages, their entries, and what each member holds.
 * Absent on purpose: Klarna's rules; Rust builds it, or says which member is wrong.
 */
import type { DataPackage, DataPart } from "../../ipc/backend";

export interface Entry {
  package: string;
  values: Record<string, string>;
}

export class Parts {
  entries: Entry[] = $state([]);

  of(name: string): Entry[] {
    return this.entries.filter((entry) => entry.package === name);
  }

  add(of: DataPackage): void {
    const values = Object.fromEntries(of.members.map(({ name }) => [name, ""]));
    this.entries.push({ package: of.name, values });
  }

  remove(entry: Entry): void {
    this.entries = this.entries.filter((one) => one !== entry);
  }

  /** What is known; an entry's place is counted within its package, and empty ones leave no gap. */
  wish(): DataPart[] {
    const places = new Map<string, number>();
    return this.entries.flatMap((entry) => {
      const known = Object.entries(entry.values).filter(([, value]) => value.trim() !== "");
      if (known.length === 0) return [];
      const place = places.get(entry.package) ?? 0;
      places.set(entry.package, place + 1);
      return known.map(([member, value]) => ({ package: entry.package, entry: place, member, value: value.trim() }));
    });
  }
}
