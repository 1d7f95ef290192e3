// Mine: which introductions and questions are this member's own. Pure, but for asking the server.

import { inside, readAll } from "../../api/client";
import type { Data } from "../../store/kept";
import type { Shown, Store } from "../../store/store";
import { dayOf } from "../log/entry";

/** Remember what the server counts as mine: older introductions do not say, and questions are handed over. */
export async function refreshMine(store: Store): Promise<void> {
  const [made, open] = await Promise.all([
    readAll<Data>(inside(`introductions?connector_id=${store.member}`)),
    readAll<Data>(inside(`follow-ups?state=open&author_id=${store.member}`)),
  ]);
  const unsaid = made.filter((each) => !each["connector_id"]).map((each) => String(each["id"]));
  const asked = new Set(open.map((each) => String(each["id"])));
  const others = [...store.all("follow-ups").values()].filter(({ id, data }) => data["outcome"] === null && !asked.has(id));
  await store.change({ notes: { mine: unsaid, asked: [...asked], others: others.map(({ id }) => id) } });
}

const noted = (store: Store, name: string) => new Set(store.note<string[]>(name) ?? []);

/** Tells which introductions are mine. */
function mineOf(store: Store): (introduction: Shown) => boolean {
  const unsaid = noted(store, "mine");
  return ({ id, data }) => data["connector_id"] === store.member || unsaid.has(id);
}

/** My introductions, the newest first. */
export function myIntroductions(store: Store): Shown[] {
  return [...store.all("introductions").values()]
    .filter(mineOf(store))
    .sort((a, b) => Date.parse(b.data["made_at"]) - Date.parse(a.data["made_at"]));
}

/** A question that is asked of me, with what it is about. */
export interface Asked {
  question: Shown;
  introduction: Shown;
}

/** Questions that have come due and are mine to answer; of those in `also` whatever became of them. */
export function* dueTo(store: Store, also: string[] = []): Generator<Asked> {
  const [asked, others, isMine] = [noted(store, "asked"), noted(store, "others"), mineOf(store)];
  const today = dayOf(new Date());
  for (const question of store.all("follow-ups").values()) {
    const { outcome, due_on, introduction_id } = question.data;
    if (!also.includes(question.id) && (outcome !== null || due_on > today)) continue;
    const introduction = store.get("introductions", introduction_id);
    if (!introduction) continue;
    if (asked.has(question.id) || (isMine(introduction) && !others.has(question.id))) yield { question, introduction };
  }
}

/** Whether any question is mine to answer. */
export const hasDue = (store: Store) => !dueTo(store).next().done;

/** Questions by the introduction they are about, the earliest first. */
export function followUps(store: Store): Map<string, Shown[]> {
  const found = new Map<string, Shown[]>();
  const sorted = [...store.all("follow-ups").values()].sort((a, b) => (a.data["due_on"] < b.data["due_on"] ? -1 : 1));
  for (const one of sorted) {
    const of = one.data["introduction_id"];
    found.set(of, [...(found.get(of) ?? []), one]);
  }
  return found;
}

/** What a person can say became of it; `own` is whether the parties are in touch on their own. */
export const ANSWERS = [
  { name: "own", outcome: "ongoing", without_connector: true },
  { name: "through", outcome: "ongoing", without_connector: false },
  { name: "met", outcome: "met", without_connector: null },
  { name: "none", outcome: "none", without_connector: null },
  { name: "unwanted", outcome: "unwanted", without_connector: null },
  { name: "unknown", outcome: "unknown", without_connector: null },
] as const;

export const answerOf = (data: Data) =>
  ANSWERS.find((one) => one.outcome === data["outcome"] && (one.outcome !== "ongoing" || one.without_connector === data["without_connector"]));
