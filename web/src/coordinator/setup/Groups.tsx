// Groups: who there is, and where each sits in every boundary.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../../api/client";
import { newId } from "../../ids";
import { Field, Form } from "../../parts/Form";
import { Names, say, sayCode } from "../../words/words";
import { readBoundaries, useAnswer, type Boundary } from "../answers";
import { Rows, Waiting } from "../Desk";
import { Choice, text } from "./Choice";
import { GROUP_TYPES } from "./types";

interface Group {
  id: string;
  version: string;
  name: string;
  type: string;
  status: string;
  home_space_id: string | null;
  sections: { section_id: string; share: number }[];
}

interface Place { id: string; name: string | null }

interface All { groups: Group[]; spaces: Place[]; boundaries: Boundary[] }

async function fetchAll(): Promise<All> {
  const [groups, spaces, boundaries] = await Promise.all([
    readAll<Group>(inside("groups")),
    readAll<Place>(inside("spaces?status=active")),
    readBoundaries(),
  ]);
  return { groups: groups.filter((each) => each.status !== "proposed"), spaces: spaces.filter((each) => each.name), boundaries };
}

export function Groups() {
  const [turn, setTurn] = useState(0);
  const [edited, edit] = useState<Group | null>(null);
  const answer = useAnswer(String(turn), fetchAll);
  const done = () => {
    edit(null);
    setTurn(turn + 1);
  };
  return (
    <Waiting on={answer}>
      {answer.value && (
        <>
          <h2>{edited ? edited.name : say("setup.addGroup")}</h2>
          <Editor key={`${edited?.id}/${turn}`} all={answer.value} of={edited} onDone={done} onLeave={() => edit(null)} />
          <List all={answer.value} onEdit={(group) => { edit(group); scrollTo(0, 0); }} />
        </>
      )}
    </Waiting>
  );
}

interface EditorProps { all: All; of: Group | null; onDone: () => void; onLeave: () => void }

function Editor({ all, of, onDone, onLeave }: EditorProps) {
  const [id] = useState(() => newId()); // so that sending twice adds one
  const save = async (values: FormData) => {
    const body = {
      ...(!of && { id }),
      name: text(values, "name"),
      type: text(values, "type"),
      home_space_id: text(values, "home") || null,
      sections: all.boundaries.flatMap((boundary) => sharesOf(values, boundary)),
      ...(of && { status: text(values, "status") }),
    };
    const where = of ? `groups/${of.id}` : "groups";
    await ask(inside(where), { method: of ? "PATCH" : "POST", body, ...(of && { headers: { "If-Match": `"${of.version}"` } }) });
    onDone();
  };
  return (
    <Form onSubmit={save} button={say(of ? "setup.save" : "setup.add")} also={of && <button type="button" class="plain" onClick={onLeave}>{say("setup.leave")}</button>}>
      <div class="fields">
        <Field label={say("setup.name")} name="name" required maxLength={120} autocomplete="off" defaultValue={of?.name} />
        <Choice label={say("setup.type")} name="type" value={of?.type ?? "residents"} options={GROUP_TYPES.map((type) => [type, sayCode("group", type)])} />
        <Choice label={say("setup.home")} name="home" value={of?.home_space_id ?? ""} options={[["", say("setup.nowhere")], ...all.spaces.map((each) => [each.id, each.name!] as [string, string])]} />
        {of && <Choice label={say("setup.status")} name="status" value={of.status} options={[["active", say("setup.active")], ["retired", say("setup.retired")]]} />}
        {all.boundaries.map((boundary) => <Sides key={boundary.id} boundary={boundary} of={of} />)}
      </div>
    </Form>
  );
}

const SEVERAL = "several";

/** One section, or parts of several, which add up to all of the group. */
function Sides({ boundary, of }: { boundary: Boundary; of: Group | null }) {
  const now = new Map(of?.sections.map((each) => [each.section_id, each.share]));
  const placed = boundary.sections.filter((each) => now.has(each.id));
  const isParted = placed.length > 1 || placed.some((each) => now.get(each.id) !== 1);
  const [chosen, choose] = useState(isParted ? SEVERAL : placed[0]?.id ?? "");
  const more: [string, string][] = boundary.sections.length > 1 ? [[SEVERAL, say("setup.several")]] : [];
  return (
    <div>
      <Choice label={boundary.name} name={boundary.id} value={chosen} onChoose={choose}
        options={[["", say("network.unknown")], ...boundary.sections.map((each): [string, string] => [each.id, each.name]), ...more]} />
      {chosen === SEVERAL && (
        <fieldset class="plainset shares">
          <legend class="hint">{say("setup.shares")}</legend>
          {boundary.sections.map((each) => (
            <Field key={each.id} label={each.name} name={`${boundary.id}/${each.id}`} type="number" min="0" max="100" step="any" inputMode="decimal"
              defaultValue={now.has(each.id) ? Math.round(now.get(each.id)! * 1e4) / 100 : ""} />
          ))}
        </fieldset>
      )}
    </div>
  );
}

/** Shares as chosen; percentages become parts that add up to 1, or the server says that they do not. */
function sharesOf(values: FormData, boundary: Boundary): Group["sections"] {
  const chosen = text(values, boundary.id);
  if (chosen !== SEVERAL) return chosen ? [{ section_id: chosen, share: 1 }] : [];
  return boundary.sections.map((each) => ({ section_id: each.id, share: Number(text(values, `${boundary.id}/${each.id}`)) / 100 }))
    .filter(({ share }) => share > 0);
}

function List({ all, onEdit }: { all: All; onEdit: (group: Group) => void }) {
  const section = new Map(all.boundaries.flatMap((each) => each.sections.map((one) => [one.id, one.name] as const)));
  const home = new Map(all.spaces.map((each) => [each.id, each.name]));
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={sayCode("many", "groups")}>
      <table>
        <caption>{say("setup.groups", { count: all.groups.length })}</caption>
        <thead><tr><th scope="col">{say("setup.name")}</th><th scope="col">{say("setup.type")}</th><th scope="col">{say("setup.home")}</th><th scope="col">{say("setup.sections")}</th></tr></thead>
        <tbody>
          <Rows of={all.groups}>{(group) => (
            <tr key={group.id}>
              <th scope="row"><button type="button" class="link" onClick={() => onEdit(group)}><bdi>{group.name}</bdi></button>{group.status === "retired" && <span class="hint"> {say("setup.retired")}</span>}</th>
              <td>{sayCode("group", group.type)}</td>
              <td><bdi>{home.get(group.home_space_id ?? "") ?? "–"}</bdi></td>
              <td><Names of={group.sections.flatMap((each) => section.get(each.section_id) ?? [])} />{!group.sections.length && "–"}</td>
            </tr>
          )}</Rows>
        </tbody>
      </table>
    </div>
  );
}
