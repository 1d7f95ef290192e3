// Spaces: places where people meet, with where they are.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../../api/client";
import { newId } from "../../ids";
import { Field, Form } from "../../parts/Form";
import { Pinboard, type Mark } from "../../screens/ours/Pinboard";
import { centreOf, type Point } from "../../store/habits";
import { say, sayCode } from "../../words/words";
import { useAnswer } from "../answers";
import { Rows, Waiting } from "../Desk";
import { Choice, text } from "./Choice";
import { SPACE_TYPES } from "./types";

interface Place {
  id: string;
  version: string;
  name: string | null;
  type: string;
  status: string;
  geometry: { type: string; coordinates: unknown } | null;
  address: string | null;
  open_to: string;
  step_free: boolean | null;
  opening_hours: string | null;
  never_map: boolean;
}

const OPEN_TO = ["everyone", "members", "invited"];
const DIGITS = 5; // of a degree: a metre
const PATTERN = "\\s*-?\\d+([.]\\d+)?\\s*,\\s*-?\\d+([.]\\d+)?\\s*";

const fetchPlaces = () => readAll<Place>(inside("spaces")).then((all) => all.filter((each) => each.name && each.status !== "proposed"));

export function Spaces() {
  const [turn, setTurn] = useState(0);
  const [edited, edit] = useState<Place | null>(null);
  const answer = useAnswer(String(turn), fetchPlaces);
  const done = () => {
    edit(null);
    setTurn(turn + 1);
  };
  return (
    <Waiting on={answer}>
      {answer.value && (
        <>
          <h2>{edited ? <bdi>{edited.name}</bdi> : say("setup.addSpace")}</h2>
          <Editor key={`${edited?.id}/${turn}`} of={edited} all={answer.value} onDone={done} onLeave={() => edit(null)} />
          <List places={answer.value} onEdit={(place) => { edit(place); scrollTo(0, 0); }} />
        </>
      )}
    </Waiting>
  );
}

interface EditorProps { of: Place | null; all: Place[]; onDone: () => void; onLeave: () => void }

function Editor({ of, all, onDone, onLeave }: EditorProps) {
  const isArea = of?.geometry?.type === "Polygon";
  const [id] = useState(() => newId()); // so that sending twice adds one
  const [position, setPosition] = useState(sayPoint(isArea ? null : centreOf(of?.geometry)));
  const save = async (values: FormData) => {
    const body = { ...(!of && { id }), ...spaceOf(values), ...(isArea ? {} : { geometry: geometryOf(position) }) };
    await ask(inside(of ? `spaces/${of.id}` : "spaces"), { method: of ? "PATCH" : "POST", body, ...(of && { headers: { "If-Match": `"${of.version}"` } }) });
    onDone();
  };
  return (
    <Form onSubmit={save} button={say(of ? "setup.save" : "setup.add")} also={of && <button type="button" class="plain" onClick={onLeave}>{say("setup.leave")}</button>}>
      <div class="fields">
        <Field label={say("setup.name")} name="name" required maxLength={120} autocomplete="off" defaultValue={of?.name} />
        <Choice label={say("setup.type")} name="type" value={of?.type ?? "community_centre"} options={SPACE_TYPES.map((type) => [type, sayCode("space", type)])} />
        <Field label={say("setup.address")} name="address" maxLength={200} autocomplete="off" defaultValue={of?.address ?? ""} />
        <Choice label={say("propose.openTo")} name="open_to" value={of?.open_to ?? "everyone"} options={OPEN_TO.map((each) => [each, sayCode("openTo", each)])} />
        <Choice label={say("setup.stepFree")} name="step_free" value={of?.step_free === undefined || of.step_free === null ? "" : of.step_free ? "yes" : "no"} options={[["", say("network.unknown")], ["yes", say("setup.yes")], ["no", say("setup.no")]]} />
        <Field label={say("setup.hours")} name="opening_hours" hint={say("setup.hoursHint")} maxLength={200} autocomplete="off" dir="ltr" defaultValue={of?.opening_hours ?? ""} />
        {of && <Choice label={say("setup.status")} name="status" value={of.status} options={[["active", say("setup.active")], ["retired", say("setup.retired")]]} />}
        {!isArea && <Field label={say("setup.position")} name="position" hint={say("setup.positionHint")} inputMode="text" dir="ltr" placeholder="52.1102, -4.2101" pattern={PATTERN}
          value={position} onInput={(event: InputEvent) => setPosition((event.currentTarget as HTMLInputElement).value)} />}
      </div>
      {isArea && <p class="hint">{say("setup.area")}</p>}
      {!isArea && <Pins all={all} position={position} onPin={(point) => setPosition(sayPoint(point))} />}
      <p class="check"><label><input type="checkbox" name="never_map" defaultChecked={of?.never_map} /> {say("setup.neverMap")}</label></p>
    </Form>
  );
}

