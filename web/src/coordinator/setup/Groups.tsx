// Groups: who there is, and where each sits in every boundary.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../../api/client";
import { Field, Form } from "../../parts/Form";
import { say, sayCode } from "../../words/words";
import { readBoundaries, useAnswer, type Boundary } from "../answers";
import { Rows, Waiting } from "../Desk";
import { text } from "./Boundaries";
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
    readAll<Group>(inside("groups?status=active")),
    readAll<Place>(inside("spaces?status=active")),
    readBoundaries(),
  ]);
  return { groups, spaces: spaces.filter((each) => each.name), boundaries };
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
  const save = async (values: FormData) => {
    const body = {
      name: text(values, "name"),
      type: text(values, "type"),
      home_space_id: text(values, "home") || null,
      sections: sectionsOf(values, all.boundaries, of),
    };
    const where = of ? `groups/${of.id}` : "groups";
    await ask(inside(where), { method: of ? "PATCH" : "POST", body, ...(of && { headers: { "If-Match": `"${of.version}"` } }) });
    onDone();
  };
  const placed = (boundary: Boundary) => of?.sections.filter((each) => boundary.sections.some((one) => one.id === each.section_id)) ?? [];
  return (
    <Form onSubmit={save} button={say(of ? "setup.save" : "setup.add")} also={of && <button type="button" class="plain" onClick={onLeave}>{say("setup.leave")}</button>}>
      <div class="fields">
        <Field label={say("setup.name")} name="name" required maxLength={120} autocomplete="off" defaultValue={of?.name} />
        <Choice label={say("setup.type")} name="type" value={of?.type ?? "residents"} options={GROUP_TYPES.map((type) => [type, sayCode("group", type)])} />
        <Choice label={say("setup.home")} name="home" value={of?.home_space_id ?? ""} options={[["", say("setup.nowhere")], ...all.spaces.map((each) => [each.id, each.name!] as [string, string])]} />
        {all.boundaries.map((boundary) => {
          const now = placed(boundary);
          const kept: [string, string][] = now.length > 1 ? [["kept", say("setup.several")]] : [];
          return <Choice key={boundary.id} label={boundary.name} name={boundary.id} value={now.length > 1 ? "kept" : now[0]?.section_id ?? ""}
            options={[["", say("network.unknown")], ...kept, ...boundary.sections.map((each) => [each.id, each.name] as [string, string])]} />;
        })}
      </div>
    </Form>
  );
}

/** One section a boundary as chosen; shares of several stay as they are. */
function sectionsOf(values: FormData, boundaries: Boundary[], of: Group | null): { section_id: string; share: number }[] {
  return boundaries.flatMap((boundary) => {
    const chosen = text(values, boundary.id);
    const own = of?.sections.filter((each) => boundary.sections.some((one) => one.id === each.section_id)) ?? [];
    return chosen === "kept" ? own : chosen ? [{ section_id: chosen, share: 1 }] : [];
  });
}

interface ChoiceProps { label: string; name: string; value: string; options: [string, string][] }

export function Choice({ label, name, value, options }: ChoiceProps) {
  return (
    <div class="field">
      <label>{label}
        <select name={name} dir="auto">
          {options.map(([code, said]) => <option key={code} value={code} selected={code === value}>{said}</option>)}
        </select>
      </label>
    </div>
  );
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
              <th scope="row"><button type="button" class="link" onClick={() => onEdit(group)}><bdi>{group.name}</bdi></button></th>
              <td>{sayCode("group", group.type)}</td>
              <td><bdi>{home.get(group.home_space_id ?? "") ?? "–"}</bdi></td>
              <td><bdi>{group.sections.map((each) => section.get(each.section_id)).filter(Boolean).join(", ") || "–"}</bdi></td>
            </tr>
          )}</Rows>
        </tbody>
      </table>
    </div>
  );
}
