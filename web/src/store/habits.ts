// Habits: what this phone's user picks most, kept here and told to nobody.

import type { Shown, Store } from "./store";

export interface Habits {
  favourites: string[];
  recent: string[];
  seconds: number[]; // from the first tap to saved, the latest last
}

const RECENT = 12;
const TIMES = 50;

export function habitsOf(store: Store): Habits {
  return { favourites: [], recent: [], seconds: [], ...store.note<Partial<Habits>>("habits") };
}

const keep = (store: Store, change: Partial<Habits>) => store.change({ notes: { habits: { ...habitsOf(store), ...change } } });

export function toggleFavourite(store: Store, id: string): Promise<void> {
  const { favourites } = habitsOf(store);
  const without = favourites.filter((each) => each !== id);
  return keep(store, { favourites: without.length < favourites.length ? without : [...favourites, id] });
}

/** Remember what was picked and how long it took. */
export function noteUse(store: Store, ids: string[], seconds: number | null): Promise<void> {
  const { recent, seconds: before } = habitsOf(store);
  const used = ids.filter(Boolean);
  return keep(store, {
    recent: [...used, ...recent.filter((id) => !used.includes(id))].slice(0, RECENT),
    seconds: seconds === null ? before : [...before, seconds].slice(-TIMES),
  });
}

export function median(values: number[]): number | null {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export type Point = [longitude: number, latitude: number];

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word that was typed begins somewhere in the name. */
export function matches(name: string, typed: string): boolean {
  const where = plain(name);
  return plain(typed).split(/\s+/).every((word) => where.includes(word));
}

/** In the order somebody looks for them: nearest when that is asked, else favourite, recent, by name. */
export function order(records: Shown[], { favourites, recent }: Habits, from: Point | null, code: string): Shown[] {
  const rank = (record: Shown): number => {
    if (from) return distance(from, centreOf(record.data["geometry"]));
    if (favourites.includes(record.id)) return -1;
    const used = recent.indexOf(record.id);
    return used < 0 ? RECENT : used;
  };
  const ranked = records.map((record) => ({ record, rank: rank(record), name: String(record.data["name"] ?? "") }));
  const { compare } = new Intl.Collator(code);
  return ranked.sort((a, b) => a.rank - b.rank || compare(a.name, b.name)).map(({ record }) => record);
}

/** The middle of a point or of a polygon's outline. */
export function centreOf(geometry: { type: string; coordinates: any } | null | undefined): Point | null {
  if (!geometry) return null;
  if (geometry.type === "Point") return geometry.coordinates as Point;
  const outline = (geometry.coordinates[0] as Point[]).slice(0, -1); // it ends where it began
  const sum = outline.reduce(([x, y], [a, b]) => [x + a, y + b] as Point, [0, 0] as Point);
  return [sum[0] / outline.length, sum[1] / outline.length];
}

const RADIUS = 6_371_000; // metres
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Metres between two points on the globe; infinitely far where there is no position. */
export function distance(a: Point, b: Point | null): number {
  if (!b) return Infinity;
  const [x, y] = [radians(b[0] - a[0]), radians(b[1] - a[1])];
  const h = Math.sin(y / 2) ** 2 + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * Math.sin(x / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(h));
}
