// Log: what, one group, the other, where; then it is saved. The address holds the taps so far.

import { useState } from "preact/hooks";
import type { Seat } from "../../coordinator/seat";
import { Icon } from "../../parts/icons";
import { findAgain, Locate, position } from "../../parts/Locate";
import { nameOf, Picker } from "../../parts/Picker";
import { hurry, useStore } from "../../phone";
import { address, back, go, replace } from "../../router";
import { noteUse } from "../../store/habits";
import type { Store } from "../../store/store";
import { say, sayCode, type Name } from "../../words/words";
import { newId } from "../../ids";
import { entryOf, mondayOf, RESOURCES } from "./entry";
import { Saved } from "./Saved";

const STARTED = "weft.started"; // when the first tap fell; of this tab only

export function Log({ route, network }: Seat) {
  const [what, a, b] = route.rest;
  const store = useStore();
  if (what === "saved" && a && b) return <Saved key={b} kind={a} id={b} isFresh />;
  if (!what) return <What store={store} />;
  if (!a) return <Group what={what} title={titleOf(what, "first")} without={[]} onPick={(id) => go("log", what, id)} />;
  if (!b) return <Group what={what} first={a} title={titleOf(what, "second")} without={[a]} onPick={(id) => go("log", what, a, id)} />;
  return <Space what={what} a={a} b={b} onPick={(space) => save(store, network.member_id, { what, a, b, space })} />;
}

function titleOf(what: string, which: "first" | "second"): string {
  const sort = what === "introduction" || what === "meeting" ? what : "flow";
  return say(`log.${sort}.${which}` as Name);
}

async function save(store: Store, member: string, taps: { what: string; a: string; b: string; space: string | null }) {
  const began = Number(sessionStorage.getItem(STARTED));
  const entry = entryOf(taps, member);
  await store.save(entry);
  replace("log", "saved", entry.kind, entry.id);
  sessionStorage.removeItem(STARTED);
  hurry();
  await noteUse(store, [taps.a, taps.b, taps.space ?? ""], began ? (Date.now() - began) / 1_000 : null);
}

async function saveQuiet(store: Store) {
  const id = newId();
  await store.save({ kind: "quiet-weeks", id, data: { week_on: mondayOf(new Date()) } });
  await store.change({ notes: { quiet: mondayOf(new Date()) } });
  go("log", "saved", "quiet-weeks", id);
  hurry();
}

function What({ store }: { store: Store }) {
  const isQuiet = store.note("quiet") === mondayOf(new Date());
  const begin = (what: string) => {
    sessionStorage.setItem(STARTED, String(Date.now()));
    void findAgain(); // so that the places are in order by the time they are shown
    go("log", what);
  };
  return (
    <section class="log">
      <h1>{say("log.title")}</h1>
      <div class="tiles">
        {(["introduction", "meeting"] as const).map((what) => (
          <button key={what} type="button" class="tile" onClick={() => begin(what)}>
            <Icon name={what} />
            <span>{say(`log.${what}`)}</span>
          </button>
        ))}
      </div>
      <h2 id="flow">{say("log.flow")}</h2>
      <div class="tiles small" role="group" aria-labelledby="flow">
        {RESOURCES.map((resource) => (
          <button key={resource} type="button" class="tile" onClick={() => begin(resource)}>{sayCode("resource", resource)}</button>
        ))}
      </div>
      <button type="button" class="tile wide" disabled={isQuiet} onClick={() => saveQuiet(store)}>
        <Icon name="quiet" />
        <span>{say(isQuiet ? "log.quietSaid" : "log.quiet")}</span>
      </button>
    </section>
  );
}

interface GroupProps {
  what: string;
  title: string;
  without: string[];
  first?: string;
  onPick: (id: string) => void;
}

function Head({ title, taps }: { title: string; taps: string[] }) {
  return (
    <div class="head">
      <button type="button" class="back" aria-label={say("frame.back")} onClick={() => back("log")}><Icon name="back" /></button>
      <div>
        <p class="taps">{taps.map((tap) => <bdi key={tap}>{tap}</bdi>)}</p>
        <h1>{title}</h1>
      </div>
    </div>
  );
}

const nameOfWhat = (what: string) =>
  what === "introduction" || what === "meeting" ? say(`log.${what}` as Name) : sayCode("resource", what);

function Group({ what, title, without, first, onPick }: GroupProps) {
  const store = useStore();
  const taps = [nameOfWhat(what), ...(first ? [nameOf(store.get("groups", first))] : [])];
  return (
    <section>
      <Head title={title} taps={taps} />
      <Picker key={first ?? ""} kind="groups" without={without} onPick={onPick} />
      <p><a class="button plain" href={address("ours", "propose", "groups")}>{say("log.missingGroup")}</a></p>
    </section>
  );
}

function Space({ what, a, b, onPick }: { what: string; a: string; b: string; onPick: (id: string | null) => Promise<void> }) {
  const store = useStore();
  const [from, setFrom] = useState(() => position.get()); // as it was when the places were shown: none moves under a finger
  const [isLost, setLost] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const pick = (id: string | null) => {
    if (isSaving) return;
    setSaving(true);
    onPick(id).catch(() => { setSaving(false); setLost(true); });
  };
  return (
    <section>
      <Head title={say("log.where")} taps={[nameOfWhat(what), nameOf(store.get("groups", a)), nameOf(store.get("groups", b))]} />
      <div class="actions">
        <button type="button" class="plain" onClick={() => pick(null)}>{say("log.nowhere")}</button>
        <Locate onFound={setFrom} isFound={from !== null} />
      </div>
      {isLost && <p class="says" role="alert">{say("trouble.store")}</p>}
      <Picker kind="spaces" from={from} onPick={pick} />
    </section>
  );
}
