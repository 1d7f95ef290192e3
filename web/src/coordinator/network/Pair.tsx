// Pair: what was seen between two groups, the newest first.

import { inside, readAll } from "../../api/client";
import { address } from "../../router";
import { Say, say, sayCode, sayDate } from "../../words/words";
import { useAnswer } from "../answers";
import { Waiting } from "../Desk";
import type { Node } from "./types";

interface Seen {
  id: string;
  at: string;
  what: "introduction" | "meeting" | "flow";
  note: string;
}

interface Introduction { id: string; made_at: string; status: string; purpose: string | null; parties: { group_id: string }[] }
interface Meeting { id: string; starts_at: string; title: string | null; attendance: { group_id: string; headcount: number }[] }
interface Flow { id: string; happened_at: string; status: string; resource: string; description: string | null; from_group_id: string; to_group_id: string }

export function Pair({ a, b }: { a: Node; b: Node }) {
  const answer = useAnswer(`${a.id}/${b.id}`, () => fetchPair(a.id, b.id));
  return (
    <section class="card pair" aria-labelledby="pair">
      <h2 id="pair"><bdi>{a.name}</bdi> – <bdi>{b.name}</bdi></h2>
      <p><a href={address("network")}>{say("network.close")}</a></p>
      <Waiting on={answer}>
        {answer.value?.length ? (
          <ol class="history">
            {answer.value.map((each) => (
              <li key={each.id}><time dateTime={each.at}>{sayDate(each.at)}</time> <strong>{sayCode("seen", each.what)}</strong> <span dir="auto">{each.note}</span></li>
            ))}
          </ol>
        ) : <p><Say name="network.nothing" a={a.name} b={b.name} /></p>}
      </Waiting>
    </section>
  );
}

async function fetchPair(a: string, b: string): Promise<Seen[]> {
  const of = (kind: string) => inside(`${kind}?group_id=${a}`);
  const [introductions, meetings, flows] = await Promise.all([
    readAll<Introduction>(of("introductions")),
    readAll<Meeting>(of("meetings")),
    readAll<Flow>(of("flows")),
  ]);
  const seen: Seen[] = [
    ...introductions.filter((each) => each.status === "made" && each.parties.some((one) => one.group_id === b))
      .map((each) => ({ id: each.id, at: each.made_at, what: "introduction" as const, note: each.purpose ?? "" })),
    ...meetings.filter((each) => each.attendance.some((one) => one.group_id === b))
      .map((each) => ({ id: each.id, at: each.starts_at, what: "meeting" as const, note: each.title ?? "" })),
    ...flows.filter((each) => each.status === "delivered" && [each.from_group_id, each.to_group_id].includes(b))
      .map((each) => ({ id: each.id, at: each.happened_at, what: "flow" as const, note: [sayCode("resource", each.resource), each.description].filter(Boolean).join(": ") })),
  ];
  return seen.sort((one, other) => other.at.localeCompare(one.at));
}
