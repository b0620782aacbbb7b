/**
 * Where a key takes the selection in a list. Pure, so that every key is tested without a page.
 * Absent on purpose: wrapping around; in 100,000 rows it only confuses.
 */
export interface Place {
  index: number;
  total: number;
  page: number;
}

/** The new index for a key, or null when the key means nothing here. */
export function moved(key: string, { index, total, page }: Place): number | null {
  if (total === 0) return null;
  const within = (wanted: number): number => Math.max(0, Math.min(total - 1, wanted));
  switch (key) {
    case "ArrowDown":
      return within(index + 1);
    case "ArrowUp":
      return within(index - 1);
    case "PageDown":
      return within(index + page);
    case "PageUp":
      return within(index - page);
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}

/** True when Home or End still has to move the caret of a field, so that the list leaves the key alone. */
export function caretWants(
  key: string,
  field: Pick<HTMLInputElement, "value" | "selectionStart" | "selectionEnd">,
): boolean {
  if (key === "Home") return field.selectionEnd !== 0;
  if (key === "End") return field.selectionStart !== field.value.length;
  return false;
}
