// Saved: it is safe on this phone; undo, or tell more if there is time.

import { useState } from "preact/hooks";
import { Choices } from "../../parts/Choices";
import { Icon } from "../../parts/icons";
import { nameOf, Picker } from "../../parts/Picker";
import { hurry, useStore } from "../../phone";
import { address, go } from "../../router";
import { alter } from "../../store/alter";
import type { Data } from "../../store/kept";
import type { Store, Shown } from "../../store/store";
import { say, Say, type Name } from "../../words/words";
import { dayOf, groupsOf, onDay, WHEN } from "./entry";
import { Words } from "./Words";

const KNOWN = ["no", "yes", "unknown"] as const;
const ANYWAY = ["no", "yes", "unsure"] as const;

interface SavedProps {
  kind: string;
  id: string;
  isFresh: boolean;
}

export function Saved({ kind, id, isFresh }: SavedProps) {
  const store = useStore();
  const record = store.get(kind, id);
  const refused = store.outbox.some((op) => op.id === id && op.state === "needs_you");
  if (!record) return <Gone isRefused={refused} />;
  return (
    <section class="saved">
      {isFresh ? <h1><Icon name="done" /> {say("saved.title")}</h1> : <h1>{say("saved.entry")}</h1>}
      <p><Summary record={record} store={store} /></p>
      <p class="hint" role="status">{say(record.op ? "saved.here" : "saved.sent")}</p>
      <p class="actions">
        {isFresh && <a class="button" href={address("log")}>{say("saved.another")}</a>}
        <button type="button" class="plain" onClick={() => undo(store, record)}>{say(isFresh ? "saved.undo" : "saved.remove")}</button>
      </p>
      {kind !== "quiet-weeks" && <More record={record} store={store} />}
    </section>
  );
}

async function undo(store: Store, record: Shown) {
  const last = store.outbox.filter((op) => op.kind === record.kind && op.id === record.id).at(-1);
  if (last) await store.undo(last);
  else await store.save({ kind: record.kind, id: record.id, data: null });
  if (record.kind === "quiet-weeks") await store.change({ notes: { quiet: null } });
  go("log");
  hurry();
}

function Gone({ isRefused }: { isRefused: boolean }) {
  return (
    <section>
      <h1>{say(isRefused ? "saved.refused" : "saved.gone")}</h1>
      <p><a class="button" href={address(isRefused ? "queue" : "log")}>{say(isRefused ? "screen.queue" : "saved.another")}</a></p>
    </section>
  );
}

/** One line that says what the entry is. */
export function Summary({ record, store }: { record: { kind: string; data: Data }; store: Store }) {
  const names = groupsOf(record).map((id) => nameOf(store.get("groups", id)));
  const [a, b] = [names.slice(0, -1).join(say("summary.comma")), names.at(-1)];
  const place = record.data["space_id"] ? nameOf(store.get("spaces", record.data["space_id"])) : "";
  if (record.kind === "quiet-weeks") return <Say name="summary.quiet" />;
  if (record.kind === "groups" || record.kind === "spaces") return <Say name={`summary.${record.kind}`} called={record.data["name"]} />;
  const name = `summary.${record.kind}${place ? ".at" : ""}` as Name;
  return <Say name={name} a={a ?? ""} b={b ?? ""} place={place} resource={say(`resource.${record.data["resource"] ?? "goods"}` as Name)} />;
}

function More({ record, store }: { record: Shown; store: Store }) {
  const [failures, setFailures] = useState(0);
  const change = (values: Data) => alter(store, record.kind, record.id, values).catch(() => setFailures(failures + 1));
  const when = WHEN[record.kind]!;
  return (
    <div class="more" key={failures}>
      <h2>{say("saved.more")}</h2>
      {record.kind === "introductions" && <Introduction record={record} store={store} change={change} />}
      {record.kind === "meetings" && <Heads record={record} store={store} change={change} />}
      {record.kind in SIDES && <Another record={record} change={change} />}
      <label class="field">
        <span>{say("saved.day")}</span>
        <input type="date" max={dayOf(new Date())} value={dayOf(new Date(record.data[when]))}
          onChange={(event) => event.currentTarget.value && change({ [when]: onDay(record.data[when], event.currentTarget.value) })} />
      </label>
      <p class="says" role="status">{failures > 0 && say("trouble.silence")}</p>
      <Words record={record} store={store} />
    </div>
  );
}

interface PartProps {
  record: Shown;
  store: Store;
  change: (values: Data) => Promise<void>;
}

function Introduction({ record, store, change }: PartProps) {
  const anyway = store.note<Record<string, string>>("anyway") ?? {};
  const options = <T extends string>(group: string, values: readonly T[]) =>
    values.map((value) => ({ value, label: say(`${group}.${value}` as Name) }));
  return (
    <>
      <Choices legend={say("saved.knownBefore")} options={options("known", KNOWN)} value={record.data["known_before"]}
        onChoose={(known_before) => change({ known_before })} />
      <Choices legend={say("saved.anyway")} options={options("anyway", ANYWAY)} value={anyway[record.id] as never}
        onChoose={(value) => void store.change({ notes: { anyway: { ...anyway, [record.id]: value } } })} />
    </>
  );
}

/** The field that holds the groups, how many it may hold, and what one more is like. */
const SIDES: Record<string, { field: string; most: number; more: Data }> = {
  introductions: { field: "parties", most: 12, more: { person_id: null } },
  meetings: { field: "attendance", most: 60, more: { headcount: 1, person_ids: [] } },
};

/** One more group that was part of it. */
function Another({ record, change }: Omit<PartProps, "store">) {
  const [isOpen, setOpen] = useState(false);
  const { field, most, more } = SIDES[record.kind]!;
  const known = record.data[field] as Data[];
  if (known.length >= most) return null;
  const add = (group_id: string) => {
    setOpen(false);
    void change({ [field]: [...known, { group_id, ...more }] });
  };
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("saved.alsoThere")}</summary>
      {isOpen && <Picker kind="groups" without={groupsOf(record)} onPick={add} />}
    </details>
  );
}

function Heads({ record, store, change }: PartProps) {
  const parts = record.data["attendance"] as Data[];
  const set = (i: number, headcount: number) =>
    headcount >= 1 && change({ attendance: parts.map((part, at) => (at === i ? { ...part, headcount } : part)) });
  return (
    <>
      {parts.map((part, i) => {
        const group = nameOf(store.get("groups", part["group_id"]));
        return (
          <div class="field" key={part["group_id"]}>
            <label for={`heads-${i}`}><Say name="saved.heads" group={group} /></label>
            <div class="stepper">
              <button type="button" class="plain" aria-label={say("saved.fewer", { group })} onClick={() => set(i, part["headcount"] - 1)}>−</button>
              <input id={`heads-${i}`} type="number" min="1" max="10000" inputmode="numeric" value={part["headcount"]}
                onChange={(event) => set(i, Math.round(Number(event.currentTarget.value)))} />
              <button type="button" class="plain" aria-label={say("saved.moreHeads", { group })} onClick={() => set(i, part["headcount"] + 1)}>+</button>
            </div>
          </div>
        );
      })}
    </>
  );
}
