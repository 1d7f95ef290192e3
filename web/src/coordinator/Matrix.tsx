// Matrix: sections by sections, the ties observed beside those that chance would give.

import { say, Say, sayCode } from "../words/words";
import { useRead, type Boundary } from "./answers";
import { Defined, Desk, Waiting } from "./Desk";
import { figure, percent } from "./figures";
import { cells, type Cell, type Crossing } from "./network/expected";
import { queryOf, type View } from "./view";

export function Matrix() {
  return (
    <Desk title={say("matrix.title")} lead={say("matrix.lead")} layers={["introductions", "meetings"]}>
      {(boundary, view) => <Grid boundary={boundary} view={view} />}
    </Desk>
  );
}

function Grid({ view }: { boundary: Boundary; view: View }) {
  const answer = useRead<Crossing>(`analysis/crossing?${queryOf(view)}`, "mixing");
  const found = answer.value;
  return (
    <Waiting on={answer}>
      {found && (
        <>
          <p class="answer">
            {found.share === null ? found.reason : <Say name={view.layer === "meetings" ? "matrix.shareContact" : "matrix.share"} share={percent(found.share)} expected={percent(found.expected)} />}
          </p>
          <p class="hint">{say(view.layer === "meetings" ? "matrix.coverageContact" : "network.coverage", { total: round(found.coverage.total), count: round(found.coverage.known) })} <Defined at="the-headline">{say("desk.definitions")}</Defined></p>
          {(found.coverage.known ?? 0) > 0 && <Cells found={found} layer={view.layer} />}
          <p>{say("matrix.how")}</p>
        </>
      )}
    </Waiting>
  );
}

const round = (value: number | null) => Math.round((value ?? 0) * 10) / 10;

function Cells({ found, layer }: { found: Crossing; layer: string }) {
  const names = found.boundary.sections.map((each) => each.name);
  const grid = cells(found);
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={say("matrix.title")}>
      <table class="matrix" data-testid="matrix">
        <caption>{sayCode("layer", layer)}: <Defined page="maps" at="at-the-desk">{say("matrix.observed")}</Defined>, <Defined page="maps" at="at-the-desk">{say("matrix.expected")}</Defined></caption>
        <thead><tr><td />{names.map((name) => <th key={name} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>
          {grid.map((row, i) => (
            <tr key={names[i]}><th scope="row"><bdi>{names[i]}</bdi></th>{row.map((cell, j) => <One key={j} cell={cell} />)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Both numbers and a word; the colour says it again. */
function One({ cell }: { cell: Cell }) {
  const kind = cell.expected < 1 ? "few" : cell.observed < cell.expected * 0.8 ? "less" : cell.observed > cell.expected * 1.25 ? "more" : "even";
  return (
    <td class={kind}>
      <strong>{figure(cell.observed)}</strong> <span class="hint">{say("matrix.against", { expected: figure(cell.expected, 1) })}</span>
      <span class="word">{say(`matrix.${kind}`)}</span>
    </td>
  );
}
