// Propose a place: what it is called, what sort it is, and where; somebody's home has neither name nor place.

import { useState } from "preact/hooks";
import { Trouble } from "../../api/client";
import { newId } from "../../ids";
import { Field, Form } from "../../parts/Form";
import { Locate } from "../../parts/Locate";
import { nameOf } from "../../parts/Picker";
import { back } from "../../router";
import { hurry, useStore } from "../../phone";
import type { Membership } from "../../session";
import { centreOf, type Point } from "../../store/habits";
import { Say, say, sayCode } from "../../words/words";
import { Part } from "./Part";
import { Pinboard } from "./Pinboard";
import { Pick, statusOf } from "./ProposeGroup";

const TYPES = [
  "community_centre", "library", "place_of_worship", "school", "cafe", "shop", "park", "garden", "sports", "health",
  "workplace", "outdoor", "online", "other",
];
const OPEN_TO = ["everyone", "members", "invited"];
const DIGITS = 5; // of a degree: a metre

const degrees = (value: number) => <span dir="ltr">{value.toFixed(4)}</span>;

export function ProposeSpace({ network }: { network: Membership }) {
  const store = useStore();
  const [pin, setPin] = useState<Point | null>(null);
  const known = [...store.all("spaces").values()].flatMap((space) => {
    const at = centreOf(space.data["geometry"]);
    return at ? [{ at, name: nameOf(space) }] : [];
  });
  const propose = async (values: FormData) => {
    if (!pin && values.get("type") !== "online") throw new Trouble("no_pin", say("propose.needsPin"));
    const step_free = { yes: true, no: false }[String(values.get("step_free"))] ?? null;
    const geometry = pin && { type: "Point", coordinates: pin.map((degree) => Number(degree.toFixed(DIGITS))) };
    const data = {
      name: String(values.get("name")).trim(), type: String(values.get("type")), status: statusOf(network), geometry,
      open_to: String(values.get("open_to")) || "everyone", step_free,
    };
    await store.save({ kind: "spaces", id: newId(), data });
    hurry();
    back("ours");
  };
  return (
    <Part title={say("ours.propose.spaces")}>
      <p>{say("propose.how")}</p>
      <Form onSubmit={propose} button={say("propose.send")}>
        <Field label={say("propose.spaceName")} name="name" maxlength={120} required autocomplete="off" />
        <Pick label={say("propose.spaceType")} name="type" options={TYPES.map((type) => ({ id: type, name: sayCode("space", type) }))} isRequired />
        <Pick label={say("propose.openTo")} name="open_to" none={say("openTo.everyone")} options={OPEN_TO.slice(1).map((one) => ({ id: one, name: sayCode("openTo", one) }))} />
        <Pick label={say("propose.stepFree")} name="step_free" none={say("propose.unknown")} options={["yes", "no"].map((one) => ({ id: one, name: sayCode("is", one) }))} />
        <fieldset class="plainset">
          <legend>{say("propose.position")}</legend>
          <p class="hint">{say("propose.positionHow")}</p>
          <Pinboard known={known} pin={pin} onPin={setPin} />
          <Locate onFound={setPin} isExact label="propose.here" found="propose.hereSet" />
          <p role="status">{pin ? <Say name="propose.pinned" latitude={degrees(pin[1])} longitude={degrees(pin[0])} /> : say("propose.notPinned")}</p>
        </fieldset>
      </Form>
    </Part>
  );
}
