// Spaces: places where people meet, with where they are.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../../api/client";
import { Field, Form } from "../../parts/Form";
import { say, sayCode } from "../../words/words";
import { useAnswer } from "../answers";
import { Rows, Waiting } from "../Desk";
import { text } from "./Boundaries";
import { Choice } from "./Groups";
import { SPACE_TYPES } from "./types";

interface Place {
  id: string;
  name: string | null;
  type: string;
  address: string | null;
  step_free: boolean | null;
  never_map: boolean;
}

export function Spaces() {
  const [turn, setTurn] = useState(0);
  const answer = useAnswer(String(turn), () => readAll<Place>(inside("spaces?status=active")));
  const add = async (values: FormData) => {
    await ask(inside("spaces"), { method: "POST", body: spaceOf(values) });
    setTurn(turn + 1);
  };
  return (
    <>
      <h2>{say("setup.addSpace")}</h2>
      <Form key={turn} onSubmit={add} button={say("setup.add")}>
        <div class="fields">
          <Field label={say("setup.name")} name="name" required maxLength={120} autocomplete="off" />
          <Choice label={say("setup.type")} name="type" value="community_centre" options={SPACE_TYPES.map((type) => [type, sayCode("space", type)])} />
          <Field label={say("setup.position")} name="position" hint={say("setup.positionHint")} inputMode="text" dir="ltr" placeholder="52.1102, -4.2101" pattern="\s*-?\d+([.]\d+)?\s*,\s*-?\d+([.]\d+)?\s*" />
          <Field label={say("setup.address")} name="address" maxLength={200} autocomplete="off" />
          <Choice label={say("setup.stepFree")} name="step_free" value="" options={[["", say("network.unknown")], ["yes", say("setup.yes")], ["no", say("setup.no")]]} />
        </div>
        <p class="check"><label><input type="checkbox" name="never_map" /> {say("setup.neverMap")}</label></p>
      </Form>
      <Waiting on={answer}>{answer.value && <List places={answer.value.filter((each) => each.name)} />}</Waiting>
    </>
  );
}

function spaceOf(values: FormData): Record<string, unknown> {
  const ends = text(values, "position").split(",").map(Number);
  const flag = text(values, "step_free");
  return {
    name: text(values, "name"),
    type: text(values, "type"),
    address: text(values, "address") || null,
    step_free: flag ? flag === "yes" : null,
    never_map: values.get("never_map") !== null,
    geometry: ends.length === 2 ? { type: "Point", coordinates: [ends[1], ends[0]] } : null,
  };
}

function List({ places }: { places: Place[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={sayCode("many", "spaces")}>
      <table>
        <caption>{say("setup.spaces", { count: places.length })}</caption>
        <thead><tr><th scope="col">{say("setup.name")}</th><th scope="col">{say("setup.type")}</th><th scope="col">{say("setup.address")}</th><th scope="col">{say("setup.stepFree")}</th></tr></thead>
        <tbody>
          <Rows of={places}>{(place) => (
            <tr key={place.id}>
              <th scope="row"><bdi>{place.name}</bdi>{place.never_map && <span class="hint"> {say("setup.hidden")}</span>}</th>
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
