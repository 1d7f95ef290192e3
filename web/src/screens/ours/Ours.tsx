// Ours: questions that have come due, what came of my introductions, and the rest of what is mine.

import { useEffect, useState } from "preact/hooks";
import type { Seat } from "../../coordinator/seat";
import { useStore } from "../../phone";
import { address } from "../../router";
import type { Store, Shown } from "../../store/store";
import { say, sayDate, type Name } from "../../words/words";
import { Saved, Summary } from "../log/Saved";
import { AddListing } from "./AddListing";
import { Ask } from "./Ask";
import { answerOf, dueTo, followUps, myIntroductions, refreshMine } from "./mine";
import { Nearby } from "./Nearby";
import { Notebook } from "./Notebook";
import { ProposeGroup } from "./ProposeGroup";
import { ProposeSpace } from "./ProposeSpace";

const RECENT = 10;
const AT_ONCE = 3; // asked together; more only where somebody wants more

export function Ours({ route, network }: Seat) {
  const [part, which, id] = route.rest;
  if (part === "notebook") return <Notebook />;
  if (part === "nearby") return which === "add" ? <AddListing /> : <Nearby />;
  if (part === "propose" && which === "groups") return <ProposeGroup network={network} />;
  if (part === "propose" && which === "spaces") return <ProposeSpace network={network} />;
  if (part === "entry" && which && id) return <Saved key={id} kind={which} id={id} isFresh={false} />;
  return <Overview />;
}

const LINKS = [["nearby"], ["notebook"], ["propose", "groups"], ["propose", "spaces"]] as const;

function Overview() {
  const store = useStore();
  useEffect(() => {
    refreshMine(store).catch(() => undefined); // what was known before still stands
  }, []);
  const mine = myIntroductions(store);
  return (
    <section>
      <h1>{say("screen.ours")}</h1>
      <Due store={store} />
      <h2>{say("ours.more")}</h2>
      <ul class="list">
        {LINKS.map((link) => (
          <li key={link.join()}><a class="row" href={address("ours", ...link)}>{say(`ours.${link.join(".")}` as Name)}</a></li>
        ))}
      </ul>
      <Came store={store} mine={mine} />
    </section>
  );
}

interface PartProps {
  store: Store;
  mine: Shown[];
}

/** Questions that wait for an answer; one just answered stays, so that it can be changed. */
function Due({ store }: { store: Store }) {
  const [most, setMost] = useState(AT_ONCE);
  const [touched, setTouched] = useState<string[]>([]);
  const due = [...dueTo(store, touched)].sort((a, b) => (a.question.data["due_on"] < b.question.data["due_on"] ? 1 : -1));
  return (
    <>
      <h2>{say("ours.due")}</h2>
      {!due.length && <p>{say("ours.noneDue")}</p>}
      <ul class="cards">
        {due.slice(0, most).map(({ question, introduction }) => (
          <Ask key={question.id} question={question} introduction={introduction} store={store}
            onAnswered={() => setTouched((before) => [...before, question.id])} />
        ))}
      </ul>
      {due.length > most && <button type="button" class="plain" onClick={() => setMost(most + 20)}>{say("pick.more", { count: due.length - most })}</button>}
    </>
  );
}

function Came({ store, mine }: PartProps) {
  const [most, setMost] = useState(RECENT);
  const asked = followUps(store);
  return (
    <>
      <h2>{say("ours.came")}</h2>
      {!mine.length && <p>{say("ours.noneMade")}</p>}
      <ul class="list">
        {mine.slice(0, most).map((introduction) => {
          const last = (asked.get(introduction.id) ?? []).filter(({ data }) => data["outcome"]).at(-1);
          const answer = last && answerOf(last.data);
          return (
            <li key={introduction.id}>
              <a class="row" href={address("ours", "entry", "introductions", introduction.id)}>
                <span><Summary record={introduction} store={store} /></span>
                <span class="hint">
                  {sayDate(introduction.data["made_at"])} · {say(last ? (`answer.${answer?.name ?? last.data["outcome"]}` as Name) : "ours.notYet")}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
      {mine.length > most && <button type="button" class="plain" onClick={() => setMost(most + 50)}>{say("pick.more", { count: mine.length - most })}</button>}
    </>
  );
}
