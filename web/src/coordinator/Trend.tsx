// Trend: for each boundary, window after window, the share that crosses beside that of chance.

import { useState } from "preact/hooks";
import { say, sayCode, sayDate } from "../words/words";
import { readBoundaries, useAnswer, useRead, type Boundary } from "./answers";
import { Defined, Faces, Select, Waiting } from "./Desk";
import { figure, percent } from "./figures";
import type { Layer } from "./view";

const FEWEST = 4; // windows with a figure: from fewer there is no telling where things go
const [WIDTH, HEIGHT] = [320, 150];
const [LEFT, RIGHT, TOP, FOOT] = [40, 12, 10, 24]; // room around the lines
const LAYERS: Layer[] = ["introductions", "meetings"];
const EVERY = ["quarter", "month"] as const;
const MONTH = { month: "short", year: "numeric", timeZone: "UTC" } as const;
const DAY = 86_400_000;

interface Point {
  window: { from: string; to: string };
  share: number | null;
  expected: number | null;
  coverage: { known: number | null; total: number | null };
  change: { direction: Direction | null; reason: string | null } | null;
}

type Direction = "opening" | "closing" | "unclear";

interface Found {
  windows: Point[];
  trend: { direction: Direction | null; windows: number };
}

export function Trend() {
  const boundaries = useAnswer("boundaries", readBoundaries);
  const [layer, setLayer] = useState<string>(LAYERS[0]!);
  const [every, setEvery] = useState<string>(EVERY[0]);
  return (
    <section class="desk">
      <h1>{say("trend.title")}</h1>
      <p class="lead">{say("trend.lead")}</p>
      <div class="filters">
        <Select label={say("desk.layer")} value={layer} onChoose={setLayer} options={LAYERS.map((each) => ({ value: each, label: sayCode("layer", each) }))} />
        <Select label={say("trend.every")} value={every} onChoose={setEvery} options={EVERY.map((each) => ({ value: each, label: say(`trend.${each}`) }))} />
      </div>
      <Waiting on={boundaries}>
        <div class="multiples">{boundaries.value?.map((each) => <One key={each.id} boundary={each} asked={`layer=${layer}&every=${every}`} />)}</div>
      </Waiting>
      <p>{say("trend.how")} <Defined at="did-it-change">{say("desk.definitions")}</Defined></p>
    </section>
  );
}

function One({ boundary, asked }: { boundary: Boundary; asked: string }) {
  const answer = useRead<Found>(`analysis/trend?boundary=${boundary.id}&${asked}`, "windows");
  const points = answer.value?.windows ?? [];
  const told = points.filter((each) => each.share !== null);
  const isFew = told.length < FEWEST;
  return (
    <section class="card" aria-labelledby={`trend-${boundary.id}`}>
      <h2 id={`trend-${boundary.id}`}><bdi>{boundary.name}</bdi></h2>
      <Waiting on={answer}>
        {!isFew && <p>{say(`trend.${answer.value?.trend.direction ?? "untold"}`)}</p>}
        <Faces name={say("network.face")} picture={isFew ? <p class="note">{say("trend.few", { count: told.length })}</p> : <Lines points={points} name={boundary.name} />} table={<Table points={points} name={boundary.name} />} />
      </Waiting>
    </section>
  );
}

const y = (share: number) => HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP);
const x = (i: number, count: number) => LEFT + (i * (WIDTH - LEFT - RIGHT)) / Math.max(1, count - 1);

/** A line broken where a window has no figure. */
function path(points: Point[], of: "share" | "expected"): string {
  return points.map((each, i) => {
    const value = each[of];
    if (value === null) return "";
    const before = i > 0 ? points[i - 1]![of] : null;
    return `${before === null ? "M" : "L"}${x(i, points.length).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
}

const from = ({ window }: Point) => sayDate(window.from, MONTH);

function Lines({ points, name }: { points: Point[]; name: string }) {
  return (
    <figure class="trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={say("trend.picture", { boundary: name })} data-testid="trend">
        {[0, 0.5, 1].map((share) => <path key={share} class="rule" d={`M${LEFT} ${y(share)}H${WIDTH - RIGHT}`} />)}
        {[0, 0.5, 1].map((share) => <text key={share} x={LEFT - 5} y={y(share) + 4} text-anchor="end">{percent(share)}</text>)}
        <text x={LEFT} y={HEIGHT - 5}>{from(points[0]!)}</text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">{from(points.at(-1)!)}</text>
        <path class="chance" d={path(points, "expected")} />
        <path class="seen" d={path(points, "share")} />
        {points.map((each, i) => each.share !== null && <circle key={each.window.from} cx={x(i, points.length)} cy={y(each.share)} r="4" />)}
      </svg>
      <figcaption class="hint"><span class="key seen">{say("trend.seen")}</span> <span class="key chance">{say("matrix.expected")}</span></figcaption>
    </figure>
  );
}

function Table({ points, name }: { points: Point[]; name: string }) {
  const lastDay = (to: string) => sayDate(new Date(Date.parse(to) - DAY), { dateStyle: "medium", timeZone: "UTC" });
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption>{name}</caption>
        <thead><tr>
          <th scope="col">{say("desk.period")}</th>
          <th scope="col" class="number"><Defined at="the-headline">{say("trend.seen")}</Defined></th>
          <th scope="col" class="number"><Defined at="the-headline">{say("matrix.expected")}</Defined></th>
          <th scope="col" class="number"><Defined at="the-headline">{say("trend.known")}</Defined></th>
          <th scope="col"><Defined at="did-it-change">{say("trend.change")}</Defined></th>
        </tr></thead>
        <tbody>
          {points.map((each) => (
            <tr key={each.window.from}>
              <th scope="row">{sayDate(each.window.from, { dateStyle: "medium", timeZone: "UTC" })} – {lastDay(each.window.to)}</th>
              <td class="number">{percent(each.share)}</td>
              <td class="number">{percent(each.expected)}</td>
              <td class="number">{figure(each.coverage.known, 0)} / {figure(each.coverage.total, 0)}</td>
              <td>{each.change?.direction ? sayCode("change", each.change.direction) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
