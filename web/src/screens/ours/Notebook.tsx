// Notebook: aliases that only this member sees. Read while online, never kept in the browser.

import { useEffect, useState } from "preact/hooks";
import { ask, inside, read, readAll } from "../../api/client";
import { newId } from "../../ids";
import { Field, Form } from "../../parts/Form";
import { nameOf } from "../../parts/Picker";
import { useStore } from "../../phone";
import type { Data } from "../../store/kept";
import { language, say, type Name } from "../../words/words";
import { dayOf } from "../log/entry";
import { Part } from "./Part";

const NOTICES = ["given", "not_given", "declined"] as const;

export function Notebook() {
  const [people, setPeople] = useState<Data[] | null | "away">(null);
  const load = () => readAll<Data>(inside("people")).then(setPeople, () => setPeople("away"));
  useEffect(() => void load(), []);
  return (
    <Part title={say("ours.notebook")}>
      <p>{say("notebook.what")}</p>
      {people === "away" && <p class="note">{say("words.away")}</p>}
      {people === null && <p role="status">{say("frame.loading")}</p>}
      {Array.isArray(people) && (
        <>
          <ul class="list">{people.map((person) => <Entry key={person["id"]} person={person} onGone={load} />)}</ul>
          {!people.length && <p>{say("notebook.empty")}</p>}
          <h2>{say("notebook.add")}</h2>
          <Add onAdded={load} />
        </>
      )}
    </Part>
  );
}

function Entry({ person, onGone }: { person: Data; onGone: () => void }) {
  const store = useStore();
  const groups = (person["group_ids"] as string[]).map((id) => nameOf(store.get("groups", id)));
  const remove = async () => {
    const headers = { "If-Match": `"${person["version"]}"` };
    await ask(inside(`people/${person["id"]}`), { method: "DELETE", headers }).catch(() => null);
    onGone();
  };
  return (
    <li>
      <span class="row">
        <bdi>{person["alias"]}</bdi>
        <span class="hint">{say(`notice.${person["notice"]}` as Name)}{groups.map((name) => <> · <bdi>{name}</bdi></>)}</span>
      </span>
      <button type="button" class="star" aria-label={say("notebook.remove", { name: person["alias"] })} onClick={() => void remove()}>×</button>
    </li>
  );
}

function Add({ onAdded }: { onAdded: () => Promise<void> }) {
  const store = useStore();
  const [count, setCount] = useState(0);
  const groups = [...store.all("groups").values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language()));
  const add = async (values: FormData) => {
    const notice = String(values.get("notice"));
    const group = String(values.get("group"));
    const body = {
      id: newId(), alias: String(values.get("alias")).trim(), group_ids: group ? [group] : [], notice,
      notice_on: notice === "given" ? dayOf(new Date()) : null, basis: "consent", age_band: "adult",
    };
    await read(inside("people"), "id", { method: "POST", body });
    setCount(count + 1);
    await onAdded();
  };
  return (
    <Form key={count} onSubmit={add} button={say("notebook.add")}>
      <Field label={say("notebook.alias")} hint={say("notebook.aliasHint")} name="alias" maxlength={60} autocomplete="off" required />
      <label class="field">
        <span>{say("notebook.group")}</span>
        <select name="group" dir="auto">
          <option value="">{say("notebook.noGroup")}</option>
          {groups.map((group) => <option key={group.id} value={group.id}>{nameOf(group)}</option>)}
        </select>
      </label>
      <label class="field">
        <span>{say("notebook.notice")}</span>
        <select name="notice">{NOTICES.map((one) => <option key={one} value={one}>{say(`notice.${one}`)}</option>)}</select>
      </label>
      <label class="tick"><input type="checkbox" required /> <span>{say("notebook.adult")}</span></label>
    </Form>
  );
}
