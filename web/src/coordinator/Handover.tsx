// Handover: what one connector holds is offered to another, who says yes or no.

import { useState } from "preact/hooks";
import { ask, inside, read } from "../api/client";
import { Field, Form, sentence } from "../parts/Form";
import { say, Say, sayDate, type Name } from "../words/words";
import { useAnswer, useRead } from "./answers";
import { Waiting } from "./Desk";
import type { Seat } from "./seat";
import { Choice, text } from "./setup/Choice";

interface Offer {
  id: string;
  giver_id: string;
  receiver_id: string;
  offered_by: string;
  giver: string | null;
  receiver: string | null;
  status: "offered" | "accepted" | "declined" | "withdrawn";
  offered_at: string;
  closed_at: string | null;
}

interface Whole extends Offer {
  moves: { follow_ups: number; people: number };
}

interface Left {
  id: string;
  role: string;
  ended_at: string | null;
}

export function Handover({ network }: { network: Seat["network"] }) {
  const [turn, setTurn] = useState(0);
  const [told, tell] = useState("");
  const answer = useAnswer(String(turn), () => fetchAll(network));
  const done = (said: string) => {
    tell(said);
    setTurn(turn + 1);
  };
  return (
    <section aria-labelledby="handover">
      <h2 id="handover">{say("handover.title")}</h2>
      <p>{say("handover.how")} <a href="/docs/handover">{say("handover.guide")}</a></p>
      <p role="status" class="told">{told}</p>
      <Waiting on={answer}>
        {answer.value && (
          <>
            <ul class="cards">{answer.value.offers.map((each) => <One key={each.id} of={each} me={network.member_id} onDone={done} />)}</ul>
            <Make key={turn} left={answer.value.left} onDone={done} />
          </>
        )}
      </Waiting>
    </section>
  );
}

/** Offers, the open ones first; and, for those who may offer in their place, who has left. */
async function fetchAll(network: Seat["network"]): Promise<{ offers: Offer[]; left: Left[] }> {
  const [offers, members] = await Promise.all([
    read<{ items: Offer[] }>(inside("handovers"), "items"),
    network.role === "connector" ? null : read<{ items: Left[] }>(inside("members"), "items"),
  ]);
  const isOpen = (each: Offer) => each.status === "offered";
  return {
    offers: [...offers.items.filter(isOpen), ...offers.items.filter((each) => !isOpen(each))].slice(0, 20),
    left: (members?.items ?? []).filter((each) => each.ended_at && each.role !== "funder"),
  };
}

function One({ of, me, onDone }: { of: Offer; me: string; onDone: (said: string) => void }) {
  const isOpen = of.status === "offered";
  const isMine = of.receiver_id === me;
  const whole = useRead<Whole>(isOpen ? `handovers/${of.id}` : null, "moves");
  const [wrong, setWrong] = useState("");
  const answer = (path: string, method: string, said: Name) =>
    ask(inside(`handovers/${of.id}${path}`), { method }).then(() => onDone(say(said)), (error) => setWrong(sentence(error)));
  const moves = whole.value?.moves;
  return (
    <li class="card">
      <h3><Say name="handover.fromTo" giver={nameOf(of.giver, of.giver_id, me)} receiver={nameOf(of.receiver, of.receiver_id, me, of.status === "accepted" ? "handover.gone" : "handover.another")} /></h3>
      <p class="hint">{say(`handover.${of.status}`, { date: sayDate(of.closed_at ?? of.offered_at) })}</p>
      {moves && <p>{say("handover.followUps", { count: moves.follow_ups })} {moves.people > 0 && say("handover.people", { count: moves.people })}</p>}
      {isOpen && (
        <p class="actions">
          {isMine && <button type="button" class="plain" onClick={() => void answer("/accept", "POST", "handover.thanks")}>{say("handover.accept")}</button>}
          <button type="button" class="plain" onClick={() => void answer("", "DELETE", "handover.closed")}>{say(isMine ? "handover.decline" : "handover.withdraw")}</button>
        </p>
      )}
      <p class="says" role="status">{wrong}</p>
    </li>
  );
}

const nameOf = (address: string | null, id: string, me: string, other: Name = "handover.gone") => (id === me ? say("handover.me") : address ?? say(other));

function Make({ left, onDone }: { left: Left[]; onDone: (said: string) => void }) {
  const [giver, setGiver] = useState("");
  const offer = async (values: FormData) => {
    const receiver = text(values, "receiver");
    const more = giver ? { giver_id: giver } : { notebook: values.get("notebook") !== null };
    await ask(inside("handovers"), { method: "POST", body: { receiver, ...more } });
    onDone(say("handover.made", { receiver }));
  };
  const givers: [string, string][] = left.map((each) => [each.id, say("handover.left", { date: sayDate(each.ended_at!) })]);
  return (
    <details>
      <summary>{say("handover.make")}</summary>
      <Form onSubmit={offer} button={say("handover.offer")}>
        {left.length > 0 && <Choice label={say("handover.giver")} name="giver" value={giver} options={[["", say("handover.mine")], ...givers]} onChoose={setGiver} />}
        <Field label={say("handover.receiver")} hint={say("handover.receiverHint")} name="receiver" type="email" required autocomplete="off" dir="ltr" />
        {!giver && <p class="check"><label><input type="checkbox" name="notebook" defaultChecked /> {say("handover.notebook")}</label></p>}
      </Form>
    </details>
  );
}
