// Map: spaces sized by crossing contact and coloured by diversity, and the ties that cross.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { inside, read } from "../../api/client";
import { say, sayCode, type Name } from "../../words/words";
import { useAnswer } from "../answers";
import { Defined, Desk, Faces, Waiting } from "../Desk";
import { DIVERSITY, NOTHING_KNOWN } from "../colours";
import { figure } from "../figures";
import { queryOf, type View } from "../view";
import type { Chart, Shown } from "./chart";
import { Tables, type Chance } from "./Tables";
import type { Place, Spaces, Ties, Yields } from "./types";

export function MapScreen() {
  return (
    <Desk title={say("map.title")} lead={say("map.lead")}>
      {(_, view) => <Shows view={view} />}
    </Desk>
  );
}

function Shows({ view }: { view: View }) {
  const answer = useAnswer(queryOf(view), () => fetchMap(view));
  const chance = useChance(view);
  const [picked, pick] = useState("");
  const places = answer.value?.spaces.features.map((each) => each.properties) ?? [];
  const found = places.find((each) => each.id === picked);
  return (
    <Waiting on={answer}>
      {answer.value && (
        <>
          <p class="hint" role="status">
            {say("map.count", { count: places.length })} {say("map.coverage", { ...answer.value.ties.ties, count: answer.value.ties.ties.crossing })}{" "}
            <Defined page="maps" at="ties">{say("desk.definitions")}</Defined>
          </p>
          <Faces name={say("map.face")} picture={<Picture shown={answer.value} picked={picked} onPick={pick} found={found} chance={chance} />}
            table={<Tables places={places} chance={chance} ties={answer.value.ties.features.map((each) => each.properties)} />} />
        </>
      )}
    </Waiting>
  );
}

/** What chance would give at each place; of meetings alone, and once the map is there. */
function useChance(view: View): Chance | null {
  const query = new URLSearchParams(queryOf(view));
  query.delete("layer");
  const answer = useAnswer(queryOf(view), () => (view.layer === "meetings" ? read<Yields>(inside(`analysis/spaces?${query}`), "spaces") : Promise.resolve(null)));
  const expected = useMemo(() => new Map(answer.value?.spaces.map((each) => [each.space_id, each.diversity.expected])), [answer.value]);
  return answer.value && ((place) => expected.get(place.id) ?? null);
}

async function fetchMap(view: View): Promise<Shown> {
  const query = queryOf(view);
  const [places, ties] = await Promise.all([
    read<Spaces>(inside(`maps/spaces.geojson?${query}`), "features"),
    read<Ties>(inside(`maps/ties.geojson?${query}`), "features"),
  ]);
  return { spaces: places, ties, tiles: `${location.origin}/api/v1${inside("maps/tiles/{z}/{x}/{y}.mvt")}?${query}` };
}

const MOVES = [["west", "←", -1, 0], ["north", "↑", 0, -1], ["south", "↓", 0, 1], ["east", "→", 1, 0]] as const;

interface PictureProps {
  shown: Shown;
  picked: string;
  onPick: (id: string) => void;
  found: Place | undefined;
  chance: Chance | null;
}

function Picture({ shown, picked, onPick, found, chance }: PictureProps) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let made: Chart | null = null;
    let isGone = false;
    Promise.all([import("./chart"), basemap()]).then(
      ([room, style]) => {
        if (isGone || !element.current) return;
        made = room.draw(element.current, style, shown.spaces.bbox, onPick);
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
        <div class="pad" role="group" aria-label={say("map.move")}>
          {MOVES.map(([way, sign, east, south]) => (
            <button key={way} type="button" class="plain" aria-label={say(`move.${way}`)} onClick={() => chart?.move(east, south)}>{sign}</button>
          ))}
          <button type="button" class="plain" aria-label={say("map.closer")} onClick={() => chart?.zoom(1)}>+</button>
          <button type="button" class="plain" aria-label={say("map.farther")} onClick={() => chart?.zoom(-1)}>−</button>
          <button type="button" class="plain" onClick={() => chart?.whole()}>{say("map.whole")}</button>
        </div>
      </div>
      <aside>
        <div role="status">{found && <Card place={found} chance={chance} />}</div>
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

function Card({ place, chance }: { place: Place; chance: Chance | null }) {
  return (
    <div class="card">
      <h2><bdi>{place.name}</bdi></h2>
      <p class="hint">{sayCode("space", place.type)}</p>
      <dl class="figures">
        <Figure name="map.contact" value={place.crossing_contact} />
        <Figure name="map.diversity" value={place.diversity} />
        {chance && <Figure name="matrix.expected" page="measures" at="meetings-by-hand" value={chance(place)} />}
        <Figure name="map.meetings" value={place.meetings} />
        <Figure name="map.introductions" value={place.introductions} />
        <Figure name="map.groups" value={place.groups_seen} />
      </dl>
    </div>
  );
}

function Figure({ name, page = "maps", at = "spaces", value }: { name: Name; page?: string; at?: string; value: number | null }) {
  return <div><dt><Defined page={page} at={at}>{say(name)}</Defined></dt><dd>{figure(value)}</dd></div>;
}

function Legend() {
  return (
    <div class="legend">
      <h2>{say("map.legend")}</h2>
      <p><Defined page="maps" at="spaces">{say("map.contact")}</Defined>: {say("map.legendSize")}</p>
      <svg class="sizes" viewBox="0 0 150 62" aria-hidden="true" focusable="false">
        {[6, 16, 28].map((r, i) => <circle key={r} cx={[12, 46, 104][i]} cy={60 - r} r={r} />)}
      </svg>
      <p><Defined page="maps" at="spaces">{say("map.diversity")}</Defined>: {say("map.legendColour")}</p>
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
