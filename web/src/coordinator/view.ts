// View: which boundary, layer and window the desk's screens show: one choice for all of them.

import { signal } from "../signal";
import { periodsUntil } from "./periods";

export const LAYERS = ["introductions", "meetings", "flows"] as const;
export type Layer = (typeof LAYERS)[number];

export interface View {
  boundary: string;
  layer: Layer;
  period: number; // its place in PERIODS
}

const KEY = "weft.view";

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
