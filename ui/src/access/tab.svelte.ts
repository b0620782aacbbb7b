/**
 * Which tab of the People screen is shown; other parts of the screen lead to one.
 * Absent on purpose: what the tabs are.
 */
class Tab {
  shown = $state("people");
}

export const tab = new Tab();
