// Boundaries: the lines along which people of the place keep apart, and their sides.

import { useState } from "preact/hooks";
import { ask, inside } from "../../api/client";
import { Field, Form } from "../../parts/Form";
import { say, Say } from "../../words/words";
import { readBoundaries, useAnswer, type Boundary } from "../answers";
import { Waiting } from "../Desk";

export function Boundaries() {
  const [turn, setTurn] = useState(0);
  const answer = useAnswer(String(turn), readBoundaries);
  const again = () => setTurn(turn + 1);
  const add = async (values: FormData) => {
    const position = (answer.value?.length ?? 0) + 1;
    await ask(inside("boundaries"), { method: "POST", body: { name: text(values, "name"), question: text(values, "question") || null, position } });
    again();
  };
  return (
    <>
      <p>{say("setup.boundariesHow")}</p>
      <Waiting on={answer}>
        <ul class="cards">{answer.value?.map((each) => <One key={each.id} of={each} onChange={again} />)}</ul>
      </Waiting>
      <h2>{say("setup.addBoundary")}</h2>
      <Form key={turn} onSubmit={add} button={say("setup.add")}>
        <Field label={say("setup.name")} name="name" hint={say("setup.boundaryHint")} required maxLength={80} autocomplete="off" />
        <Field label={say("setup.question")} name="question" hint={say("setup.questionHint")} maxLength={280} autocomplete="off" />
      </Form>
    </>
  );
}

export const text = (values: FormData, name: string): string => String(values.get(name) ?? "").trim();

function One({ of, onChange }: { of: Boundary; onChange: () => void }) {
  const add = async (values: FormData) => {
    const position = of.sections.length + 1;
    await ask(inside("sections"), { method: "POST", body: { boundary_id: of.id, name: text(values, "name"), position } });
    onChange();
  };
  return (
    <li class="card">
      <h2><bdi>{of.name}</bdi></h2>
      {of.question && <p class="hint" dir="auto">{of.question}</p>}
      <ul class="chips" aria-label={say("setup.sections")}>{of.sections.map((each) => <li key={each.id}><bdi>{each.name}</bdi></li>)}</ul>
      {of.sections.length < 2 && <p class="hint">{say("setup.twoSections")}</p>}
      <details>
        <summary><Say name="setup.addSection" boundary={of.name} /></summary>
        <Form onSubmit={add} button={say("setup.add")}>
          <Field label={say("setup.sectionName")} name="name" required maxLength={80} autocomplete="off" />
        </Form>
      </details>
    </li>
  );
}
