// Propose a group: its name, what sort it is, and on which side of each boundary it sits, if known.

import { useState } from "preact/hooks";
import { newId } from "../../ids";
import { Field, Form } from "../../parts/Form";
import { nameOf } from "../../parts/Picker";
import { back } from "../../router";
import { hurry, useStore } from "../../phone";
import type { Membership } from "../../session";
import { matches } from "../../store/habits";
import { language, Names, say, sayCode } from "../../words/words";
import { Part } from "./Part";

const TYPES = [
  "association", "charity", "faith", "school", "sports", "arts", "firm", "public_service", "residents",
  "young_people", "older_people", "informal", "other",
];

export const statusOf = ({ role }: Membership) => (role === "connector" ? "proposed" : "active");

export function ProposeGroup({ network }: { network: Membership }) {
  const store = useStore();
  const [name, setName] = useState("");
  const byPosition = (a: { data: any }, b: { data: any }) => a.data.position - b.data.position;
  const boundaries = [...store.all("boundaries").values()].sort(byPosition);
  const sections = [...store.all("sections").values()].sort(byPosition);
  const spaces = [...store.all("spaces").values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language()));
  const alike = name.trim().length > 2 ? [...store.all("groups").values()].filter((group) => matches(nameOf(group), name)) : [];
  const propose = async (values: FormData) => {
    const picked = boundaries.map(({ id }) => String(values.get(id) ?? "")).filter(Boolean);
    const data = {
      name: name.trim(), type: String(values.get("type")), status: statusOf(network),
      sections: picked.map((section_id) => ({ section_id, share: 1 })), home_space_id: String(values.get("home")) || null,
    };
    await store.save({ kind: "groups", id: newId(), data });
    hurry();
    back("ours");
  };
  return (
    <Part title={say("ours.propose.groups")}>
      <p>{say("propose.how")}</p>
      <Form onSubmit={propose} button={say("propose.send")}>
        <Field label={say("propose.name")} name="name" maxlength={120} required autocomplete="off" value={name}
          onInput={(event: InputEvent) => setName((event.currentTarget as HTMLInputElement).value)} />
        {alike.length > 0 && (
          <p class="note">{say("propose.alike")} <Names of={alike.slice(0, 3).map(nameOf)} /></p>
        )}
        <Pick label={say("propose.type")} name="type" options={TYPES.map((type) => ({ id: type, name: sayCode("group", type) }))} isRequired />
        {boundaries.map((boundary) => (
          <Pick key={boundary.id} label={nameOf(boundary)} name={boundary.id} none={say("propose.unknown")}
            options={sections.filter(({ data }) => data["boundary_id"] === boundary.id).map((section) => ({ id: section.id, name: nameOf(section) }))} />
        ))}
        <Pick label={say("propose.home")} name="home" none={say("propose.unknown")} options={spaces.map((space) => ({ id: space.id, name: nameOf(space) }))} />
      </Form>
    </Part>
  );
}

interface PickProps {
  label: string;
  name: string;
  options: { id: string; name: string }[];
  none?: string;
  isRequired?: boolean;
}

export function Pick({ label, name, options, none = "", isRequired = false }: PickProps) {
  return (
    <label class="field">
      <span><bdi>{label}</bdi></span>
      <select name={name} dir="auto" required={isRequired}>
        <option value="">{none}</option>
        {options.map((option) => <option key={option.id} value={option.id}>{option.name}</option>)}
      </select>
    </label>
  );
}
