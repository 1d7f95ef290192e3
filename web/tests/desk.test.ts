// What the desk works out by itself: periods, what chance would give, and where names have room.

import { expect, test } from "vitest";
import { isFewer, type Bridge } from "../src/coordinator/bridges";
import { cells } from "../src/coordinator/network/expected";
import { edgePath, gate } from "../src/coordinator/network/curves";
import { placeNames } from "../src/coordinator/network/names";
import { periodsUntil } from "../src/coordinator/periods";

test("periods are all there is, the last twelve months, and quarters that touch", () => {
  const [all, year, ...quarters] = periodsUntil(new Date("2026-02-28T10:00:00Z"));
  expect(all).toEqual({ from: "", to: "", name: "all" });
  expect([year!.from, year!.to]).toEqual(["2025-03-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"]);
  expect(quarters.map((each) => each.name)).toEqual(["2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1"]);
  for (const [i, each] of quarters.slice(1).entries()) expect(each.from).toBe(quarters[i]!.to);
});

test("what chance would give follows from how busy each section is, and adds up to what was seen", () => {
  const grid = cells({ mixing: [[8, 2], [2, 4]] });
  expect(grid[0]![0]).toEqual({ observed: 4, expected: 100 / 32 });
  expect(grid[0]![1]).toEqual({ observed: 2, expected: 60 / 16 });
  const sum = (of: "observed" | "expected") => grid[0]![0]![of] + grid[0]![1]![of] + grid[1]![1]![of];
  expect(sum("expected")).toBeCloseTo(sum("observed"));
  expect(cells({ mixing: [[0, 0], [0, 0]] })[0]![1]).toEqual({ observed: 0, expected: 0 });
});

test("names never lie on one another nor leave the picture; who has most is named first", () => {
  const frame = { left: 0, top: 0, right: 10, bottom: 10 };
  const dots = Array.from({ length: 40 }, (_, i) => ({ x: 3 + (i % 7) / 2, y: 3 + Math.floor(i / 7) / 2, name: `Group ${i}`, weight: i }));
  const placed = placeNames(dots, 0.4, 0.1, [], frame);
  expect(placed[0]!.dot).toBe(39);
  expect(placed.length).toBeGreaterThan(3);
  expect(placed.length).toBeLessThan(40);
  for (const one of placed) {
    const half = (one.text.length * 0.4 * 0.54) / 2;
    expect(one.x - half).toBeGreaterThanOrEqual(0);
    for (const other of placed) {
      const isApart = Math.abs(one.x - other.x) >= half + (other.text.length * 0.4 * 0.54) / 2 || Math.abs(one.y - other.y) >= 0.4;
      expect(one === other || isApart).toBe(true);
    }
  }
});

test("ties from one region to another leave by the same gate", () => {
  const region = (x: number) => ({ section_id: String(x), name: "", groups: 1, x, y: 0, r: 1 });
  const node = (x: number, y: number) => ({ id: "", name: "", section_id: "", x, y, ties: 1, crossing: 1 });
  const [left, right] = [region(0), region(10)];
  expect(gate(left, right, 1)).toEqual({ x: 1, y: 0 });
  const paths = [0.5, -0.5].map((y) => edgePath(node(0, y), node(10, y), left, right).split("C")[1]!.split(" ").slice(0, 4));
  expect(paths[0]).toEqual(paths[1]);
  expect(edgePath(node(0, 0), node(0, 1), left, left)).toBe("M0.00 0.00L0.00 1.00");
});

test("fewer than chance would give is said only where chance alone seldom goes as far", () => {
  const bridge = (chance: Bridge["chance"]) => ({ chance }) as Bridge;
  expect(isFewer(bridge({ value: 3, expected: 9, p_adjusted: 0.01 }))).toBe(true);
  expect(isFewer(bridge({ value: 3, expected: 9, p_adjusted: 0.2 }))).toBe(false);
  expect(isFewer(bridge({ value: 9, expected: 3, p_adjusted: 0.01 }))).toBe(false);
  expect(isFewer(bridge(null))).toBe(false);
});