/** Once some places are known, the next is set among them. */
function Pins({ all, position, onPin }: { all: Place[]; position: string; onPin: (point: Point) => void }) {
  const known: Mark[] = all.flatMap((each) => {
    const at = centreOf(each.geometry);
    return at && !each.never_map ? [{ at, name: each.name! }] : [];
  });
  if (!known.length) return null;
  return (
    <details>
      <summary>{say("setup.pin")}</summary>
      <p class="hint">{say("propose.positionHow")}</p>
      <Pinboard known={known} pin={pointOf(position)} onPin={onPin} />
    </details>
  );
}

const sayPoint = (point: Point | null) => (point ? `${point[1].toFixed(DIGITS)}, ${point[0].toFixed(DIGITS)}` : "");

function pointOf(position: string): Point | null {
  const [latitude = NaN, longitude = NaN] = position.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  return Number.isFinite(latitude) && Number.isFinite(longitude) ? [longitude, latitude] : null;
}

function geometryOf(position: string): { type: "Point"; coordinates: Point } | null {
  const at = pointOf(position);
  return at && { type: "Point", coordinates: at };
}

function spaceOf(values: FormData): Record<string, unknown> {
  const flag = text(values, "step_free");
  return {
    name: text(values, "name"),
    type: text(values, "type"),
    address: text(values, "address") || null,
    open_to: text(values, "open_to"),
    step_free: flag ? flag === "yes" : null,
    opening_hours: text(values, "opening_hours") || null,
    never_map: values.get("never_map") !== null,
    ...(values.has("status") && { status: text(values, "status") }),
  };
}

function List({ places, onEdit }: { places: Place[]; onEdit: (place: Place) => void }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={sayCode("many", "spaces")}>
      <table>
        <caption>{say("setup.spaces", { count: places.length })}</caption>
        <thead><tr><th scope="col">{say("setup.name")}</th><th scope="col">{say("setup.type")}</th><th scope="col">{say("setup.address")}</th><th scope="col">{say("setup.stepFree")}</th></tr></thead>
        <tbody>
          <Rows of={places}>{(place) => (
            <tr key={place.id}>
              <th scope="row"><button type="button" class="link" onClick={() => onEdit(place)}><bdi>{place.name}</bdi></button> <span class="hint">{marks(place)}</span></th>
              <td>{sayCode("space", place.type)}</td>
              <td dir="auto">{place.address ?? "–"}</td>
              <td>{place.step_free === null ? "–" : say(place.step_free ? "setup.yes" : "setup.no")}</td>
            </tr>
          )}</Rows>
        </tbody>
      </table>
    </div>
  );
}

/** What keeps a place off the map. */
function marks(place: Place): string {
  const found = [place.never_map && say("setup.hidden"), place.status === "retired" && say("setup.retired"), !place.geometry && !place.never_map && place.type !== "online" && say("setup.nowhereYet")];
  return found.filter(Boolean).join(" · ");
}
