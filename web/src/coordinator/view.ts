// View: which boundary, layer and window the desk's screens show: one choice for all of them.

import { signal } from "../signal";

export const LAYERS = ["introductions", "meetings", "flows"] as const;
export type Layer = (typeof LAYERS)[number];

/** Half open; an empty end is open. `name` is what a person calls it: `2026 Q1`, or empty. */
export interface Period {
  from: string;
  to: string;
  name: string;
}

export interface View {
  boundary: string;
  layer: Layer;
  period: number; // its place in PERIODS
}

const QUARTERS = 8;
const KEY = "weft.view";

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

export const PERIODS = periodsUntil(new Date());

function kept(): View {
  const first: View = { boundary: "", layer: "introductions", period: 0 };
  try {
    return { ...first, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return first;
  }
}

export const view = signal<View>(kept());

export function look(change: Partial<View>): void {
  const next = { ...view.get(), ...change };
  sessionStorage.setItem(KEY, JSON.stringify(next));
  view.set(next);
}

/** The view as the API's query: `boundary=…&layer=…&from=…&to=…`. */
export function queryOf({ boundary, layer, period }: View, more: Record<string, string> = {}): string {
  const { from, to } = PERIODS[period] ?? PERIODS[0]!;
  const said = { boundary, layer, from, to, ...more };
  return String(new URLSearchParams(Object.entries(said).filter(([, value]) => value)));
}
