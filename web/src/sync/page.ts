// Page: what a page of changes does to the records kept here. Pure.

import { confirmedOf, type Confirmed, type Told } from "./queue";

export interface Change extends Partial<Told> {
  op: "upsert" | "delete" | "leave";
  kind: string;
  id: string;
}

export interface Page {
  changes: Change[];
  cursor: string;
  has_more: boolean;
  snapshot: boolean;
  scope: string[];
  subject: string;
}

export interface Absorbed {
  put: Confirmed[];
  remove: [string, string][];
}

/** What to store and what to take out; `snapshot` names the pull from nothing that this is part of. */
export function absorb(page: Page, records: Iterable<Confirmed>, snapshot: string | null): Absorbed {
  const put = new Map<string, Confirmed>();
  const remove = new Map<string, [string, string]>();
  for (const change of page.changes) {
    const key = `${change.kind}/${change.id}`;
    const confirmed = change.op === "upsert" ? confirmedOf(change.kind, change as Told) : null;
    put.delete(key);
    remove.delete(key);
    if (confirmed) put.set(key, snapshot ? { ...confirmed, seen: snapshot } : confirmed);
    else remove.set(key, [change.kind, change.id]);
  }
  if (!page.has_more) sweep(page, records, snapshot, { put, remove });
  return { put: [...put.values()], remove: [...remove.values()] };
}

/** After the last page: what a snapshot did not mention is gone, what is out of scope was lost. */
function sweep(
  page: Page,
  records: Iterable<Confirmed>,
  snapshot: string | null,
  { put, remove }: { put: Map<string, Confirmed>; remove: Map<string, [string, string]> },
): void {
  for (const record of records) {
    const key = `${record.kind}/${record.id}`;
    const now = put.get(key) ?? record;
    const isUnseen = snapshot !== null && now.seen !== snapshot;
    if (!isUnseen && page.scope.includes(now.audience)) continue;
    put.delete(key);
    remove.set(key, [record.kind, record.id]);
  }
  for (const [key, record] of put) if (!page.scope.includes(record.audience)) put.delete(key);
}
