/**
 * Which place of the audit screen is shown; other parts of the app lead to one.
 * Absent on purpose: what the places are.
 */
class Place {
  shown: "log" | "days" | "keeping" = $state("log");
}

export const place = new Place();
