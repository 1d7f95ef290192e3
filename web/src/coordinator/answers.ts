// Answers: what the API said, for screens that are drawn again when it comes.

import { useEffect, useState } from "preact/hooks";
import { inside, read, readAll } from "../api/client";

export interface Answer<T> {
  value: T | null;
  error: unknown;
  isWaiting: boolean;
}

/** What `fetch` brings, anew whenever `key` changes; while that is under way, what was there. */
export function useAnswer<T>(key: string | null, fetch: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: null, error: null, isWaiting: true });
  useEffect(() => {
    if (key === null) return;
    let isOld = false;
    setAnswer((before) => ({ ...before, isWaiting: true }));
    fetch().then(
      (value) => isOld || setAnswer({ value, error: null, isWaiting: false }),
      (error: unknown) => isOld || setAnswer({ value: null, error, isWaiting: false }),
    );
    return () => {
      isOld = true;
    };
  }, [key]);
  return answer;
}

/** JSON of one address inside the network. */
export const useRead = <T,>(path: string | null, member?: string): Answer<T> =>
  useAnswer<T>(path, () => read<T>(inside(path!), member));

export interface Section {
  id: string;
  version: string;
  name: string;
  boundary_id: string;
  position: number;
  population: number | null;
}

export interface Boundary {
  id: string;
  version: string;
  name: string;
  question: string | null;
  position: number;
  sections: Section[];
}

/** Boundaries with their sections, in the network's order. */
export async function readBoundaries(): Promise<Boundary[]> {
  const [boundaries, sections] = await Promise.all([
    readAll<Omit<Boundary, "sections">>(inside("boundaries")),
    readAll<Section>(inside("sections")),
  ]);
  return boundaries.map((each) => ({ ...each, sections: sections.filter((one) => one.boundary_id === each.id) }));
}
