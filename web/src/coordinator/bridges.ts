// Bridges: what is between two sections, and whether a tie would have been seen, as analysis says.

export interface Bridge {
  sides: [{ id: string; name: string }, { id: string; name: string }];
  ties: number;
  last_at: string | null;
  connectors: number;
  spaces: number;
  independent: number;
  coverage: number | null;
  chance: { value: number | null; expected: number | null; p_adjusted: number | null } | null;
  state: "single" | "live" | "lapsed" | "gap" | "too_few_to_say";
}

export interface Bridges {
  coverage: number | null;
  pairs: Bridge[];
  reason: string | null;
}

const SURE = 0.05;

/** Whether two sections have fewer ties than chance would give, beyond what chance alone does. */
export function isFewer({ chance }: Bridge): boolean {
  const { value = null, expected = null, p_adjusted = null } = chance ?? {};
  return value !== null && expected !== null && p_adjusted !== null && value < expected && p_adjusted < SURE;
}

/** Layers that analysis looks for bridges in. */
export const BRIDGED: readonly string[] = ["introductions", "meetings"];

/** The bridge between two sections, in whichever order they are named. */
export const bridgeOf = (bridges: Bridges | null, a: string, b: string): Bridge | undefined =>
  bridges?.pairs.find(({ sides }) => sides.every(({ id }) => id === a || id === b));
