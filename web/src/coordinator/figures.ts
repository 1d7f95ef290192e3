// Figures: numbers and shares as the reader's language writes them; a dash where there is none.

import { language } from "../words/words";

export function figure(value: number | null, digits = 2): string {
  return value === null ? "–" : new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);
}

export function percent(share: number | null): string {
  return share === null ? "–" : new Intl.NumberFormat(language(), { style: "percent" }).format(share);
}

/** A year, or whatever else is numbered and not counted. */
export function plain(value: number): string {
  return new Intl.NumberFormat(language(), { useGrouping: false }).format(value);
}
