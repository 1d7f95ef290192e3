// Picture: sections as regions, groups in them, and what goes between, bundled.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { go } from "../../router";
import { say, sayCode, sayDate } from "../../words/words";
import { sectionColours } from "../colours";
import type { Boundary } from "../answers";
import type { Bridge } from "../bridges";
import { percent } from "../figures";
import { bandPath, edgePath, frame, gate } from "./curves";
import { placeNames, titleBox } from "./names";
import type { Between, Edge, Graph, Node, Region } from "./types";

const MOST_EDGES = 1_500; // beyond, only bands between regions: single lines would be felt
const TEXT = 12.5; // px
const TITLE = 17;
const NARROW = 22; // px the unit is on a phone, where titles are as small as names
const DOT = 0.24;

export interface Chance {
  expected: number | null;
  coverage: string;
  bridge: Bridge | undefined;
}

/** A gap is one only where a tie would have been seen. */
export const stateOf = (of: Between, { bridge }: Chance): Bridge["state"] =>
  of.state === "gap" && bridge?.state !== "gap" ? "too_few_to_say" : of.state;

interface Props {
  graph: Graph;
  boundary: Boundary;
  picked: [string, string] | null;
  chance: (a: string, b: string) => Chance;
}

export function Picture({ graph, boundary, picked, chance }: Props) {
  const [said, tell] = useState("");
  const [near, come] = useState(-1);
  const place = (id: string | null) => boundary.sections.findIndex((each) => each.id === id);
  const region = useMemo(() => new Map(graph.regions.map((each) => [each.section_id, each])), [graph]);
  const box = useMemo(() => frame(graph), [graph]);
  const [own, unit] = useUnit(box); // of the picture, in px
  const title = (unit < NARROW ? TEXT : TITLE) / unit;
  const isFull = graph.edges.length <= MOST_EDGES;
  return (
    <figure class="weave">
      <svg ref={own} viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`} role="img" aria-label={say("network.picture")} data-testid="network"
        style={{ aspectRatio: `${box.width} / ${box.height}` }} class={near < 0 ? "" : "asking"} onPointerLeave={() => come(-1)}>
        <g class="regions">
          {graph.regions.map((each) => <Circle key={each.section_id} region={each} colours={sectionColours(place(each.section_id))} />)}
        </g>
        <g class="bands">
          {graph.between.map((each) => (
            <Band key={`${each.a}/${each.b}`} of={each} from={region.get(each.a)!} to={region.get(each.b)!} isThin={isFull} onSay={tell} chance={chance(each.a, each.b)} />
          ))}
        </g>
        {isFull && <Threads graph={graph} region={region} picked={picked} near={near} onSay={tell} />}
        <Groups graph={graph} box={box} unit={unit} title={title} place={place} picked={picked} onCome={(node, i) => { come(i); tell(sayGroup(node)); }} />
        <g class="titles" style={{ fontSize: title }}>
          {graph.regions.map((each) => <Title key={each.section_id} region={each} size={title} colour={sectionColours(place(each.section_id))[1]} />)}
        </g>
      </svg>
      <figcaption class="says-here"><span role="status">{said || say("network.hover")}</span></figcaption>
    </figure>
  );
}

/** How many px the picture's unit is: text keeps its size, whatever the picture's. */
function useUnit(box: { width: number; height: number }) {
  const own = useRef<SVGSVGElement>(null);
  const [unit, setUnit] = useState(30);
  useLayoutEffect(() => {
    const measure = () => {
      const { width, height } = own.current!.getBoundingClientRect();
      if (width) setUnit(Math.min(width / box.width, height / box.height));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(own.current!);
    measure();
    return () => watch.disconnect();
  }, [box]);
  return [own, unit] as const;
}

function Circle({ region, colours }: { region: Region; colours: [string, string] }) {
  return <circle cx={region.x} cy={region.y} r={region.r} fill={colours[0]} stroke={colours[1]} />;
}

/** The section's name above its region, or below where the region hangs low. */
function Title({ region, size, colour }: { region: Region; size: number; colour: string }) {
  const name = region.name ?? say("network.unknown");
  return <text x={region.x} y={region.y - region.r - size * 0.5} fill={colour} text-anchor="middle">{name}</text>;
}

interface BandProps {
  of: Between;
  from: Region;
  to: Region;
  isThin: boolean;
  onSay: (said: string) => void;
  chance: Chance;
}

/** What lies between two sections: a band as wide as its ties, or a gap, broken in the middle. */
function Band({ of, from, to, isThin, onSay, chance }: BandProps) {
  const wide = isThin ? 0.3 : Math.min(3.5, 0.35 + Math.sqrt(of.ties) / 6);
  const tell = () => onSay(sayBetween(of, from, to, chance));
  const [a, b] = [gate(from, to, 1), gate(to, from, 1)];
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return (
    <g class={`band ${of.state} ${stateOf(of, chance)}`} onPointerEnter={tell} onClick={tell}>
      <path class="reach" d={bandPath(from, to)} />
      <path class="line" d={bandPath(from, to)} stroke-width={of.state === "gap" ? 0.14 : wide} />
      {of.state === "gap" && (
        <g class="break" transform={`translate(${middle.x} ${middle.y})`}>
          <circle r="0.62" />
          {stateOf(of, chance) === "gap" ? <path d="M-.3-.3L.3.3M-.3.3L.3-.3" /> : <text class="unsure" y=".32" text-anchor="middle">?</text>}
        </g>
      )}
    </g>
  );
}

export function sayBetween(of: Between, from: Region, to: Region, chance: Chance): string {
  const ends = `${from.name} – ${to.name}`;
  const { bridge } = chance;
  if (of.state === "gap") {
    const seen = stateOf(of, chance) === "gap" ? say("network.wouldHave", { share: percent(bridge?.coverage ?? null) }) : say("network.cannotTell");
    return `${ends}: ${say("network.gap")} ${seen} ${sayChance(chance)}`;
  }
  const last = of.last_at ? sayDate(of.last_at) : "";
  return `${ends}: ${say("network.ties", { count: of.ties })}, ${sayCode("state", of.state)}, ${say("network.last", { date: last })} ${bridge ? say("network.independent", { count: bridge.independent }) : ""} ${sayChance(chance)}`;
}

export function sayChance({ expected, coverage }: Chance): string {
  return `${expected === null ? say("network.noExpected") : say("network.expected", { count: Math.round(expected * 10) / 10 })} ${coverage}`;
}

interface ThreadsProps {
  graph: Graph;
  region: Map<string | null, Region>;
  picked: [string, string] | null;
  near: number;
  onSay: (said: string) => void;
}

function Threads({ graph, region, picked, near, onSay }: ThreadsProps) {
  const isPicked = (a: Node, b: Node) => Boolean(picked && [a.id, b.id].sort().join() === [...picked].sort().join());
  const lines = useMemo(() => graph.edges.map((edge) => {
    const [a, b] = [graph.nodes[edge.a]!, graph.nodes[edge.b]!];
    return { edge, a, b, path: edgePath(a, b, region.get(a.section_id)!, region.get(b.section_id)!) };
  }), [graph]);
  return (
    <g class="threads">
      {lines.map(({ edge, a, b, path }) => (
        <g key={`${edge.a}/${edge.b}`} class={`thread ${edge.state} ${kind(edge, a, b)}${isPicked(a, b) ? " picked" : ""}${edge.a === near || edge.b === near ? " near" : ""}`}
          onPointerEnter={() => onSay(sayEdge(edge, a, b))} onClick={() => go("network", a.id, b.id)}>
          <path class="reach" d={path} />
          <path class="line" d={path} stroke-width={Math.min(0.26, 0.06 + Math.sqrt(edge.times) * 0.03)} />
        </g>
      ))}
    </g>
  );
}

const kind = (edge: Edge, a: Node, b: Node) =>
  edge.crossing === null ? "unknown" : a.section_id === b.section_id ? "inside" : "across";

function sayEdge(edge: Edge, a: Node, b: Node): string {
  return `${a.name} – ${b.name}: ${say("network.times", { count: edge.times })}, ${sayCode("state", edge.state)}, ${say("network.last", { date: sayDate(edge.last_at) })}`;
}

interface GroupsProps {
  graph: Graph;
  box: { x: number; y: number; width: number; height: number };
  unit: number;
  title: number; // its size
  place: (id: string | null) => number;
  picked: [string, string] | null;
  onCome: (node: Node, number: number) => void;
}

function Groups({ graph, box, unit, title, place, picked, onCome }: GroupsProps) {
  const names = useMemo(() => {
    const dots = graph.nodes.map(({ x, y, name, ties, crossing }) => ({ x, y, name, weight: crossing * 100 + ties }));
    const titles = graph.regions.map((each) => titleBox(each.x, each.y - each.r - title * 0.5, each.name ?? say("network.unknown"), title));
    const edge = { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
    return placeNames(dots, TEXT / unit, DOT, titles, edge);
  }, [graph, unit, title, box]);
  return (
    <>
      <g class="groups">
        {graph.nodes.map((node, i) => {
          const strong = sectionColours(place(node.section_id))[1];
          return (
            <circle key={node.id} class={picked?.includes(node.id) ? "picked" : ""} cx={node.x} cy={node.y} r={node.ties ? DOT : DOT * 0.75}
              fill={node.ties ? strong : "#fff"} stroke={strong} onPointerEnter={() => onCome(node, i)} onClick={() => onCome(node, i)} />
          );
        })}
      </g>
      <g class="names" style={{ fontSize: TEXT / unit }}>
        {names.map((each) => <text key={each.dot} x={each.x} y={each.y} text-anchor="middle">{each.text}</text>)}
      </g>
    </>
  );
}

function sayGroup(node: Node): string {
  return `${node.name}: ${say("network.ties", { count: node.ties })}, ${say("network.crossing", { count: node.crossing })}`;
}
