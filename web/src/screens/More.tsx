// More: language, network, the way to the desk's screens, signing out.

import { useState } from "preact/hooks";
import { ask } from "../api/client";
import { Choices } from "../parts/Choices";
import { leave, useStore } from "../phone";
import { address } from "../router";
import { keepSession, session } from "../session";
import { habitsOf, median } from "../store/habits";
import type { Seat } from "../coordinator/seat";
import { LANGUAGES, language, nameOf, say, sayCode, speak } from "../words/words";
import { Devices } from "./Devices";
import { COORDINATOR, isFor } from "./screens";

export function More({ network }: Seat) {
  const { networks } = session.get();
  const store = useStore();
  const typical = median(habitsOf(store).seconds);
  const desk = COORDINATOR.filter((name) => isFor(name, network));
  return (
    <section class="narrow">
      <h1>{say("screen.more")}</h1>
      <Choices legend={say("more.language")} value={language()} onChoose={(code) => void speak(code, true)}
        options={LANGUAGES.map((code) => ({ value: code, label: nameOf(code) }))} />
      {desk.length > 0 && (
        <nav aria-label={say("more.desk")}>
          <h2>{say("more.desk")}</h2>
          <ul class="list">{desk.map((name) => <li key={name}><a class="row" href={address(name)}>{sayCode("screen", name)}</a></li>)}</ul>
        </nav>
      )}
      {typical !== null && (
        <>
          <h2>{say("more.time")}</h2>
          <p>{say("more.timeSaid", { count: Math.round(typical) })} <span class="hint">{say("more.timeMine")}</span></p>
        </>
      )}
      <h2>{say("more.account")}</h2>
      {networks.length > 1 && <p><button type="button" class="plain" onClick={() => keepSession({ chosen: null })}>{say("more.otherNetwork")}</button></p>}
      <SignOut waiting={store.outbox.filter((op) => op.state === "waiting" || op.state === "needs_you").length} />
      <MyDevices />
      <p class="actions"><a class="button plain" href="/docs">{say("more.help")}</a></p>
    </section>
  );
}

function MyDevices() {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("devices.title")}</summary>
      {isOpen && <Devices />}
    </details>
  );
}

/** Signing out takes everything off this phone; with entries that are only here it asks first. */
function SignOut({ waiting }: { waiting: number }) {
  const [isSure, setSure] = useState(false);
  if (waiting && !isSure) {
    return <p><button type="button" class="plain" onClick={() => setSure(true)}>{say("more.signOut")}</button></p>;
  }
  return (
    <>
      {isSure && waiting > 0 && <p class="note" role="alert">{say("more.signOutLoses", { count: waiting })}</p>}
      <p><button type="button" class="plain" onClick={() => void signOut()}>{say(isSure && waiting ? "more.signOutStill" : "more.signOut")}</button></p>
      <p class="hint">{say("more.signOutWipes")}</p>
    </>
  );
}

/** The server is told, but not waited for: with a bad line the phone is emptied all the same. */
async function signOut(): Promise<void> {
  void ask("/sign-out", { method: "POST" }).catch(() => null);
  sessionStorage.clear();
  await leave();
}
