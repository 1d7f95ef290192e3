// Alter: change a record that is here. Where it holds more than may be kept here, online only.

import { ask, inside, read } from "../api/client";
import { hurry, meet } from "../phone";
import type { Data } from "./kept";
import type { Store } from "./store";

/** Change fields of a record: by the queue, or at once where the whole record is not here. */
export async function alter(store: Store, kind: string, id: string, change: Data): Promise<void> {
  const present = store.get(kind, id);
  if (!present) return;
  if (present.lacks && !present.op) return patch(store, kind, id, change);
  await store.save({ kind, id, data: { ...present.data, ...change } });
  hurry();
}

/** Words and notebook entries go straight to the server, once it has the record. */
export async function patch(store: Store, kind: string, id: string, change: Data): Promise<void> {
  if (store.get(kind, id)?.op) await meet();
  const { headers } = await ask(inside(`${kind}/${id}`));
  const answer = await ask(inside(`${kind}/${id}`), {
    method: "PATCH", body: change, headers: { "If-Match": (headers.get("ETag") ?? "").replace(/^W\//, "") },
  });
  await answer.text();
  await meet();
}

/** A whole record as the server has it. */
export const fetchWhole = (kind: string, id: string) => read<Data>(inside(`${kind}/${id}`), "id");
