// Curves: how ties run in the picture: straight inside a region, bundled from one to another.

import type { Graph, Node, Region } from "./types";

export interface Spot {
  x: number;
  y: number;
}

const say = (value: number) => value.toFixed(2);
const at = ({ x, y }: Spot) => `${say(x)} ${say(y)}`;

/** Where ties from one region to another leave it: a little outside its rim, facing the other. */
export function gate(from: Region, to: Region, out = 1.12): Spot {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const far = Math.hypot(dx, dy) || 1;
  return { x: from.x + (dx / far) * from.r * out, y: from.y + (dy / far) * from.r * out };
}

export function edgePath(a: Node, b: Node, from: Region, to: Region): string {
  if (from === to) return `M${at(a)}L${at(b)}`;
  return `M${at(a)}C${at(gate(from, to, 1.25))} ${at(gate(to, from, 1.25))} ${at(b)}`;
}

/** From rim to rim: the band that stands for all there is between two sections. */
export function bandPath(from: Region, to: Region): string {
  return `M${at(gate(from, to, 1))}L${at(gate(to, from, 1))}`;
}

/** What the picture takes up, with room for names outside the regions. */
export function frame(graph: Graph): { x: number; y: number; width: number; height: number } {
  const ends = graph.regions.flatMap((each) => [[each.x - each.r, each.y - each.r], [each.x + each.r, each.y + each.r]]);
  const [xs, ys] = [ends.map(([x]) => x!), ends.map(([, y]) => y!)];
  const room = Math.max(1.9, (Math.max(...ys, 1) - Math.min(...ys, 0)) / 14);
  const [left, top] = [Math.min(...xs, 0) - room, Math.min(...ys, 0) - room];
  return { x: left, y: top, width: Math.max(...xs, 1) + room - left, height: Math.max(...ys, 1) + room - top };
}
