// Proposals: groups and spaces that connectors proposed, for a coordinator to accept or not.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../api/client";
import { sentence } from "../parts/Form";
import { say, sayCode, sayDate } from "../words/words";
import { useAnswer } from "./answers";
import { Waiting } from "./Desk";

interface Proposal {
  kind: "groups" | "spaces";
  id: string;
  version: string;
  name: string | null;
  type: string;
  description?: string | null;
  address?: string | null;
  created_at: string;
}

const KINDS = ["groups", "spaces"] as const;

export function Proposals() {
  const [turn, setTurn] = useState(0);
  const [said, tell] = useState("");
  const answer = useAnswer(String(turn), fetchProposals);
  const settle = async (proposal: Proposal, status: "active" | "retired") => {
    const name = proposal.name ?? sayCode("space", proposal.type);
    try {
      await ask(inside(`${proposal.kind}/${proposal.id}`), { method: "PATCH", body: { status }, headers: { "If-Match": `"${proposal.version}"` } });
      tell(say(status === "active" ? "proposals.accepted" : "proposals.declined", { name }));
    } catch (error) {
      tell(sentence(error));
    }
    setTurn(turn + 1);
  };
  return (
    <section class="desk narrow">
      <h1>{say("proposals.title")}</h1>
      <p class="lead">{say("proposals.lead")}</p>
      <p role="status" class="told">{said}</p>
      <Waiting on={answer}>
        {answer.value?.length ? (
          <ul class="cards">{answer.value.map((each) => <One key={each.id} of={each} onSettle={settle} />)}</ul>
        ) : <p>{say("proposals.none")}</p>}
      </Waiting>
    </section>
  );
}

interface OneProps {
  of: Proposal;
  onSettle: (proposal: Proposal, status: "active" | "retired") => void;
}

/** Both answers are buttons of the same size: a proposal may be turned down. */
function One({ of, onSettle }: OneProps) {
  const name = of.name ?? sayCode("space", of.type);
  return (
    <li class="card">
      <h2><bdi>{name}</bdi></h2>
      <p class="hint">{sayCode("one", of.kind)} · {sayCode(of.kind === "groups" ? "group" : "space", of.type)} · {say("proposals.on", { date: sayDate(of.created_at) })}</p>
      {(of.description || of.address) && <p dir="auto">{of.description ?? of.address}</p>}
      <p class="actions">
        <button type="button" class="plain" onClick={() => onSettle(of, "active")}>{say("proposals.accept")} <span class="hidden">{name}</span></button>
        <button type="button" class="plain" onClick={() => onSettle(of, "retired")}>{say("proposals.decline")} <span class="hidden">{name}</span></button>
      </p>
    </li>
  );
}

async function fetchProposals(): Promise<Proposal[]> {
  const lists = await Promise.all(KINDS.map((kind) => readAll<Omit<Proposal, "kind">>(inside(`${kind}?status=proposed`))));
  const all = lists.flatMap((list, i) => list.map((each) => ({ ...each, kind: KINDS[i]! })));
  return all.sort((a, b) => a.created_at.localeCompare(b.created_at));
}
