// Pinboard: a map of the places that are known, to set one pin on: by a tap, by buttons or by keys.

import { useMemo, useRef, useState } from "preact/hooks";
import type { Point } from "../../store/habits";
import { say, type Name } from "../../words/words";

const SIZE = 400; // units of the drawing
const STEP = 1 / 12; // of what is seen, for one press of a button
const LETTER = 7; // units wide, about
const LINE = 16; // units high
const SMALLEST = 0.004; // degrees of latitude: half a kilometre

interface View {
  centre: Point;
  span: number; // degrees of latitude from top to bottom
}

/** A place that is known, to find one's way by. */
export interface Mark {
  at: Point;
  name: string;
}

interface PinboardProps {
  known: Mark[];
  pin: Point | null;
  onPin: (point: Point) => void;
}

const MOVES: Record<string, [number, number]> = { west: [-1, 0], north: [0, 1], south: [0, -1], east: [1, 0] };
const SIGNS: Record<string, string> = { west: "←", north: "↑", south: "↓", east: "→" };
const KEYS: Record<string, string> = { ArrowLeft: "west", ArrowUp: "north", ArrowDown: "south", ArrowRight: "east" };

/** All that is known, with a margin. */
export function viewOf(known: Point[]): View {
  if (!known.length) return { centre: [0, 51], span: 10 };
  const range = (axis: 0 | 1) => {
    const values = known.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [[west, east], [south, north]] = [range(0), range(1)];
  const centre: Point = [(west + east) / 2, (south + north) / 2];
  const shrink = Math.cos((centre[1] * Math.PI) / 180);
  return { centre, span: Math.max(SMALLEST, (north - south) * 1.2, (east - west) * shrink * 1.2) };
}

export function Pinboard({ known, pin, onPin }: PinboardProps) {
  const first = useMemo(() => viewOf(known.map(({ at }) => at)), [known.length]);
  const [view, setView] = useState(first);
  const drawing = useRef<SVGSVGElement>(null);
  const shrink = Math.cos((view.centre[1] * Math.PI) / 180);
  const across = view.span / shrink;
  const place = ([x, y]: Point) => [((x - view.centre[0]) / across + 0.5) * SIZE, (0.5 - (y - view.centre[1]) / view.span) * SIZE];
  const move = (way: string) => {
    const [x, y] = MOVES[way]!;
    const from = pin ?? view.centre;
    const to: Point = [from[0] + x * across * STEP, from[1] + y * view.span * STEP];
    onPin(to);
    if (Math.abs(to[0] - view.centre[0]) > across / 2.2 || Math.abs(to[1] - view.centre[1]) > view.span / 2.2) setView({ ...view, centre: to });
  };
  const zoom = (factor: number) => setView({ centre: pin ?? view.centre, span: Math.max(SMALLEST / 8, view.span * factor) });
  const press = (event: KeyboardEvent) => {
    const way = KEYS[event.key];
    if (!way && event.key !== "+" && event.key !== "-") return;
    event.preventDefault();
    if (way) move(way);
    else zoom(event.key === "+" ? 0.5 : 2);
  };
  const tap = (event: MouseEvent) => {
    const matrix = drawing.current?.getScreenCTM()?.inverse();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    onPin([view.centre[0] + (x / SIZE - 0.5) * across, view.centre[1] - (y / SIZE - 0.5) * view.span]);
  };
  return (
    <div class="pinboard">
      <svg ref={drawing} viewBox={`0 0 ${SIZE} ${SIZE}`} role="application" aria-label={say("propose.map")} tabindex={0} onClick={tap} onKeyDown={press}>
        <Dots marks={known.map(({ at, name }) => ({ name, at: place(at) }))} />
        {pin && <Pin at={place(pin)} />}
      </svg>
      <div class="pad" dir="ltr" role="group" aria-label={say("propose.move")}>
        {Object.keys(MOVES).map((way) => (
          <button key={way} type="button" class="plain" aria-label={say(`move.${way}` as Name)} onClick={() => move(way)}>{SIGNS[way]}</button>
        ))}
        <button type="button" class="plain" aria-label={say("move.in")} onClick={() => zoom(0.5)}>+</button>
        <button type="button" class="plain" aria-label={say("move.out")} onClick={() => zoom(2)}>−</button>
      </div>
    </div>
  );
}

interface Dot {
  name: string;
  at: number[];
}

/** Those whose names can be read without lying over another's; nearer, there are more of them. */
function named(dots: Dot[]): Set<Dot> {
  const chosen: Dot[] = [];
  for (const dot of dots) {
    const isFree = chosen.every(({ name, at }) =>
      Math.abs(at[1]! - dot.at[1]!) > LINE || Math.abs(at[0]! - dot.at[0]!) > ((name.length + dot.name.length) * LETTER) / 2);
    if (isFree) chosen.push(dot);
  }
  return new Set(chosen);
}

const EDGE = 70; // units that half a name needs
const anchorAt = (x: number) => (x < EDGE ? "start" : x > SIZE - EDGE ? "end" : "middle");

/** Dots for what is known, with as many names as can be read. */
function Dots({ marks }: { marks: Dot[] }) {
  const seen = marks.filter(({ at }) => at.every((unit) => unit >= 0 && unit <= SIZE));
  const withName = named(seen);
  return (
    <g>
      {seen.map(({ at: [x, y] }, i) => <circle key={i} class="known" cx={x} cy={y} r="5" />)}
      {seen.map((dot, i) => withName.has(dot) && <text key={i} x={dot.at[0]} y={dot.at[1]! - 9} text-anchor={anchorAt(dot.at[0]!)}>{dot.name}</text>)}
    </g>
  );
}

function Pin({ at: [x, y] }: { at: number[] }) {
  return <circle class="here" cx={x} cy={y} r="9" />;
}
