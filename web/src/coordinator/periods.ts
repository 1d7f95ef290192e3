// Periods: the stretches of time that the desk's screens can look at.

/** Half open; an empty end is open. `name` is what a person calls it: `2026 Q1`, or empty. */
export interface Period {
  from: string;
  to: string;
  name: string;
}

const QUARTERS = 8;

/** All there is, the last twelve months, then the last quarters from the oldest to this one. */
export function periodsUntil(today: Date): Period[] {
  const year = today.getUTCFullYear();
  const quarter = Math.floor(today.getUTCMonth() / 3);
  const at = (step: number) => new Date(Date.UTC(year, (quarter + step) * 3, 1)).toISOString();
  const later = new Date(Date.UTC(year, today.getUTCMonth(), today.getUTCDate() + 1));
  const before = new Date(later);
  before.setUTCFullYear(later.getUTCFullYear() - 1);
  const quarters = Array.from({ length: QUARTERS }, (_, i) => {
    const from = at(i - QUARTERS + 1);
    const begins = new Date(from);
    return { from, to: at(i - QUARTERS + 2), name: `${begins.getUTCFullYear()} Q${begins.getUTCMonth() / 3 + 1}` };
  });
  return [
    { from: "", to: "", name: "all" },
    { from: before.toISOString(), to: later.toISOString(), name: "year" },
    ...quarters,
  ];
}
