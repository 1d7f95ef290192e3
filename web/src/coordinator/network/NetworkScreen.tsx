// Network: groups by section, so that what crosses is seen, and what does not.

import { inside, read } from "../../api/client";
import { address } from "../../router";
import { say, sayCode, sayDate } from "../../words/words";
import type { Seat } from "../seat";
import { useAnswer, useRead, type Boundary } from "../answers";
import { BRIDGED, bridgeOf, type Bridges } from "../bridges";
import { Defined, Desk, Faces, Waiting } from "../Desk";
import { figure, percent } from "../figures";
import { TieTable } from "../TieTable";
import { queryOf, type View } from "../view";
import { cells, type Crossing } from "./expected";
import { Pair } from "./Pair";
import { Picture, stateOf, type Chance } from "./Picture";
import type { Graph } from "./types";

export function NetworkScreen({ route }: Seat) {
  return (
    <Desk title={say("network.title")} lead={say("network.lead")} slides>
      {(boundary, view) => <Shows boundary={boundary} view={view} rest={route.rest} />}
    </Desk>
  );
}

function Shows({ boundary, view, rest }: { boundary: Boundary; view: View; rest: string[] }) {
  const query = queryOf(view);
  const answer = useRead<Graph>(`maps/graph?${query}`, "regions");
  const crossing = useAnswer(query, () => (view.layer === "introductions" ? read<Crossing>(inside(`analysis/crossing?${query}`), "mixing") : Promise.resolve(null)));
  const bridges = useAnswer(query, () => (BRIDGED.includes(view.layer) ? read<Bridges>(inside(`analysis/bridges?${query}`), "pairs") : Promise.resolve(null)));
  const graph = answer.value;
  const [a, b] = rest.map((id) => graph?.nodes.find((each) => each.id === id));
  const chance = chanceOf(crossing.value, bridges.value);
  return (
    <Waiting on={answer}>
      {graph && (
        <>
          <p class="hint" role="status">{say("map.coverage", { ...graph.ties, count: graph.ties.crossing })} <Defined page="maps" at="ties">{say("desk.definitions")}</Defined></p>
          {a && b && <Pair key={`${a.id}/${b.id}`} a={a} b={b} />}
          <Faces name={say("network.face")} picture={<Seen graph={graph} boundary={boundary} picked={a && b ? [a.id, b.id] : null} chance={chance} />}
            table={<Tables graph={graph} chance={chance} />} />
        </>
      )}
    </Waiting>
  );
}

/** Expected ties between two sections, how much of all ties that rests on, and what bridges them. */
function chanceOf(crossing: Crossing | null, bridges: Bridges | null): (a: string, b: string) => Chance {
  const order = crossing?.boundary.sections.map((each) => each.id) ?? [];
  const grid = crossing ? cells(crossing) : [];
  const coverage = crossing ? say("network.coverage", { ...crossing.coverage, count: crossing.coverage.known }) : "";
  return (a, b) => ({ expected: grid[order.indexOf(a)]?.[order.indexOf(b)]?.expected ?? null, coverage, bridge: bridgeOf(bridges, a, b) });
}

interface SeenProps {
  graph: Graph;
  boundary: Boundary;
  picked: [string, string] | null;
  chance: (a: string, b: string) => Chance;
}

function Seen({ graph, boundary, picked, chance }: SeenProps) {
  if (!graph.nodes.length) return <p class="note">{say("network.empty")} <a href={address("set-up")}>{sayCode("screen", "set-up")}</a></p>;
  return (
    <div class="atlas wide-picture">
      <Picture graph={graph} boundary={boundary} picked={picked} chance={chance} />
      <aside><Legend /></aside>
    </div>
  );
}

function Legend() {
  return (
    <div class="legend">
      <h2>{say("map.legend")}</h2>
      <p>{say("network.legendRegions")}</p>
      <ul class="strokes">
        {(["live", "lapsed", "single", "gap", "too_few_to_say"] as const).map((state) => (
          <li key={state}>
            <Stroke state={state} />
            <strong>{sayCode("state", state)}</strong> {sayCode("stateMeans", state)}
          </li>
        ))}
      </ul>
      <p class="hint"><a href="/docs/maps#the-graph">{say("desk.definitions")}</a></p>
    </div>
  );
}

function Stroke({ state }: { state: string }) {
  if (state === "too_few_to_say") return <svg viewBox="0 0 40 10" aria-hidden="true" focusable="false"><path class="stroke gap" d="M0 5h14M26 5h14" /><text class="unsure" x="20" y="9" text-anchor="middle">?</text></svg>;
  return <svg viewBox="0 0 40 10" aria-hidden="true" focusable="false"><path class={`stroke ${state}`} d={state === "gap" ? "M0 5h14M26 5h14M17 2l6 6M17 8l6-6" : "M0 5h40"} /></svg>;
}

function Tables({ graph, chance }: { graph: Graph; chance: (a: string, b: string) => Chance }) {
  const name = new Map(graph.regions.map((each) => [each.section_id, each.name]));
  const across = graph.edges.filter((each) => each.crossing).sort((a, b) => b.times - a.times);
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label={say("network.between")}>
        <table>
          <caption>{say("network.between")}</caption>
          <thead><tr>
            <th scope="col">{say("network.sections")}</th>
            <th scope="col" class="number"><Defined page="maps" at="the-graph">{say("network.tiesName")}</Defined></th>
            <th scope="col" class="number"><Defined page="maps" at="at-the-desk">{say("matrix.expected")}</Defined></th>
            <th scope="col" class="number"><Defined at="bridges-what-is-between-two-sides-and-what-is-only-not-seen">{say("gaps.weeks")}</Defined></th>
            <th scope="col"><Defined page="maps" at="the-graph">{say("map.last")}</Defined></th>
            <th scope="col"><Defined page="maps" at="the-graph">{say("map.state")}</Defined></th>
          </tr></thead>
          <tbody>
            {graph.between.map((each) => (
              <tr key={`${each.a}/${each.b}`}>
                <th scope="row"><bdi>{name.get(each.a)}</bdi> – <bdi>{name.get(each.b)}</bdi></th>
                <td class="number">{figure(each.ties)}</td>
                <td class="number">{figure(chance(each.a, each.b).expected, 1)}</td>
                <td class="number">{percent(chance(each.a, each.b).bridge?.coverage ?? null)}</td>
                <td class="day">{each.last_at ? sayDate(each.last_at) : "–"}</td>
                <td>{sayCode("state", stateOf(each, chance(each.a, each.b)))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TieTable ties={across.map(({ a, b, ...edge }) => ({ ...edge, ...named(graph, a, b) }))} />
    </>
  );
}

function named({ nodes }: Graph, a: number, b: number) {
  const [one, other] = [nodes[a]!, nodes[b]!];
  return { a: one.id, b: other.id, a_name: one.name, b_name: other.name };
}
