/**
 * Which tab of the Tokens screen is shown; other parts of the app lead to one.
 * Absent on purpose: what the tabs are.
 */
class Tab {
  shown = $state("vault");
  /** What the import is to begin with, once it stands: the file dialog, or the table that waits. */
  wish: "choose" | "plan" | null = $state(null);
}

export const tab = new Tab();
