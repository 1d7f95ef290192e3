// TieTable: each tie, how often and when last; its pair leads to its history.

import { address } from "../router";
import { say, sayCode, sayDate } from "../words/words";
import { Defined, Rows } from "./Desk";
import { figure } from "./figures";
import type { Tie } from "./map/types";

type Row = Omit<Tie, "crossing">;

export function TieTable({ ties }: { ties: Row[] }) {
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
