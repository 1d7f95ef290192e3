// Map: spaces sized by crossing contact and coloured by diversity, and the ties that cross.

import { useEffect, useRef, useState } from "preact/hooks";
import { inside, read } from "../../api/client";
import { say, sayCode, sayDate, type Name } from "../../words/words";
import { useAnswer } from "../answers";
import { Defined, Desk, Faces, Rows, Waiting } from "../Desk";
import { DIVERSITY, NOTHING_KNOWN } from "../colours";
import { address } from "../../router";
import { queryOf, type View } from "../view";
import type { Chart, Shown } from "./chart";
import type { Place, Spaces, Tie, Ties } from "./types";

export function MapScreen() {
  return (
    <Desk title={say("map.title")} lead={say("map.lead")}>
      {(_, view) => <Shows view={view} />}
    </Desk>
  );
}

function Shows({ view }: { view: View }) {
  const answer = useAnswer(queryOf(view), () => fetchMap(view));
  const [picked, pick] = useState("");
  const places = answer.value?.spaces.features.map((each) => each.properties) ?? [];
  const found = places.find((each) => each.id === picked);
  return (
    <Waiting on={answer}>
      {answer.value && (
        <>
          <p class="hint" role="status">
            {say("map.count", { count: places.length })} {say("map.coverage", { ...answer.value.ties.ties, count: answer.value.ties.ties.crossing })}
          </p>
          <Faces name={say("map.face")} picture={<Picture shown={answer.value} picked={picked} onPick={pick} found={found} />}
            table={<Tables places={places} ties={answer.value.ties.features.map((each) => each.properties)} />} />
        </>
      )}
    </Waiting>
  );
}

async function fetchMap(view: View): Promise<Shown> {
  const query = queryOf(view);
  const spaces = new URLSearchParams(query);
  spaces.delete("layer");
  const [places, ties] = await Promise.all([
    read<Spaces>(inside(`maps/spaces.geojson?${spaces}`), "features"),
    read<Ties>(inside(`maps/ties.geojson?${query}`), "features"),
  ]);
  return { spaces: places, ties, tiles: `${location.origin}/api/v1${inside("maps/tiles/{z}/{x}/{y}.mvt")}?${query}` };
}

interface PictureProps {
  shown: Shown;
  picked: string;
  onPick: (id: string) => void;
  found: Place | undefined;
}

function Picture({ shown, picked, onPick, found }: PictureProps) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let made: Chart | null = null;
    let isGone = false;
    Promise.all([import("./chart"), basemap()]).then(
      ([room, style]) => {
        if (isGone || !element.current) return;
        made = room.draw(element.current, style, onPick);
        setChart(made);
      },
    ).catch(() => setLost(true));
    return () => {
      isGone = true;
      made?.remove();
    };
  }, []);
  useEffect(() => chart?.show(shown), [chart, shown]);
  useEffect(() => chart?.pick(picked), [chart, picked, shown]);
  return (
    <div class="atlas">
      <div class="chart">
        {isLost && <p class="note">{say("map.noDrawing")}</p>}
        <div class="land" ref={element} data-testid="map" />
        <div class="zooms">
          <button type="button" class="plain" aria-label={say("map.closer")} onClick={() => chart?.zoom(1)}>+</button>
          <button type="button" class="plain" aria-label={say("map.farther")} onClick={() => chart?.zoom(-1)}>−</button>
          <button type="button" class="plain" onClick={() => chart?.whole()}>{say("map.whole")}</button>
        </div>
      </div>
      <aside>
        <div role="status">{found && <Card place={found} />}</div>
        <Legend />
      </aside>
    </div>
  );
}

/** The operator's basemap, or none. */
async function basemap(): Promise<string> {
  const answer = await fetch("/start/basemap.json").then((one) => one.json()).catch(() => ({}));
  return String(answer.style ?? "");
}

function Card({ place }: { place: Place }) {
  return (
    <div class="card">
      <h2><bdi>{place.name}</bdi></h2>
      <p class="hint">{sayCode("space", place.type)}</p>
      <dl class="figures">
        <Figure name="map.contact" at="meetings-by-hand" value={figure(place.crossing_contact)} />
        <Figure name="map.diversity" at="meetings-by-hand" value={figure(place.diversity)} />
        <div><dt>{say("map.meetings")}</dt><dd>{figure(place.meetings)}</dd></div>
        <div><dt>{say("map.introductions")}</dt><dd>{figure(place.introductions)}</dd></div>
        <div><dt>{say("map.groups")}</dt><dd>{figure(place.groups_seen)}</dd></div>
      </dl>
    </div>
  );
}

