/**
 * Which tab of the Tokens screen is shown; other parts of the app lead to one.
 * Absent on purpose: what the tabs are.
 */
class Tab {
  shown = $state("vault");
}

export const tab = new Tab();
