// Queue: what is only on this phone, what was sent, and what needs a person.

import { sentence } from "../../parts/Form";
import { hurry, meet, useStore } from "../../phone";
import type { Store } from "../../store/store";
import { needing, type Op } from "../../sync/queue";
import { useEffect, useState } from "preact/hooks";
import { say, sayDate } from "../../words/words";
import { Card } from "./Card";
import { Line } from "./Line";

const SENT_SHOWN = 30;

export function Queue() {
  const store = useStore();
  const needs = needing(store.outbox);
  const waiting = newest(store.outbox.filter((op) => op.state === "waiting"));
  const sent = newest(store.outbox.filter((op) => op.state === "sent")).slice(0, SENT_SHOWN);
  useEffect(() => {
    // The button that was pressed went with its card; whoever uses keys goes on from here.
    if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
  }, [needs.length]);
  return (
    <section>
      <h1>{say("screen.queue")}</h1>
      {!needs.length && !waiting.length && <p>{say("queue.clear")}</p>}
      {needs.length > 0 && (
        <>
          <h2>{say("queue.needs")}</h2>
          <ul class="cards">{needs.map((ops) => <Card key={ops.at(-1)!.op_id} ops={ops} store={store} />)}</ul>
        </>
      )}
      {waiting.length > 0 && (
        <>
          <h2>{say("queue.waiting")}</h2>
          <p class="hint">{say("queue.safe")}</p>
          <Lines ops={waiting} store={store} />
          <SendNow />
        </>
      )}
      {sent.length > 0 && (
        <>
          <h2>{say("queue.sent")}</h2>
          <Lines ops={sent} store={store} />
        </>
      )}
    </section>
  );
}

/** The last operation of each record, the newest first. */
function newest(ops: Op[]): Op[] {
  return [...new Map(ops.map((op) => [`${op.kind}/${op.id}`, op])).values()].sort((a, b) => b.seq - a.seq);
}

function Lines({ ops, store }: { ops: Op[]; store: Store }) {
  return (
    <ul class="list">
      {ops.map((op) => (
        <li key={op.op_id}>
          <span class="row">
            <span><Line op={op} store={store} /></span>
            <span class="hint">{sayDate(op.client_time, { dateStyle: "medium", timeStyle: "short" })}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function SendNow() {
  const [told, setTold] = useState("");
  const send = () => {
    hurry();
    meet().catch((error) => setTold(sentence(error)));
  };
  return <p class="actions"><button type="button" class="plain" onClick={send}>{say("queue.send")}</button><span role="status">{told}</span></p>;
}