function Figure({ name, at, value }: { name: Name; at: string; value: string }) {
  return <div><dt><Defined at={at}>{say(name)}</Defined></dt><dd>{value}</dd></div>;
}

const NUMBERS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
export const figure = (value: number | null): string => (value === null ? "–" : NUMBERS.format(value));

function Legend() {
  return (
    <div class="legend">
      <h2>{say("map.legend")}</h2>
      <p><Defined at="meetings-by-hand">{say("map.contact")}</Defined>: {say("map.legendSize")}</p>
      <svg class="sizes" viewBox="0 0 150 62" aria-hidden="true" focusable="false">
        {[6, 16, 28].map((r, i) => <circle key={r} cx={[12, 46, 104][i]} cy={60 - r} r={r} />)}
      </svg>
      <p><Defined at="meetings-by-hand">{say("map.diversity")}</Defined>: {say("map.legendColour")}</p>
      <ul class="scale">
        {DIVERSITY.map(([least, colour], i) => (
          <li key={least}><svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="9" fill={colour} /></svg>
            {i === 0 ? say("map.alike") : i === DIVERSITY.length - 1 ? say("map.mixed") : figure(least)}</li>
        ))}
        <li><svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="9" fill={NOTHING_KNOWN} /></svg>{say("map.unknown")}</li>
      </ul>
      <p>{say("map.legendLines")}</p>
      <ul class="strokes">
        {(["live", "lapsed", "single"] as const).map((state) => (
          <li key={state}><svg viewBox="0 0 40 10" aria-hidden="true" focusable="false"><path class={`stroke ${state}`} d="M0 5h40" /></svg>
            <strong>{sayCode("state", state)}</strong> {say(`stateMeans.${state}` as Name)}</li>
        ))}
      </ul>
      <p class="hint"><a href="/docs/maps#ties">{say("desk.definitions")}</a></p>
    </div>
  );
}

function Tables({ places, ties }: { places: Place[]; ties: Tie[] }) {
  const ranked = [...places].sort((a, b) => (b.crossing_contact ?? -1) - (a.crossing_contact ?? -1));
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label={say("map.spaces")}>
        <table>
          <caption>{say("map.spaces")}</caption>
          <thead><tr>
            <th scope="col">{say("map.space")}</th>
            <th scope="col" class="number"><Defined at="meetings-by-hand">{say("map.contact")}</Defined></th>
            <th scope="col" class="number"><Defined at="meetings-by-hand">{say("map.diversity")}</Defined></th>
            <th scope="col" class="number">{say("map.meetings")}</th>
            <th scope="col" class="number">{say("map.introductions")}</th>
            <th scope="col" class="number">{say("map.groups")}</th>
          </tr></thead>
          <tbody>
            <Rows of={ranked}>{(place) => (
              <tr key={place.id}>
                <th scope="row"><bdi>{place.name}</bdi> <span class="hint">{sayCode("space", place.type)}</span></th>
                {[place.crossing_contact, place.diversity, place.meetings, place.introductions, place.groups_seen].map((value, i) => <td key={i} class="number">{figure(value)}</td>)}
              </tr>
            )}</Rows>
          </tbody>
        </table>
      </div>
      <TieTable ties={ties} />
    </>
  );
}

export function TieTable({ ties }: { ties: Tie[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("map.ties")}>
      <table>
        <caption>{say("map.ties")}</caption>
        <thead><tr>
          <th scope="col">{say("map.pair")}</th>
          <th scope="col" class="number">{say("map.times")}</th>
          <th scope="col">{say("map.last")}</th>
          <th scope="col"><Defined page="maps" at="ties">{say("map.state")}</Defined></th>
        </tr></thead>
        <tbody>
          <Rows of={ties}>{(tie) => (
            <tr key={`${tie.a}/${tie.b}`}>
              <th scope="row"><a href={address("network", tie.a, tie.b)}><bdi>{tie.a_name}</bdi> – <bdi>{tie.b_name}</bdi></a></th>
              <td class="number">{figure(tie.times)}</td>
              <td>{sayDate(tie.last_at)}</td>
              <td>{sayCode("state", tie.state)}</td>
            </tr>
          )}</Rows>
        </tbody>
      </table>
    </div>
  );
}
