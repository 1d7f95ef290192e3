// In which order things are offered, what a search finds, and what usual is.

import { expect, test } from "vitest";
import { centreOf, distance, matches, median, order } from "../src/store/habits";
import type { Shown } from "../src/store/store";

const place = (id: string, name: string, coordinates: [number, number] | null = null): Shown => ({
  kind: "spaces", id, version: "v", audience: "network",
  data: { name, geometry: coordinates && { type: "Point", coordinates } },
});
const known = [place("b", "Bakery", [0, 1]), place("l", "Library", [0, 3]), place("c", "Café", [0, 2]), place("o", "Online")];
const ids = (records: Shown[]) => records.map(({ id }) => id).join("");

test("favourites come first, then what was used lately, then the rest by name", () => {
  expect(ids(order(known, { favourites: [], recent: [], seconds: [] }, null, "en"))).toBe("bclo");
  expect(ids(order(known, { favourites: ["o"], recent: ["l", "c"], seconds: [] }, null, "en"))).toBe("olcb");
});

test("from where one stands the nearest comes first, and what has no position last", () => {
  expect(ids(order(known, { favourites: ["o"], recent: ["l"], seconds: [] }, [0, 3.1], "en"))).toBe("lcbo");
});

test("a search finds every word in any order, whatever the accents and capitals", () => {
  expect(matches("Café of the Mill", "mill cafe")).toBe(true);
  expect(matches("Café of the Mill", "mill cake")).toBe(false);
  expect(matches("anything", "")).toBe(true);
});

test("distances are metres on the globe, a polygon counts from its middle", () => {
  expect(distance([0, 0], [0, 1])).toBeCloseTo(111_195, -1);
  expect(distance([0, 0], null)).toBe(Infinity);
  expect(centreOf({ type: "Polygon", coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] })).toEqual([1, 1]);
});

test("usual is the middle of what was measured, and nothing before that", () => {
  expect(median([])).toBeNull();
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
});
