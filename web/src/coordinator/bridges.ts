// Bridges: what is between two sections, and whether a tie would have been seen, as analysis says.

export interface Bridge {
  sides: [{ id: string; name: string }, { id: string; name: string }];
  ties: number;
  last_at: string | null;
  connectors: number;
  spaces: number;
  independent: number;
  coverage: number | null;
  state: "single" | "live" | "lapsed" | "gap" | "too_few_to_say";
}

export interface Bridges {
  coverage: number | null;
  pairs: Bridge[];
  reason: string | null;
}

/** Layers that analysis looks for bridges in. */
export const BRIDGED: readonly string[] = ["introductions", "meetings"];

/** The bridge between two sections, in whichever order they are named. */
export const bridgeOf = (bridges: Bridges | null, a: string, b: string): Bridge | undefined =>
  bridges?.pairs.find(({ sides }) => sides.every(({ id }) => id === a || id === b));
