// Continuity: what breaks if one connector stops or one space closes, and what to hand over.

import { useState } from "preact/hooks";
import { inside, read, readAll } from "../api/client";
import { address } from "../router";
import { say, Say, sayCode, sayDate, sayList, type Name } from "../words/words";
import { useAnswer, useRead, type Boundary } from "./answers";
import { Defined, Desk, Rows, Select, Waiting } from "./Desk";
import { figure } from "./figures";
import { Handover } from "./Handover";
import type { Seat } from "./seat";
import { queryOf, type View } from "./view";

interface Standing {
  pairs: number;
  crossing: number;
  connected: number;
  robustness: number | null;
  bus_factor: number | null;
}

interface Named {
  id: string;
  name: string | null;
}

interface Found {
  boundary: { sections: { id: string; name: string }[] };
  coverage: { known: number; total: number };
  pairs: { total: number; crossing: number; held: number; held_alone: number; crossing_held_alone: number };
  before: Standing;
  after: Standing;
  bridges: { sections: [string, string]; before: number; after: number }[];
  lost: number;
  pack: { groups: Named[]; spaces: Named[]; follow_ups: { id: string; due_on: string }[]; held_alone: [string, string][] } | null;
}

interface Who {
  value: string; // connector=<id> or space=<id>
  label: string;
}

const STANDING = ["pairs", "crossing", "connected", "robustness", "bus_factor"] as const;

export function Continuity({ network }: Seat) {
  return (
    <Desk title={say("continuity.title")} lead={say("continuity.lead")} layers={["introductions"]}>
      {(boundary, view) => <Asked key={boundary.id} boundary={boundary} view={view} network={network} />}
    </Desk>
  );
}

function Asked({ view, network }: { boundary: Boundary; view: View; network: Seat["network"] }) {
  const answer = useAnswer("who", () => fetchWho(network));
  const [chosen, choose] = useState("");
  const groups = useAnswer("groups", () => readAll<Named>(inside("groups")));
  return (
    <Waiting on={answer}>
      <div class="filters">
        <Select label={say("continuity.who")} value={chosen} onChoose={choose} options={[{ value: "", label: say("continuity.choose") }, ...(answer.value ?? [])]} />
      </div>
      {chosen && <Stops key={chosen} of={chosen} view={view} groups={groups.value ?? []} />}
      {!chosen && <p class="note">{say("continuity.why")}</p>}
      <Handover network={network} />
    </Waiting>
  );
}

/** Connectors by their address, for those who may ask about others; then spaces. */
async function fetchWho(network: Seat["network"]): Promise<Who[]> {
  const isSteward = network.role !== "connector";
  const [members, spaces] = await Promise.all([
    isSteward ? read<{ items: { id: string; email: string | null; role: string }[] }>(inside("members"), "items").then((one) => one.items) : Promise.resolve([]),
    readAll<Named>(inside("spaces?status=active")),
  ]);
  const people = isSteward
    ? members.filter((each) => each.email && each.role !== "funder").map((each) => ({ value: `connector=${each.id}`, label: each.email! }))
    : [{ value: `connector=${network.member_id}`, label: say("continuity.me") }];
  const places = spaces.filter((each) => each.name).map((each) => ({ value: `space=${each.id}`, label: each.name! }));
  return [...people, ...places];
}

function Stops({ of, view, groups }: { of: string; view: View; groups: Named[] }) {
  const query = new URLSearchParams(queryOf(view));
  query.delete("layer");
  const answer = useRead<Found>(`analysis/continuity?${query}&${of}`, "pairs");
  const found = answer.value;
  return (
    <Waiting on={answer}>
      {found && (
        <>
          <p class="answer">
            <Say name="continuity.answer" count={found.pairs.held_alone} total={found.pairs.total} />{" "}
            <Say name="continuity.crossing" count={found.pairs.crossing_held_alone} />
          </p>
          <p class="hint">{say("network.coverage", { ...found.coverage, count: found.coverage.known })} <Defined at="what-if-one-stops">{say("desk.definitions")}</Defined></p>
          <BeforeAndAfter found={found} />
          <Bridges found={found} />
          {found.pack && <Pack pack={found.pack} groups={groups} />}
        </>
      )}
    </Waiting>
  );
}

function BeforeAndAfter({ found }: { found: Found }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("continuity.standing")}>
      <table data-testid="standing">
        <caption>{say("continuity.standing")}</caption>
        <thead><tr><td /><th scope="col" class="number">{say("continuity.before")}</th><th scope="col" class="number">{say("continuity.after")}</th></tr></thead>
        <tbody>
          {STANDING.map((name) => (
            <tr key={name}><th scope="row"><Defined at="what-if-one-stops">{say(name === "crossing" ? "continuity.crossingPairs" : (`continuity.${name}` as Name))}</Defined></th><td class="number">{figure(found.before[name])}</td><td class="number">{figure(found.after[name])}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bridges({ found }: { found: Found }) {
  const name = new Map(found.boundary.sections.map((each) => [each.id, each.name]));
  const kind = (after: number) => (after === 0 ? "gap" : after === 1 ? "single" : "live");
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("continuity.bridges")}>
      <table>
        <caption><Defined at="what-if-one-stops">{say("continuity.bridges")}</Defined></caption>
        <thead><tr><th scope="col">{say("network.sections")}</th><th scope="col" class="number">{say("continuity.before")}</th><th scope="col" class="number">{say("continuity.after")}</th><th scope="col">{say("map.state")}</th></tr></thead>
        <tbody>
          {found.bridges.map(({ sections: [a, b], before, after }) => (
            <tr key={`${a}/${b}`}><th scope="row"><bdi>{name.get(a)}</bdi> – <bdi>{name.get(b)}</bdi></th><td class="number">{figure(before)}</td><td class="number">{figure(after)}</td><td><span class={`chip ${after < 2 && after < before ? "refused" : ""}`}>{sayCode("bridge", kind(after))}</span></td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What somebody else would take over. */
function Pack({ pack, groups }: { pack: NonNullable<Found["pack"]>; groups: Named[] }) {
  const name = new Map(groups.map((each) => [each.id, each.name]));
  return (
    <section class="card" aria-labelledby="pack">
      <h2 id="pack">{say("continuity.pack")}</h2>
      <p>{say("continuity.packHow")}</p>
      <List title={sayCode("many", "groups")} items={pack.groups} />
      <List title={sayCode("many", "spaces")} items={pack.spaces} />
      {pack.follow_ups.length > 0 && <p>{say("continuity.open", { count: pack.follow_ups.length })} {sayList(pack.follow_ups.slice(0, 8).map((each) => sayDate(each.due_on)))}</p>}
      {pack.held_alone.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label={say("continuity.alone")}>
          <table>
            <caption>{say("continuity.alone")}</caption>
            <tbody>
              <Rows of={pack.held_alone}>{([a, b]) => <tr key={`${a}/${b}`}><th scope="row"><a href={address("network", a, b)}><bdi>{name.get(a) ?? "–"}</bdi> – <bdi>{name.get(b) ?? "–"}</bdi></a></th></tr>}</Rows>
            </tbody>
          </table>
        </div>
      )}
      <p><button type="button" class="plain" onClick={() => print()}>{say("continuity.print")}</button></p>
    </section>
  );
}

function List({ title, items }: { title: string; items: Named[] }) {
  if (!items.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="chips">{items.map((each) => <li key={each.id}><bdi>{each.name ?? "–"}</bdi></li>)}</ul>
    </>
  );
}
