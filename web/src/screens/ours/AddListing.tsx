// Add a listing: what a group needs or offers. Its words are never kept on the phone, so it needs a network.

import { useState } from "preact/hooks";
import { inside, read } from "../../api/client";
import { newId } from "../../ids";
import { Choices } from "../../parts/Choices";
import { Field, Form } from "../../parts/Form";
import { nameOf } from "../../parts/Picker";
import { Plain } from "../../parts/Plain";
import { meet, useStore } from "../../phone";
import { back } from "../../router";
import type { Shown } from "../../store/store";
import { language, say, sayCode } from "../../words/words";
import { dayOf, RESOURCES } from "../log/entry";
import { Part } from "./Part";
import { Pick } from "./ProposeGroup";

export const SIDES = ["need", "offer"] as const;

export function AddListing() {
  const store = useStore();
  const [id] = useState(() => newId()); // so that sending twice puts up one
  const [side, setSide] = useState<(typeof SIDES)[number]>("need");
  const named = (records: Iterable<Shown>) =>
    [...records].map((record) => ({ id: record.id, name: nameOf(record) })).sort((a, b) => a.name.localeCompare(b.name, language()));
  const add = async (values: FormData) => {
    const text = (name: string) => String(values.get(name) ?? "").trim() || null;
    const body = {
      id, side, resource: text("resource"), group_id: text("group"), description: text("description"),
      space_id: text("space"), open_until: text("open_until"),
    };
    await read(inside("listings"), "id", { method: "POST", body });
    await meet();
    back("ours");
  };
  return (
    <Part title={say("ours.nearby.add")}>
      <Choices legend={say("listing.side")} value={side} onChoose={setSide} options={SIDES.map((one) => ({ value: one, label: say(`listing.${one}`) }))} />
      <Form onSubmit={add} button={say("listing.send")}>
        <Pick label={say("listing.resource")} name="resource" options={RESOURCES.map((one) => ({ id: one, name: sayCode("resource", one) }))} isRequired />
        <Pick label={say("listing.group")} name="group" options={named(store.all("groups").values())} isRequired />
        <Plain label={say("words.text")} name="description" maxlength={280} required />
        <Pick label={say("log.where")} name="space" none={say("listing.noPlace")} options={named(store.all("spaces").values())} />
        <Field label={say("listing.until")} name="open_until" type="date" min={dayOf(new Date())} />
      </Form>
    </Part>
  );
}
