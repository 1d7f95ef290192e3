// Boundaries: the lines along which people of the place keep apart, and their sides.

import { useState } from "preact/hooks";
import { ask, inside } from "../../api/client";
import { newId } from "../../ids";
import { Field, Form, sentence } from "../../parts/Form";
import { say, Say } from "../../words/words";
import { readBoundaries, useAnswer, type Boundary, type Section } from "../answers";
import { Waiting } from "../Desk";
import { text } from "./Choice";
import { Twice } from "./Twice";

export function Boundaries() {
  const [turn, setTurn] = useState(0);
  const answer = useAnswer(String(turn), readBoundaries);
  const again = () => setTurn(turn + 1);
  const [id, renew] = useState(() => newId()); // so that sending twice adds one
  const add = async (values: FormData) => {
    const position = next(answer.value ?? []);
    await ask(inside("boundaries"), { method: "POST", body: { id, ...boundaryOf(values), position } });
    renew(newId());
    again();
  };
  return (
    <>
      <p>{say("setup.boundariesHow")}</p>
      <Waiting on={answer}>
        <ul class="cards">{answer.value?.map((each) => <One key={each.id} of={each} onChange={again} />)}</ul>
      </Waiting>
      <h2>{say("setup.addBoundary")}</h2>
      <Form key={id} onSubmit={add} button={say("setup.add")}><Fields /></Form>
    </>
  );
}

const next = (all: { position: number }[]) => Math.max(0, ...all.map((each) => each.position)) + 1;
const boundaryOf = (values: FormData) => ({ name: text(values, "name"), question: text(values, "question") || null });
const tag = ({ version }: { version: string }) => ({ "If-Match": `"${version}"` });

function Fields({ of }: { of?: Boundary }) {
  return (
    <>
      <Field label={say("setup.name")} name="name" hint={say("setup.boundaryHint")} required maxLength={80} autocomplete="off" defaultValue={of?.name} />
      <Field label={say("setup.question")} name="question" hint={say("setup.questionHint")} maxLength={280} autocomplete="off" defaultValue={of?.question ?? ""} />
    </>
  );
}

function One({ of, onChange }: { of: Boundary; onChange: () => void }) {
  const [wrong, setWrong] = useState("");
  const [id, renew] = useState(() => newId()); // of the section that may be added
  const add = async (values: FormData) => {
    await ask(inside("sections"), { method: "POST", body: { id, boundary_id: of.id, ...sectionOf(values), position: next(of.sections) } });
    renew(newId());
    onChange();
  };
  const change = async (values: FormData) => {
    await ask(inside(`boundaries/${of.id}`), { method: "PATCH", body: boundaryOf(values), headers: tag(of) });
    onChange();
  };
  const remove = (path: string, each: { version: string }) =>
    void ask(inside(path), { method: "DELETE", headers: tag(each) }).then(onChange, (error) => setWrong(sentence(error)));
  return (
    <li class="card">
      <h2><bdi>{of.name}</bdi></h2>
      {of.question && <p class="hint" dir="auto">{of.question}</p>}
      <ul class="list" aria-label={say("setup.sections")}>
        {of.sections.map((each) => <Side key={each.id} of={each} onChange={onChange} onRemove={() => remove(`sections/${each.id}`, each)} />)}
      </ul>
      {of.sections.length < 2 && <p class="hint">{say("setup.twoSections")}</p>}
      <details>
        <summary><Say name="setup.addSection" boundary={of.name} /></summary>
        <Form key={id} onSubmit={add} button={say("setup.add")}><SideFields /></Form>
      </details>
      <details>
        <summary><Say name="setup.change" what={of.name} /></summary>
        <Form onSubmit={change} button={say("setup.save")}><Fields of={of} /></Form>
        {!of.sections.length && <Twice label={say("setup.remove")} of={of.name} onSure={() => remove(`boundaries/${of.id}`, of)} />}
      </details>
      <p class="says" role="status">{wrong}</p>
    </li>
  );
}

function sectionOf(values: FormData): { name: string; population: number | null } {
  const population = text(values, "population");
  return { name: text(values, "name"), population: population ? Number(population) : null };
}

function SideFields({ of }: { of?: Section }) {
  return (
    <>
      <Field label={say("setup.sectionName")} name="name" required maxLength={80} autocomplete="off" defaultValue={of?.name} />
      <Field label={say("setup.population")} name="population" type="number" min="0" max="100000000" inputMode="numeric" defaultValue={of?.population ?? ""} />
    </>
  );
}

function Side({ of, onChange, onRemove }: { of: Section; onChange: () => void; onRemove: () => void }) {
  const change = async (values: FormData) => {
    await ask(inside(`sections/${of.id}`), { method: "PATCH", body: sectionOf(values), headers: tag(of) });
    onChange();
  };
  return (
    <li>
      <details class="side-of">
        <summary><bdi>{of.name}</bdi></summary>
        <Form onSubmit={change} button={say("setup.save")}><SideFields of={of} /></Form>
        <Twice label={say("setup.remove")} of={of.name} onSure={onRemove} />
      </details>
    </li>
  );
}
