// Tables: what the map shows, as rows.

import { say, sayCode } from "../../words/words";
import { Defined, Rows } from "../Desk";
import { figure } from "../figures";
import { TieTable } from "../TieTable";
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
