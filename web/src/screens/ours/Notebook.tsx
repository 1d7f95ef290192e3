// Notebook: aliases that only this member sees. Read while online, never kept in the browser.

import { useEffect, useState } from "preact/hooks";
import { ask, inside, read, readAll } from "../../api/client";
import { newId } from "../../ids";
import { Field, focus, Form, sentence } from "../../parts/Form";
import { nameOf } from "../../parts/Picker";
import { useStore } from "../../phone";
import type { Data } from "../../store/kept";
import { language, Say, say, sayDate, type Name } from "../../words/words";
import { dayOf } from "../log/entry";
import { Part } from "./Part";

const NOTICES = ["given", "not_given"] as const; // who said no is not noted

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
          <ul class="cards">{people.map((person) => <Entry key={person["version"]} person={person} onChanged={load} />)}</ul>
          {!people.length && <p>{say("notebook.empty")}</p>}
          <h2>{say("notebook.add")}</h2>
          <Add onAdded={load} />
        </>
      )}
    </Part>
  );
}

interface EntryProps {
  person: Data;
  onChanged: () => Promise<void>;
}

function Entry({ person, onChanged }: EntryProps) {
  const store = useStore();
  const [isAsked, setAsked] = useState<boolean | null>(null); // null until the first time
  const [told, setTold] = useState("");
  const groups = (person["group_ids"] as string[]).map((id) => nameOf(store.get("groups", id)));
  const send = (method: string, body?: Data) => {
    const headers = { "If-Match": `"${person["version"]}"` };
    ask(inside(`people/${person["id"]}`), { method, headers, body }).then(onChanged).catch((error) => setTold(sentence(error)));
  };
  const name = person["alias"] as string;
  const noticeGiven = say("notebook.told");
  return (
    <li class="card">
      <h2><bdi>{name}</bdi></h2>
      <p class="hint">
        {say(`notice.${person["notice"]}` as Name)}
        {person["purge_on"] && <> · {say("notebook.until", { day: sayDate(person["purge_on"]) })}</>}
        {groups.map((group) => <> · <bdi>{group}</bdi></>)}
      </p>
      {isAsked && <p role="status"><Say name="notebook.removeWhat" alias={name} /></p>}
      <p class="actions">
        {isAsked ? (
          <>
            <button type="button" class="plain" onClick={() => send("DELETE")}>{say("saved.remove")}</button>
            <button type="button" class="plain" ref={focus} onClick={() => setAsked(false)}>{say("notebook.keep")}</button>
          </>
        ) : (
          <>
            {person["notice"] === "not_given" && (
              <button type="button" class="plain" aria-label={`${noticeGiven}: ${name}`} onClick={() => send("PATCH", { notice: "given", notice_on: dayOf(new Date()) })}>{noticeGiven}</button>
            )}
            <button type="button" class="plain" ref={isAsked === false ? focus : null} aria-label={`${say("saved.remove")}: ${name}`} onClick={() => setAsked(true)}>{say("saved.remove")}</button>
          </>
        )}
      </p>
      <p class="says" role="status">{told}</p>
    </li>
  );
}

function Add({ onAdded }: { onAdded: () => Promise<void> }) {
  const store = useStore();
  const [id, renew] = useState(() => newId()); // so that sending twice adds one
  const groups = [...store.all("groups").values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language()));
  const add = async (values: FormData) => {
    const notice = String(values.get("notice"));
    const group = String(values.get("group"));
    const body = {
      id, alias: String(values.get("alias")).trim(), group_ids: group ? [group] : [], notice,
      notice_on: notice === "given" ? dayOf(new Date()) : null, basis: "consent", age_band: "adult",
    };
    await read(inside("people"), "id", { method: "POST", body });
    renew(newId());
    await onAdded();
  };
  return (
    <Form key={id} onSubmit={add} button={say("notebook.add")}>
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
