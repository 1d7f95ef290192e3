// Expected: how many ties chance would give between two sections, were each as busy as it is.

export interface Crossing {
  boundary: { sections: { id: string; name: string }[] };
  mixing: number[][];
  share: number | null;
  expected: number | null;
  excess: number | null;
  z: number | null;
  p: number | null;
  coverage: { known: number; total: number };
  reason: string | null;
  reasons: Record<string, string>;
}

export interface Cell {
  observed: number;
  expected: number;
}

/** Cells of a mixing matrix, whose rows are tie-ends: observed beside the product of its margins. */
export function cells({ mixing }: Pick<Crossing, "mixing">): Cell[][] {
  const ends = mixing.map((row) => row.reduce((sum, cell) => sum + cell, 0));
  const all = ends.reduce((sum, one) => sum + one, 0);
  return mixing.map((row, i) => row.map((observed, j) => {
    const expected = all ? (ends[i]! * ends[j]!) / all : 0;
    return i === j ? { observed: observed / 2, expected: expected / 2 } : { observed, expected };
  }));
}
