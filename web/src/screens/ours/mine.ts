// Mine: which introductions and questions are this member's own. Pure, but for asking the server.

import { inside, readAll } from "../../api/client";
import type { Data } from "../../store/kept";
import type { Shown, Store } from "../../store/store";
import { dayOf } from "../log/entry";

/** Remember which introductions the server counts as mine: older ones do not say whose they are. */
export async function refreshMine(store: Store): Promise<void> {
  const found = await readAll<Data>(inside(`introductions?connector_id=${store.member}`));
  const unsaid = found.filter((each) => !each["connector_id"]).map((each) => String(each["id"]));
  await store.change({ notes: { mine: unsaid } });
}

/** My introductions, the newest first. */
export function myIntroductions(store: Store): Shown[] {
  const unsaid = new Set(store.note<string[]>("mine") ?? []);
  return [...store.all("introductions").values()]
    .filter(({ id, data }) => data["connector_id"] === store.member || unsaid.has(id))
    .sort((a, b) => Date.parse(b.data["made_at"]) - Date.parse(a.data["made_at"]));
}

/** Questions that have come due and wait for my answer. */
export function isDue({ data }: Shown, today: string): boolean {
  return data["outcome"] === null && data["due_on"] <= today;
}

/** Whether any question of mine is due. */
export function hasDue(store: Store): boolean {
  const today = dayOf(new Date());
  const due = [...store.all("follow-ups").values()].filter((question) => isDue(question, today));
  if (!due.length) return false;
  const mine = new Set(myIntroductions(store).map(({ id }) => id));
  return due.some(({ data }) => mine.has(data["introduction_id"]));
}

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
