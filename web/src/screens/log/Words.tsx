// Words: a purpose and people of the notebook. They are never kept on the phone, so they need a
// network and go straight to the server.

import { useEffect, useState } from "preact/hooks";
import { inside, readAll } from "../../api/client";
import { Form } from "../../parts/Form";
import { nameOf } from "../../parts/Picker";
import { Plain } from "../../parts/Plain";
import { fetchWhole, patch } from "../../store/alter";
import type { Data } from "../../store/kept";
import type { Shown, Store } from "../../store/store";
import { say, Say } from "../../words/words";

const TEXT: Record<string, string> = { introductions: "purpose", meetings: "title", flows: "description" };

interface Known {
  text: string;
  people: Data[];
}

export function Words({ record, store }: { record: Shown; store: Store }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("words.more")}</summary>
      {isOpen && <Inner record={record} store={store} />}
    </details>
  );
}

function Inner({ record, store }: { record: Shown; store: Store }) {
  const [known, setKnown] = useState<Known | null | "away">(null);
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    const people = readAll<Data>(inside("people"));
    const whole = record.op ? Promise.resolve<Data>({}) : fetchWhole(record.kind, record.id);
    Promise.all([people, whole]).then(
      ([found, data]) => setKnown({ people: found, text: String(data[TEXT[record.kind]!] ?? "") }),
      () => setKnown("away"),
    );
  }, []);
  if (known === "away") return <p class="note">{say("words.away")}</p>;
  if (!known) return <p role="status">{say("frame.loading")}</p>;
  const send = async (values: FormData) => {
    const text = String(values.get("text")).trim() || null;
    const parties = record.data["parties"]?.map((party: Data, i: number) => ({ ...party, person_id: values.get(`person-${i}`) || null }));
    await patch(store, record.kind, record.id, { [TEXT[record.kind]!]: text, ...(parties ? { parties } : {}) });
    setDone(true);
  };
  return (
    <Form onSubmit={send} button={say("words.send")}>
      <Plain label={say("words.text")} name="text" maxlength={record.kind === "meetings" ? 120 : 280} defaultValue={known.text} />
      {record.kind === "introductions" && known.people.length > 0 && record.data["parties"].map((party: Data, i: number) => (
        <label class="field" key={i}>
          <span><Say name="words.person" group={nameOf(store.get("groups", party["group_id"]))} /></span>
          <select name={`person-${i}`} dir="auto">
            <option value="">{say("words.nobody")}</option>
            {known.people.map((person) => (
              <option key={person["id"]} value={person["id"]} selected={person["id"] === party["person_id"]}>{person["alias"]}</option>
            ))}
          </select>
        </label>
      ))}
      {isDone && <p class="says">{say("words.done")}</p>}
    </Form>
  );
}
