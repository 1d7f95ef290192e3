// Colours: told apart without red and green, and beside words or shapes, never alone.

/** How mixed a place is, from alike to mixed; each with the least diversity it stands for. */
export const DIVERSITY: [number, string][] = [
  [0, "#f2d9a0"],
  [0.2, "#bccf9d"],
  [0.4, "#7fb79b"],
  [0.6, "#42918d"],
  [0.8, "#1d5f74"],
];
export const NOTHING_KNOWN = "#ffffff";

export function diversityColour(value: number | null): string {
  if (value === null) return NOTHING_KNOWN;
  return DIVERSITY.findLast(([least]) => value >= least)?.[1] ?? NOTHING_KNOWN;
}

/** Sections, in their order: a fill for regions and a stronger one for what stands in them. */
const SECTIONS: [string, string][] = [
  ["#e7eef7", "#2b5c94"],
  ["#f8e9dc", "#a5551c"],
  ["#e4f1ec", "#1f6b57"],
  ["#f3e6f0", "#85407a"],
  ["#f4efd3", "#756313"],
  ["#e9e6f6", "#5546a0"],
  ["#fae3e3", "#a03a45"],
  ["#e2f0f3", "#1f6a7d"],
];
const UNKNOWN: [string, string] = ["#eeeae6", "#6b625b"];

export const sectionColours = (place: number): [string, string] => (place < 0 ? UNKNOWN : SECTIONS[place % SECTIONS.length]!);

export const STATES = { live: "#7a3320", lapsed: "#a88a72", single: "#7a3320", gap: "#8c1d18" } as const;
