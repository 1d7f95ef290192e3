// Desk: what the coordinator's screens have in common: title, filters, a picture and its table.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { sentence } from "../parts/Form";
import { address } from "../router";
import { useSignal } from "../signal";
import { say, sayCode } from "../words/words";
import { readBoundaries, useAnswer, type Answer, type Boundary } from "./answers";
import { plain } from "./figures";
import { LAYERS, look, PERIODS, view, type Layer, type View } from "./view";

interface Props {
  title: string;
  lead: ComponentChildren;
  layers?: readonly Layer[];
  slides?: boolean;
  children: (boundary: Boundary, view: View) => ComponentChildren;
}

/** A screen about one boundary; where there is none yet, the way to making one. */
export function Desk({ title, lead, layers = LAYERS, slides = false, children }: Props) {
  const boundaries = useAnswer("boundaries", readBoundaries);
  const now = useSignal(view);
  const chosen = boundaries.value?.find((each) => each.id === now.boundary) ?? boundaries.value?.[0];
  useEffect(() => {
    if (chosen && chosen.id !== now.boundary) look({ boundary: chosen.id });
  }, [chosen?.id]);
  return (
    <section class="desk">
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <Waiting on={boundaries}>
        {chosen ? (
          <>
            <div class="filters">
              <Select label={say("desk.boundary")} value={chosen.id} onChoose={(id) => look({ boundary: id })}
                options={boundaries.value!.map((each) => ({ value: each.id, label: each.name }))} />
              {layers.length > 1 && <Select label={say("desk.layer")} value={layers.includes(now.layer) ? now.layer : layers[0]!} onChoose={(layer) => look({ layer: layer as Layer })}
                options={layers.map((layer) => ({ value: layer, label: sayCode("layer", layer) }))} />}
              {slides ? <Slider view={now} /> : <Periods view={now} />}
            </div>
            {now.boundary === chosen.id && children(chosen, layers.includes(now.layer) ? now : { ...now, layer: layers[0]! })}
          </>
        ) : <p class="note">{say("desk.noBoundary")} <a href={address("set-up")}>{sayCode("screen", "set-up")}</a></p>}
      </Waiting>
    </section>
  );
}

/** What waits, or went wrong, in place of what would be shown. */
export function Waiting<T>({ on, children }: { on: Answer<T>; children: ComponentChildren }) {
  if (on.error) return <p class="note" role="alert">{sentence(on.error)}</p>;
  if (on.value === null) return <p role="status">{say("frame.loading")}</p>;
  return <>{children}</>;
}

interface SelectProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChoose: (value: string) => void;
}

export function Select({ label, value, options, onChoose }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} dir="auto" value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((each) => <option key={each.value} value={each.value}>{each.label}</option>)}
      </select>
    </div>
  );
}

/** What a person calls a period. */
export function sayPeriod(name: string): string {
  if (name === "all" || name === "year") return say(`desk.${name}`);
  const [year, quarter] = name.split(" Q").map(Number);
  return say("desk.quarter", { year: plain(year!), quarter: plain(quarter!) });
}

function Periods({ view: now }: { view: View }) {
  const options = PERIODS.map((each, i) => ({ value: String(i), label: sayPeriod(each.name) }));
  return <Select label={say("desk.period")} value={String(now.period)} options={options} onChoose={(i) => look({ period: Number(i) })} />;
}

/** A slider with a button at each end: nothing has to be dragged. */
function Slider({ view: now }: { view: View }) {
  const id = useId();
  const said = sayPeriod(PERIODS[now.period]!.name);
  const move = (to: number) => look({ period: Math.max(0, Math.min(PERIODS.length - 1, to)) });
  return (
    <div class="field slider">
      <label for={id}>{say("desk.period")}: <strong><bdi>{said}</bdi></strong></label>
      <div>
        <button type="button" class="plain" aria-label={say("desk.earlier")} disabled={now.period === 0} onClick={() => move(now.period - 1)}>‹</button>
        <input id={id} type="range" min="0" max={PERIODS.length - 1} value={now.period} aria-valuetext={said}
          onInput={(event) => move(Number(event.currentTarget.value))} />
        <button type="button" class="plain" aria-label={say("desk.later")} disabled={now.period === PERIODS.length - 1} onClick={() => move(now.period + 1)}>›</button>
      </div>
    </div>
  );
}

/** A picture, and the same content as a table one key away: `t`, while something here has focus. */
export function Faces({ name, picture, table }: { name: string; picture: ComponentChildren; table: ComponentChildren }) {
  const [isTable, setTable] = useState(false);
  const turn = (event: KeyboardEvent) => {
    const isTyping = (event.target as HTMLElement).matches("input:not([type=range]), textarea, select");
    if (event.key === "t" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) setTable(!isTable);
  };
  return (
    <div class="faces" onKeyDown={turn}>
      <div class="turn" role="group" aria-label={say("desk.faces")}>
        <button type="button" class="plain" aria-pressed={!isTable} onClick={() => setTable(false)}>{name}</button>
        <button type="button" class="plain" aria-pressed={isTable} aria-keyshortcuts="t" onClick={() => setTable(true)}>{say("desk.table")}</button>
        <span class="hint">{say("desk.key")}</span>
      </div>
      <div hidden={isTable}>{picture}</div>
      {isTable && <div>{table}</div>}
    </div>
  );
}

/** A number's name, linked to what it means. */
export function Defined({ at, page = "measures", children }: { at: string; page?: string; children: ComponentChildren }) {
  return <a class="defined" href={`/docs/${page}#${at}`}>{children}</a>;
}

const FEW = 100;

/** Rows of a table, some hundred at first. */
export function Rows<T>({ of, children }: { of: T[]; children: (row: T) => ComponentChildren }) {
  const [most, setMost] = useState(FEW);
  return (
    <>
      {of.slice(0, most).map(children)}
      {of.length > most && (
        <tr><td colSpan={9}><button type="button" class="plain" onClick={() => setMost(most * 5)}>{say("desk.more", { count: of.length - most })}</button></td></tr>
      )}
    </>
  );
}
