// Card: one entry that the server did not take as it was: both versions, or what is wrong with it.

import { useState } from "preact/hooks";
import { newId } from "../../ids";
import { sentence } from "../../parts/Form";
import { Picker } from "../../parts/Picker";
import { hurry } from "../../phone";
import { patch } from "../../store/alter";
import type { Data } from "../../store/kept";
import type { Store } from "../../store/store";
import type { Confirmed, Op, Refusal } from "../../sync/queue";
import { say, Say, sayCode, sayKnown } from "../../words/words";
import { groupsOf } from "../log/entry";
import { Line } from "./Line";
import { rows, type Row } from "./rows";

export function Card({ ops, store }: { ops: Op[]; store: Store }) {
  const op = ops.at(-1)!;
  const [told, setTold] = useState("");
  const current = store.confirmed(op.kind, op.id) ?? null;
  const settle = async (data: Data | null, id = op.id) => {
    const mends = ops.map((each) => each.op_id);
    const { kind, audience } = op;
    if (!data || !current?.lacks) return store.save({ kind, id, data, audience, mends }).then(hurry);
    // It holds words that are not kept here, and a whole put would empty them.
    return patch(store, kind, id, data).then(letGo, (error) => setTold(sentence(error)));
  };
  const letGo = async () => {
    await store.change({ ops: ops.map((each) => ({ ...each, state: "closing" as const })) });
    hurry();
  };
  const isClash = current !== null && op.error?.code === "conflict";
  return (
    <li class="card needs">
      <h3><Line op={op} store={store} /></h3>
      {isClash ? (
        <Sides op={op} current={current} store={store} onMine={() => settle(op.data ?? null)} onTheirs={letGo} />
      ) : (
        <Refused op={op} current={current} store={store} onSettle={settle} onLetGo={letGo} />
      )}
      <p class="says" role="status">{told}</p>
    </li>
  );
}

interface SidesProps {
  op: Op;
  current: Confirmed;
  store: Store;
  onMine: () => void;
  onTheirs: () => void;
}

/** Both versions side by side; one tap keeps one of them. Nothing is chosen beforehand. */
function Sides({ op, current, store, onMine, onTheirs }: SidesProps) {
  const all = rows(op.data ?? {}, current.data, store);
  const apart = all.filter((row) => row.differs);
  const told = apart.length ? apart : all;
  return (
    <>
      <p>{say("clash.why")}{apart.length > 0 && apart.length < all.length && <> {say("clash.rest")}</>}</p>
      <div class="sides">
        <Side title={say("clash.mine")} rows={told} which="mine" isRemoval={op.action === "delete"} button={say("clash.keepMine")} onKeep={onMine} />
        <Side title={say("clash.theirs")} rows={told} which="theirs" isRemoval={false} button={say("clash.keepTheirs")} onKeep={onTheirs} />
      </div>
    </>
  );
}

interface SideProps {
  title: string;
  rows: Row[];
  which: "mine" | "theirs";
  isRemoval: boolean;
  button: string;
  onKeep: () => void;
}

function Side({ title, rows: told, which, isRemoval, button, onKeep }: SideProps) {
  return (
    <section class="side" aria-label={title}>
      <h4>{title}</h4>
      {isRemoval ? <p>{say("queue.removal")}</p> : (
        <dl>
          {told.map((row) => (
            <div key={row.name}>
              <dt>{sayCode("field", row.name)}</dt>
              <dd class={row.differs ? "differs" : ""}><bdi>{row[which]}</bdi></dd>
            </div>
          ))}
        </dl>
      )}
      <button type="button" class="plain" onClick={onKeep}>{button}</button>
    </section>
  );
}

interface RefusedProps {
  op: Op;
  current: Confirmed | null;
  store: Store;
  onSettle: (data: Data | null, id?: string) => void;
  onLetGo: () => void;
}

function Refused({ op, current, store, onSettle, onLetGo }: RefusedProps) {
  const [mending, setMending] = useState<number | null>(null);
  const data = op.data ?? {};
  const groups = groupsOf({ kind: op.kind, data });
  const isGone = op.error?.code === "gone" || (!current && op.base_version && op.error?.code === "not_found");
  const replace = (id: string) => {
    onSettle(withGroup(op.kind, data, mending!, id));
    setMending(null);
  };
  return (
    <>
      <p>{isGone ? say("refused.gone") : reason(op.error)}</p>
      {op.action === "put" && (
        <p class="actions">
          <button type="button" class="plain" onClick={() => onSettle(data, isGone ? newId() : undefined)}>{say(isGone ? "refused.anew" : "refused.again")}</button>
          {!isGone && groups.map((id, i) => (
            <button key={id} type="button" class="plain" onClick={() => setMending(i)}>
              <Instead of={store.get("groups", id)?.data["name"]} />
            </button>
          ))}
        </p>
      )}
      {mending !== null && <Picker kind="groups" without={groups} onPick={replace} />}
      <p class="actions"><button type="button" class="plain" onClick={onLetGo}>{say("refused.letGo")}</button></p>
    </>
  );
}

function Instead({ of }: { of: string | undefined }) {
  return <span>{of ? <Say name="refused.other" group={of} /> : say("refused.instead")}</span>;
}

/** The same entry with another group in one of its places. */
function withGroup(kind: string, data: Data, at: number, id: string): Data {
  const exchanged = (list: Data[]) => list.map((each, i) => (i === at ? { ...each, group_id: id } : each));
  if (kind === "introductions") return { ...data, parties: exchanged(data["parties"]) };
  if (kind === "meetings") return { ...data, attendance: exchanged(data["attendance"]) };
  return { ...data, [at ? "to_group_id" : "from_group_id"]: id };
}

/** Why, in our words where we have any for its code, else in the server's own. */
export function reason(error: Refusal | undefined): string {
  const known = REASONS.includes(error?.code ?? "") && sayKnown("refused", error!.code);
  if (known) return known;
  const fields = error?.fields && !Array.isArray(error.fields) ? Object.values(error.fields).flat() : [];
  return fields.join(" ") || (error?.detail ?? say("refused.unknown"));
}

const REASONS = ["out_of_scope", "reference_missing", "dependency_failed", "record_too_large", "forbidden"];
