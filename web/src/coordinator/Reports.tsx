// Reports: the frozen ones one may read, to open or to keep; coordinators make and release them.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Seat } from "./seat";
import { ask, inside, readAll } from "../api/client";
import { newId } from "../ids";
import { Choices } from "../parts/Choices";
import { Field, Form, sentence } from "../parts/Form";
import { LANGUAGES, language, nameOf, say, sayDate, type Name } from "../words/words";
import { Outside } from "./Outside";
import type { Report } from "./report";
import { Story } from "./Story";

const AUDIENCES = ["coordinators", "funder", "public"] as const;
const FORMS = ["pdf", "xlsx", "zip", "json"] as const;
const LAST_DAY = { dateStyle: "long", timeZone: "UTC" } as const;

export function Reports({ network, route }: Seat) {
  const [report, figure, cursor] = route.rest;
  if (report && figure) return <Story report={report} figure={figure} cursor={cursor} />;
  return <List network={network} />;
}

function List({ network }: Pick<Seat, "network">) {
  const [reports, setReports] = useState<Report[] | null>(null);
  const [told, setTold] = useState("");
  const isKeeper = network.role === "coordinator" || network.role === "admin";
  const attempt = (work: () => Promise<unknown>) => {
    setTold("");
    return work().catch((error) => setTold(sentence(error)));
  };
  const list = () => readAll<Report>(inside("reports")).then(setReports);
  useEffect(() => void attempt(list), []);
  return (
    <section class="narrow">
      <h1>{say("screen.report")}</h1>
      <p>{say("report.what")}</p>
      <p class="says" role="status">{told}</p>
      {reports?.length === 0 && <p>{say(isKeeper ? "report.none" : "report.noneShared")}</p>}
      <ul class="cards">
        {(reports ?? []).map((report) => <Entry key={report.id} report={report} isKeeper={isKeeper} attempt={attempt} onChanged={list} />)}
      </ul>
      {/* not before the list: it would move this under the finger */}
      {isKeeper && reports && <Make onMade={list} />}
    </section>
  );
}

interface EntryProps {
  report: Report;
  isKeeper: boolean;
  attempt: (work: () => Promise<unknown>) => Promise<unknown>;
  onChanged: () => Promise<void>;
}

function Entry({ report, isKeeper, attempt, onChanged }: EntryProps) {
  const title = say("report.period", { from: sayDate(report.period.from, LAST_DAY), to: sayDate(dayBefore(report.period.to), LAST_DAY) });
  const step = nextStep(report, isKeeper);
  const take = async () => {
    await ask(inside(`reports/${report.id}/${step}`), { method: "POST" });
    await onChanged();
  };
  return (
    <li class="card">
      <h2>{title}</h2>
      <p class="hint">{say(`audience.${report.audience}`)} · {nameOf(report.language)} · {say(stateOf(report))} · {say("report.frozen", { day: sayDate(report.created_at) })}</p>
      <p class="actions">
        <button type="button" class="plain" aria-label={`${say("report.open")}: ${title}`} onClick={() => void attempt(() => open(report))}>{say("report.open")}</button>
        {FORMS.map((form) => (
          <button key={form} type="button" class="plain" aria-label={say("report.save", { form: form.toUpperCase(), title })}
            onClick={() => void attempt(() => save(report, form))}>{form.toUpperCase()}</button>
        ))}
        {step && <button type="button" class="plain" onClick={() => void attempt(take)}>{say(`report.${step}` as Name)}</button>}
      </p>
      {isKeeper && report.released_at && <Outside report={report} onChanged={onChanged} />}
    </li>
  );
}

const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000);

function stateOf(report: Report): Name {
  if (report.withdrawn_at) return "report.withdrawn";
  if (report.released_at) return "report.released";
  return report.shared_with_groups_at ? "report.shared" : "report.notShared";
}

/** The groups have a report first, then the funders. */
function nextStep(report: Report, isKeeper: boolean): "share" | "release" | null {
  if (!isKeeper || report.released_at || report.withdrawn_at) return null;
  if (!report.shared_with_groups_at) return "share";
  return report.audience === "coordinators" ? null : "release";
}

/** Open the page in a tab of its own, made at once: later, browsers would take it for a pop-up. */
async function open({ id }: Report): Promise<void> {
  const tab = window.open("", "_blank");
  try {
    const page = await (await ask(inside(`reports/${id}.html`))).blob();
    if (tab) tab.location = URL.createObjectURL(page);
    else keep(page, `weft-report-${id}.html`);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

async function save({ id }: Report, form: string): Promise<void> {
  keep(await (await ask(inside(form === "json" ? `reports/${id}` : `reports/${id}.${form}`))).blob(), `weft-report-${id}.${form}`);
}

function keep(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The first day of the quarter that ended last, and the day after its end. */
function lastQuarter(today = new Date()): [string, string] {
  const begin = (quarter: number) => new Date(Date.UTC(today.getFullYear(), quarter * 3, 1)).toISOString().slice(0, 10);
  const present = Math.floor(today.getMonth() / 3);
  return [begin(present - 1), begin(present)];
}

function Make({ onMade }: { onMade: () => Promise<void> }) {
  const [audience, setAudience] = useState<(typeof AUDIENCES)[number]>("coordinators");
  const [spoken, setSpoken] = useState(language());
  const [from, to] = lastQuarter();
  const last = useRef({ said: "", key: "" }); // what is asked for again after a lost answer is made once
  const make = async (values: FormData) => {
    const period = { from: String(values.get("from")), to: String(values.get("to")) };
    const body = { period, audience, language: spoken };
    const said = JSON.stringify(body);
    if (last.current.said !== said) last.current = { said, key: newId() };
    await ask(inside("reports"), { method: "POST", headers: { "Idempotency-Key": last.current.key }, body });
    last.current.said = "";
    await onMade();
  };
  return (
    <>
      <h2>{say("report.make")}</h2>
      <Form onSubmit={make} button={say("report.makeIt")}>
        <Field label={say("report.from")} name="from" type="date" required defaultValue={from} />
        <Field label={say("report.to")} name="to" type="date" required defaultValue={to} />
        <Choices legend={say("report.forWhom")} value={audience} onChoose={setAudience}
          options={AUDIENCES.map((one) => ({ value: one, label: say(`audience.${one}`) }))} />
        <p class="hint">{say("report.rounded")}</p>
        <Choices legend={say("report.language")} value={spoken} onChoose={setSpoken}
          options={LANGUAGES.map((code) => ({ value: code, label: nameOf(code) }))} />
      </Form>
    </>
  );
}
