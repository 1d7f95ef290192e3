// Gaps: sections with nothing between them, or one thread, and whether a tie would have been seen.

import { inside, read } from "../api/client";
import { address } from "../router";
import { say, Say, sayCode, sayDate } from "../words/words";
import { useAnswer } from "./answers";
import { BRIDGED, isFewer, type Bridge, type Bridges } from "./bridges";
import { Defined, Desk, Waiting } from "./Desk";
import { figure, percent } from "./figures";
import { LAYERS, queryOf, type View } from "./view";

const MEASURE = "bridges-what-is-between-two-sides-and-what-is-only-not-seen";
const ORDER = ["gap", "single", "lapsed", "live", "too_few_to_say"];
const STRONG = 2; // independent bridges that outlast any one of them

export function Gaps() {
  return (
    <Desk title={say("gaps.title")} lead={say("gaps.lead")} layers={LAYERS.filter((each) => BRIDGED.includes(each))}>
      {(_, view) => <List view={view} />}
    </Desk>
  );
}

function List({ view }: { view: View }) {
  const answer = useAnswer(queryOf(view), () => fetchGaps(view));
  return (
    <Waiting on={answer}>
      {answer.value && (
        <>
          <p class="hint">
            {say("gaps.coverage", { share: percent(answer.value.coverage) })} <Defined at={MEASURE}>{say("desk.definitions")}</Defined>
          </p>
          {answer.value.reason && <p class="note" dir="auto">{answer.value.reason}</p>}
          {answer.value.gaps.length > 0 && <ul class="cards" data-testid="gaps">{answer.value.gaps.map((each) => <One key={each.sides.map(({ id }) => id).join()} of={each} />)}</ul>}
          {!answer.value.reason && !answer.value.gaps.length && <p>{say("gaps.none")}</p>}
        </>
      )}
      <p><Say name="gaps.how" /> <a href={address("network")}>{sayCode("screen", "network")}</a></p>
    </Waiting>
  );
}

function One({ of }: { of: Bridge }) {
  const [a, b] = of.sides;
  return (
    <li class={`card gap-${of.state}`}>
      <h2><bdi>{a.name}</bdi> – <bdi>{b.name}</bdi></h2>
      <p><strong>{sayCode("state", of.state)}</strong>: {sayCode("stateMeans", of.state)}{of.last_at ? `; ${say("network.last", { date: sayDate(of.last_at) })}` : "."}</p>
      {isFewer(of) && <p><strong>{say("gaps.fewer")}</strong></p>}
      <dl class="figures">
        <div><dt><Defined at={MEASURE}>{say("gaps.seen")}</Defined></dt><dd>{figure(of.ties)}</dd></div>
        {of.chance?.expected != null && (
          <>
            <div><dt><Defined at={MEASURE}>{say("gaps.ties")}</Defined></dt><dd>{figure(of.chance.value)}</dd></div>
            <div><dt><Defined at={MEASURE}>{say("gaps.expected")}</Defined></dt><dd>{figure(of.chance.expected, 1)}</dd></div>
          </>
        )}
        <div><dt><Defined at={MEASURE}>{say("gaps.independent")}</Defined></dt><dd>{figure(of.independent)}</dd></div>
        <div><dt><Defined at={MEASURE}>{say("gaps.wouldHave")}</Defined></dt><dd>{percent(of.coverage)}</dd></div>
      </dl>
    </li>
  );
}

/** Pairs of sections that are not held well: by nothing, by one thread, not lately, by one person, or by few. */
async function fetchGaps(view: View): Promise<Bridges & { gaps: Bridge[] }> {
  const bridges = await read<Bridges>(inside(`analysis/bridges?${queryOf(view)}`), "pairs");
  const gaps = bridges.pairs.filter((each) => each.state !== "live" || each.independent < STRONG || isFewer(each));
  gaps.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (b.chance?.expected ?? 0) - (a.chance?.expected ?? 0));
  return { ...bridges, gaps };
}
