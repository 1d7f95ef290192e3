// Types: the laid-out graph as the API answers it.

import type { State } from "../map/types";

export interface Region {
  section_id: string | null;
  name: string | null;
  groups: number;
  x: number;
  y: number;
  r: number;
}

export interface Node {
  id: string;
  name: string;
  section_id: string | null;
  x: number;
  y: number;
  ties: number;
  crossing: number;
}

export interface Edge {
  a: number;
  b: number;
  times: number;
  last_at: string;
  state: State;
  crossing: number | null;
}

export interface Between {
  a: string;
  b: string;
  ties: number;
  times: number;
  last_at: string | null;
  state: State | "gap";
}

export interface Graph {
  regions: Region[];
  nodes: Node[];
  edges: Edge[];
  between: Between[];
  ties: { known: number; total: number; crossing: number };
}
