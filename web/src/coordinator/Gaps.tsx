// Gaps: sections with nothing between them, or one thread, beside what chance would give.

import { inside, read } from "../api/client";
import { address } from "../router";
import { say, Say, sayCode, sayDate } from "../words/words";
import { useAnswer, type Boundary } from "./answers";
import { Defined, Desk, Waiting } from "./Desk";
import { figure } from "./map/MapScreen";
import { cells, type Crossing } from "./network/expected";
import type { Between, Graph } from "./network/types";
import { queryOf, type View } from "./view";

const WORTH_SAYING = 1; // ties that chance would give: below, none seen says nothing
const ORDER = ["gap", "single", "lapsed", "live"];

interface Gap extends Between {
  expected: number | null;
}

export function Gaps() {
  return (
    <Desk title={say("gaps.title")} lead={say("gaps.lead")} layers={["introductions"]}>
      {(boundary, view) => <List boundary={boundary} view={view} />}
    </Desk>
  );
}

function List({ boundary, view }: { boundary: Boundary; view: View }) {
  const query = queryOf(view);
  const answer = useAnswer(query, () => fetchGaps(query));
  const name = (id: string) => boundary.sections.find((each) => each.id === id)?.name ?? "";
  const open = answer.value?.gaps.filter((each) => each.state !== "live") ?? [];
  return (
    <Waiting on={answer}>
      {answer.value && <p class="hint">{say("network.coverage", { ...answer.value.coverage, count: answer.value.coverage.known })} <Defined page="maps" at="at-the-desk">{say("desk.definitions")}</Defined></p>}
      {open.length ? (
        <ul class="cards" data-testid="gaps">
          {open.map((each) => (
            <li key={`${each.a}/${each.b}`} class={`card gap-${each.state}`}>
              <h2><bdi>{name(each.a)}</bdi> – <bdi>{name(each.b)}</bdi></h2>
              <p><strong>{sayCode("state", each.state)}</strong>: {sayCode("stateMeans", each.state)}{each.last_at ? `; ${say("network.last", { date: sayDate(each.last_at) })}` : "."}</p>
              <p class="hint">{verdict(each)}</p>
            </li>
          ))}
        </ul>
      ) : <p>{say("gaps.none")}</p>}
      <p><Say name="gaps.how" /> <a href={address("network")}>{sayCode("screen", "network")}</a></p>
    </Waiting>
  );
}

/** Whether a tie would have been seen, had sections been alike to each other. */
function verdict({ expected, state }: Gap): string {
  if (expected === null || expected < WORTH_SAYING) return say("gaps.tooFew");
  return say(state === "gap" ? "gaps.would" : "gaps.thin", { expected: figure(Math.round(expected * 10) / 10) });
}

async function fetchGaps(query: string): Promise<{ gaps: Gap[]; coverage: Crossing["coverage"] }> {
  const [graph, crossing] = await Promise.all([
    read<Graph>(inside(`maps/graph?${query}`), "between"),
    read<Crossing>(inside(`analysis/crossing?${query}`), "mixing"),
  ]);
  const order = crossing.boundary.sections.map((each) => each.id);
  const grid = cells(crossing);
  const gaps = graph.between.map((each) => ({ ...each, expected: grid[order.indexOf(each.a)]?.[order.indexOf(each.b)]?.expected ?? null }));
  gaps.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (b.expected ?? 0) - (a.expected ?? 0));
  return { gaps, coverage: crossing.coverage };
}
