// Choose: which of the user's networks is open.

import { keepSession, session } from "../session";
import { say, sayCode } from "../words/words";

export function Choose() {
  const { networks } = session.get();
  if (!networks.length) return <section class="narrow"><h1>Weft</h1><p class="note">{say("choose.nowhere")}</p></section>;
  return (
    <section class="narrow">
      <h1>{say("choose.title")}</h1>
      <ul class="list">
        {networks.map((each) => (
          <li key={each.id}>
            <button type="button" class="row" onClick={() => keepSession({ chosen: each.id })}>
              <bdi>{each.name}</bdi> <span class="hint">{sayCode("role", each.role)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
