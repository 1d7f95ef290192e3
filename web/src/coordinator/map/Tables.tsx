// Tables: what the map shows, as rows.

import { address } from "../../router";
import { say, sayCode, sayDate } from "../../words/words";
import { Defined, Rows } from "../Desk";
import { figure } from "../figures";
import type { Place, Tie } from "./types";

/** The chance that two people at a place are of different sides, were who came dealt out anew. */
export type Chance = (place: Place) => number | null;

interface TablesProps {
  places: Place[];
  ties: Tie[];
  chance: Chance | null;
}

export function Tables({ places, ties, chance }: TablesProps) {
  const ranked = [...places].sort((a, b) => (b.crossing_contact ?? -1) - (a.crossing_contact ?? -1));
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label={say("map.spaces")}>
        <table>
          <caption>{say("map.spaces")}</caption>
          <thead><tr>
            <th scope="col">{say("map.space")}</th>
            <th scope="col" class="number"><Defined page="maps" at="spaces">{say("map.contact")}</Defined></th>
            <th scope="col" class="number"><Defined page="maps" at="spaces">{say("map.diversity")}</Defined></th>
            {chance && <th scope="col" class="number"><Defined at="meetings-by-hand">{say("matrix.expected")}</Defined></th>}
            <th scope="col" class="number"><Defined page="maps" at="spaces">{say("map.meetings")}</Defined></th>
            <th scope="col" class="number"><Defined page="maps" at="spaces">{say("map.introductions")}</Defined></th>
            <th scope="col" class="number"><Defined page="maps" at="spaces">{say("map.groups")}</Defined></th>
          </tr></thead>
          <tbody>
            <Rows of={ranked}>{(place) => (
              <tr key={place.id}>
                <th scope="row"><bdi>{place.name}</bdi> <span class="hint">{sayCode("space", place.type)}</span></th>
                {[place.crossing_contact, place.diversity, ...(chance ? [chance(place)] : []), place.meetings, place.introductions, place.groups_seen]
                  .map((value, i) => <td key={i} class="number">{figure(value)}</td>)}
              </tr>
            )}</Rows>
          </tbody>
        </table>
      </div>
      <TieTable ties={ties} />
    </>
  );
}

function TieTable({ ties }: { ties: Tie[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("map.ties")}>
      <table>
        <caption>{say("map.ties")}</caption>
        <thead><tr>
          <th scope="col">{say("map.pair")}</th>
          <th scope="col" class="number"><Defined page="maps" at="ties">{say("map.times")}</Defined></th>
          <th scope="col"><Defined page="maps" at="ties">{say("map.last")}</Defined></th>
          <th scope="col"><Defined page="maps" at="ties">{say("map.state")}</Defined></th>
        </tr></thead>
        <tbody>
          <Rows of={ties}>{(tie) => (
            <tr key={`${tie.a}/${tie.b}`}>
              <th scope="row"><a href={address("network", tie.a, tie.b)}><bdi>{tie.a_name}</bdi> – <bdi>{tie.b_name}</bdi></a></th>
              <td class="number">{figure(tie.times)}</td>
              <td class="day">{sayDate(tie.last_at)}</td>
              <td>{sayCode("state", tie.state)}</td>
            </tr>
          )}</Rows>
        </tbody>
      </table>
    </div>
  );
}
