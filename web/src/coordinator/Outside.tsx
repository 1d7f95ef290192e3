// Outside: what a released report is to people without an account: links to it, who took it, taking it back.

import { useState } from "preact/hooks";
import { ask, inside, readAll } from "../api/client";
import { Choices } from "../parts/Choices";
import { Field, Form, sentence } from "../parts/Form";
import { say, sayDate } from "../words/words";
import { useAnswer } from "./answers";
import { Waiting } from "./Desk";
import type { Report } from "./report";

interface Link {
  id: string;
  label: string;
  covers: (typeof COVERS)[number];
  expires_on: string;
  is_open: boolean;
}

interface Pull {
  pulled_at: string;
  reader_id: string;
  form: string;
  sentence: string;
}

interface Props {
  report: Report;
  onChanged: () => Promise<void>;
}

const COVERS = ["report", "series"] as const;

export function Outside({ report, onChanged }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("outside.title")}</summary>
      {isOpen && !report.withdrawn_at && <Links report={report} />}
      {isOpen && <Pulls report={report} />}
      {isOpen && !report.withdrawn_at && <Withdraw report={report} onChanged={onChanged} />}
    </details>
  );
}

function Links({ report }: { report: Report }) {
  const [turn, setTurn] = useState(0);
  const [covers, setCovers] = useState<(typeof COVERS)[number]>("report");
  const [told, setTold] = useState("");
  const [made, setMade] = useState("");
  const answer = useAnswer(`${report.id} ${turn}`, async () => {
    const found: { items: Link[] } = await (await ask(inside(`reports/${report.id}/links`))).json();
    return found.items.filter((link) => link.is_open);
  });
  const make = async (values: FormData) => {
    const body = { label: String(values.get("label")), covers };
    const link: { url: string } = await (await ask(inside(`reports/${report.id}/links`), { method: "POST", body })).json();
    setMade(link.url);
    setTurn(turn + 1);
  };
  const revoke = (link: Link) => ask(inside(`reports/links/${link.id}`), { method: "DELETE" })
    .then(() => setTold(""), (error) => setTold(sentence(error)))
    .finally(() => setTurn(turn + 1));
  return (
    <>
      <h3>{say("outside.links")}</h3>
      <p class="says" role="status">{told}</p>
      <Waiting on={answer}>
        <ul class="list">
          {(answer.value ?? []).map((link) => (
            <li key={link.id}>
              <span><bdi>{link.label}</bdi> · {say(`outside.${link.covers}`)} · {say("outside.until", { day: sayDate(link.expires_on) })}</span>
              <button type="button" class="plain" aria-label={say("outside.revokeOne", { label: link.label })}
                onClick={() => void revoke(link)}>{say("outside.revoke")}</button>
            </li>
          ))}
        </ul>
      </Waiting>
      {made && <p class="note" role="status">{say("outside.once")} <a href={made} rel="noreferrer" target="_blank"><bdi>{made}</bdi></a></p>}
      <Form onSubmit={make} button={say("outside.make")}>
        <Field label={say("outside.label")} hint={say("outside.labelHint")} name="label" required maxLength={80} />
        <Choices legend={say("outside.covers")} value={covers} onChoose={setCovers}
          options={COVERS.map((one) => ({ value: one, label: say(`outside.${one}`) }))} />
      </Form>
    </>
  );
}

function Pulls({ report }: { report: Report }) {
  const answer = useAnswer(report.id, () => readAll<Pull>(inside(`reports/${report.id}/pulls`)));
  return (
    <>
      <h3>{say("outside.pulls")}</h3>
      <Waiting on={answer}>
        {answer.value?.length ? (
          <ul>{answer.value.map((pull) => <li key={`${pull.pulled_at}${pull.reader_id}${pull.form}`}>{pull.sentence}</li>)}</ul>
        ) : <p>{say("outside.noPulls")}</p>}
      </Waiting>
    </>
  );
}

function Withdraw({ report, onChanged }: Props) {
  const withdraw = async (values: FormData) => {
    await ask(inside(`reports/${report.id}/withdraw`), { method: "POST", body: { because: String(values.get("because")) } });
    await onChanged();
  };
  return (
    <>
      <h3>{say("outside.withdraw")}</h3>
      <p class="hint">{say("outside.withdrawWhat")}</p>
      <Form onSubmit={withdraw} button={say("outside.withdrawIt")}>
        <Field label={say("outside.because")} hint={say("outside.becauseHint")} name="because" required maxLength={500} />
      </Form>
    </>
  );
}
