// Ask: one question that has come due; each answer is one tap, and can be changed or taken back.

import { hurry } from "../../phone";
import type { Shown, Store } from "../../store/store";
import { say, sayDate, Say, type Name } from "../../words/words";
import { dayOf, groupsOf } from "../log/entry";
import { nameOf } from "../../parts/Picker";
import { ANSWERS, answerOf } from "./mine";

interface AskProps {
  question: Shown;
  introduction: Shown;
  store: Store;
  onAnswered: () => void;
}

export function Ask({ question, introduction, store, onAnswered }: AskProps) {
  const [a = "", b = ""] = groupsOf(introduction).map((id) => nameOf(store.get("groups", id)));
  const given = question.data["outcome"] ? answerOf(question.data) : undefined;
  const anyway = store.note<Record<string, string>>("anyway")?.[introduction.id] ?? null;
  const put = async (change: Record<string, unknown>) => {
    onAnswered();
    await store.save({ kind: "follow-ups", id: question.id, data: { ...question.data, ...change } });
    hurry();
  };
  const answer = (one: (typeof ANSWERS)[number]) =>
    put({
      outcome: one.outcome, without_connector: one.without_connector, answered_by: "connector",
      asked_on: dayOf(new Date()), anyway: question.data["anyway"] ?? anyway,
    });
  const takeBack = () =>
    put({ outcome: null, without_connector: null, answered_by: null, asked_on: null, anyway: null, would_turn_to_again: null });
  return (
    <li class="card">
      <h3><Say name="ask.title" a={a} b={b} /></h3>
      <p class="hint">{say("ask.made", { day: sayDate(introduction.data["made_at"]) })}</p>
      <div class="answers" role="group" aria-label={say("ask.label", { a, b })}>
        {ANSWERS.map((one) => (
          <button key={one.name} type="button" aria-pressed={given === one} onClick={() => void answer(one)}>{say(`answer.${one.name}` as Name)}</button>
        ))}
      </div>
      {given && (
        <p class="actions" role="status">
          <span>{say("ask.thanks")}</span>
          <button type="button" class="plain" onClick={() => void takeBack()}>{say("saved.undo")}</button>
        </p>
      )}
    </li>
  );
}
