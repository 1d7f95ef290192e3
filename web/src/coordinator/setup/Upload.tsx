// Upload: a spreadsheet, first as a dry run that says line by line what would happen.

import { useRef, useState } from "preact/hooks";
import { ask, inside, Trouble } from "../../api/client";
import { session } from "../../session";
import { sentence } from "../../parts/Form";
import { say, sayCode, sayList, type Name } from "../../words/words";
import { Rows, Select } from "../Desk";

const KINDS = ["boundaries", "spaces", "groups"] as const;
const OUTCOMES = ["new", "changed", "unchanged", "refused"] as const;

interface Line {
  line: number;
  kind: string;
  name: string;
  what: (typeof OUTCOMES)[number];
  fields: string[];
  problems: { column: string; sentence: string }[];
}

interface Told {
  is_dry_run: boolean;
  encoding: string;
  delimiter: string;
  counts: Record<(typeof OUTCOMES)[number], number>;
  lines: Line[];
}

interface Sheet {
  kind: string;
  body: Promise<ArrayBuffer>; // read once: what is carried out is what was rehearsed
}

export function Upload() {
  const [kind, setKind] = useState<string>(KINDS[0]);
  const [file, setFile] = useState<Sheet["body"] | null>(null);
  const [told, setTold] = useState<{ answer: Told; of: Sheet } | null>(null);
  const [said, tell] = useState("");
  const [isBusy, setBusy] = useState(false);
  const last = useRef(0); // of what was asked: only its answer is shown
  const rehearse = (body: Sheet["body"] | null, as: string) => {
    last.current += 1;
    setFile(body);
    setTold(null);
    tell("");
    setBusy(false);
    if (body) void send({ kind: as, body }, true);
  };
  const send = async (of: Sheet, isDry: boolean) => {
    const turn = (last.current += 1);
    const show = (answer: Told | null, words: string) => {
      if (turn !== last.current) return;
      setTold(answer && { answer, of });
      tell(words);
      setBusy(false);
    };
    setBusy(true);
    await sendFile(of, isDry).then(
      (answer) => show(answer, isDry ? "" : say("upload.done", { count: answer.counts.new + answer.counts.changed })),
      (error) => show(null, wrong(error)),
    );
  };
  return (
    <>
      <p>{say("upload.how")} <a href="/docs/spreadsheets">{say("upload.guide")}</a></p>
      <Select label={say("upload.kind")} value={kind} options={KINDS.map((each) => ({ value: each, label: sayCode("many", each) }))}
        onChoose={(as) => { setKind(as); rehearse(file, as); }} />
      <p><button type="button" class="plain" onClick={() => void fetchFile(kind).catch((error) => tell(wrong(error)))}>{say("upload.export")}</button></p>
      <div class="field">
        <label for="sheet">{say("upload.file")}</label>
        <input id="sheet" type="file" accept=".csv,.txt,.tsv,text/csv" onClick={forget} onChange={(event) => rehearse(event.currentTarget.files?.[0]?.arrayBuffer() ?? null, kind)} />
      </div>
      <p class={told && !told.answer.is_dry_run ? "told" : "says"} role="status">{isBusy ? say("frame.loading") : said}</p>
      {told && <Report told={told.answer} onGo={told.answer.is_dry_run ? () => void send(told.of, false) : null} />}
    </>
  );
}

/** Or a browser would not say that the same file, mended meanwhile, was chosen again. */
function forget(event: { currentTarget: HTMLInputElement }) {
  event.currentTarget.value = "";
}

/** The file itself is sent, as it is. */
async function sendFile({ kind, body }: Sheet, isDry: boolean): Promise<Told> {
  const sheet = await body;
  const answer = await fetch(`/api/v1${inside(`imports/${kind}`)}${isDry ? "?dry_run=true" : ""}`, {
    method: "POST",
    headers: { "Content-Type": "text/csv", Authorization: `Bearer ${session.get().token}` },
    body: sheet,
    credentials: "omit",
  }).catch((error: Error) => { throw new Trouble("no_answer", error.message); });
  const told = await answer.json().catch(() => null);
  if (answer.ok && told?.counts) return told as Told;
  throw new Trouble(told?.code ?? "no_answer", told?.detail ?? told?.title ?? "", answer.status, told ?? {});
}

/** Problems of the file as a whole, each with its place. */
function wrong(error: unknown): string {
  if (!(error instanceof Trouble) || !error.more.fields) return sentence(error);
  return Object.entries(error.more.fields).map(([where, sentences]) => `${where}: ${sentences.join(" ")}`).join(" ");
}

async function fetchFile(kind: string): Promise<void> {
  const body = await (await ask(inside(`exports/${kind}.csv`))).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(body);
  link.download = `${kind}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Report({ told, onGo }: { told: Told; onGo: (() => void) | null }) {
  const { counts } = told;
  const isClean = counts.refused === 0;
  const order = [...told.lines].sort((a, b) => Number(b.what === "refused") - Number(a.what === "refused") || a.line - b.line);
  return (
    <section aria-label={say("upload.report")}>
      <p class={isClean ? "" : "note"} role="status">
        {say(told.is_dry_run ? (isClean ? "upload.would" : "upload.mend") : "upload.did")}{" "}
        {sayList(OUTCOMES.filter((what) => counts[what]).map((what) => say(`outcome.${what}` as Name, { count: counts[what] })))}.
      </p>
      {onGo && isClean && counts.new + counts.changed > 0 && <p><button type="button" onClick={onGo}>{say("upload.go")}</button></p>}
      <div class="wide" tabIndex={0} role="region" aria-label={say("upload.lines")}>
        <table class="lines" data-testid="lines">
          <caption>{say("upload.lines")}</caption>
          <thead><tr><th scope="col" class="number">{say("upload.line")}</th><th scope="col">{say("upload.name")}</th><th scope="col">{say("upload.what")}</th><th scope="col">{say("upload.detail")}</th></tr></thead>
          <tbody>
            <Rows of={order}>{(each) => (
              <tr key={`${each.line}/${each.kind}`} class={each.what}>
                <td class="number">{each.line}</td>
                <th scope="row"><bdi>{each.name}</bdi> <span class="hint">{sayCode("one", each.kind)}</span></th>
                <td><span class={`chip ${each.what}`}>{sayCode("what", each.what)}</span></td>
                <td>{each.problems.length
                  ? <ul class="bare">{each.problems.map((one) => <li key={one.column + one.sentence}><strong><bdi>{one.column}</bdi></strong>: <span dir="auto">{one.sentence}</span></li>)}</ul>
                  : <span class="hint">{each.what === "changed" ? sayList(each.fields) : ""}</span>}</td>
              </tr>
            )}</Rows>
          </tbody>
        </table>
      </div>
    </section>
  );
}
