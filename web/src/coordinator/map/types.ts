// Types: the maps API's features, as far as these screens use them.

import type { Geometry } from "geojson";

export type State = "live" | "lapsed" | "single";

export interface Place {
  id: string;
  name: string | null;
  type: string;
  meetings: number;
  introductions: number;
  groups_seen: number;
  crossing_contact: number | null;
  diversity: number | null;
}

export interface Tie {
  a: string;
  b: string;
  a_name: string;
  b_name: string;
  times: number;
  last_at: string;
  state: State;
  crossing: number;
}

export interface Feature<P> {
  type: "Feature";
  geometry: Geometry | null;
  properties: P;
}

export interface Spaces {
  type: "FeatureCollection";
  bbox?: [number, number, number, number];
  features: Feature<Place>[];
}

export interface Ties {
  type: "FeatureCollection";
  ties: { known: number; total: number; crossing: number };
  features: Feature<Tie>[];
}

/** What analysis says of spaces, as far as it is shown here. */
export interface Yields {
  spaces: { space_id: string; diversity: { expected: number | null } }[];
}
