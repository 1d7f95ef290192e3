// Trend: for each boundary, quarter by quarter, the share that crosses beside that of chance.

import { inside, read } from "../api/client";
import { say } from "../words/words";
import { readBoundaries, useAnswer, type Boundary } from "./answers";
import { Defined, Faces, Waiting } from "./Desk";
import type { Crossing } from "./network/expected";
import { PERIODS, queryOf } from "./view";

const FEWEST = 4; // quarters with a figure: from fewer there is no telling where things go
const [WIDTH, HEIGHT] = [320, 150];
const [LEFT, RIGHT, TOP, FOOT] = [40, 12, 10, 24]; // room around the lines

interface Point {
  name: string;
  share: number | null;
  expected: number | null;
  known: number;
  total: number;
}

export function Trend() {
  const boundaries = useAnswer("boundaries", readBoundaries);
  return (
    <section class="desk">
      <h1>{say("trend.title")}</h1>
      <p class="lead">{say("trend.lead")}</p>
      <Waiting on={boundaries}>
        <div class="multiples">{boundaries.value?.map((each) => <One key={each.id} boundary={each} />)}</div>
      </Waiting>
      <p>{say("trend.how")} <Defined at="the-headline">{say("desk.definitions")}</Defined></p>
    </section>
  );
}

function One({ boundary }: { boundary: Boundary }) {
  const answer = useAnswer(boundary.id, () => fetchPoints(boundary.id));
  const points = answer.value ?? [];
  const told = points.filter((each) => each.share !== null);
  return (
    <section class="card" aria-labelledby={`trend-${boundary.id}`}>
      <h2 id={`trend-${boundary.id}`}><bdi>{boundary.name}</bdi></h2>
      <Waiting on={answer}>
        <Faces name={say("network.face")} picture={told.length < FEWEST ? <p class="note">{say("trend.few", { count: told.length })}</p> : <Lines points={points} name={boundary.name} />} table={<Table points={points} name={boundary.name} />} />
      </Waiting>
    </section>
  );
}

/** The quarters, one question after the other: the server keeps the answers. */
async function fetchPoints(boundary: string): Promise<Point[]> {
  const points: Point[] = [];
  for (const [period, { name, to }] of PERIODS.entries()) {
    if (period < 2 || Date.parse(to) > Date.now()) continue; // not a quarter, or not over yet
    const query = queryOf({ boundary, layer: "introductions", period });
    const { share, expected, coverage } = await read<Crossing>(inside(`analysis/crossing?${query}`), "mixing");
    points.push({ name, share, expected, ...coverage });
  }
  return points;
}

const y = (share: number) => HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP);
const x = (i: number, count: number) => LEFT + (i * (WIDTH - LEFT - RIGHT)) / Math.max(1, count - 1);

/** A line broken where a quarter has no figure. */
function path(points: Point[], of: "share" | "expected"): string {
  return points.map((each, i) => {
    const value = each[of];
    if (value === null) return "";
    const before = i > 0 ? points[i - 1]![of] : null;
    return `${before === null ? "M" : "L"}${x(i, points.length).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
}

function Lines({ points, name }: { points: Point[]; name: string }) {
  return (
    <figure class="trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say("trend.picture", { boundary: name })} data-testid="trend">
        {[0, 0.5, 1].map((share) => <path key={share} class="rule" d={`M${LEFT} ${y(share)}H${WIDTH - RIGHT}`} />)}
        {[0, 0.5, 1].map((share) => <text key={share} x={LEFT - 5} y={y(share) + 4} text-anchor="end">{percent(share)}</text>)}
        <text x={LEFT} y={HEIGHT - 5}>{points[0]?.name}</text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">{points.at(-1)?.name}</text>
        <path class="chance" d={path(points, "expected")} />
        <path class="seen" d={path(points, "share")} />
        {points.map((each, i) => each.share !== null && <circle key={each.name} cx={x(i, points.length)} cy={y(each.share)} r="4" />)}
      </svg>
      <figcaption class="hint"><span class="key seen">{say("trend.seen")}</span> <span class="key chance">{say("matrix.expected")}</span></figcaption>
    </figure>
  );
}

const PERCENT = new Intl.NumberFormat(undefined, { style: "percent" });
const percent = (value: number | null) => (value === null ? "–" : PERCENT.format(value));

function Table({ points, name }: { points: Point[]; name: string }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption>{name}</caption>
        <thead><tr><th scope="col">{say("desk.period")}</th><th scope="col" class="number"><Defined at="the-headline">{say("trend.seen")}</Defined></th><th scope="col" class="number"><Defined at="the-headline">{say("matrix.expected")}</Defined></th><th scope="col" class="number">{say("trend.known")}</th></tr></thead>
        <tbody>
          {points.map((each) => (
            <tr key={each.name}><th scope="row">{each.name}</th><td class="number">{percent(each.share)}</td><td class="number">{percent(each.expected)}</td><td class="number">{each.known}/{each.total}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
