// Line: what an operation is about, in one line.

import type { Data } from "../../store/kept";
import type { Store } from "../../store/store";
import type { Op } from "../../sync/queue";
import { say } from "../../words/words";
import { Summary } from "../log/Saved";

export function Line({ op, store }: { op: Op; store: Store }) {
  const data: Data | undefined = op.data ?? store.confirmed(op.kind, op.id)?.data;
  if (op.action === "delete") return <>{say("queue.removal")}</>;
  return <Summary record={{ kind: op.kind, data: data ?? {} }} store={store} />;
}
