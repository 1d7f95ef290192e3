// Queue: what was written here and what became of it. Pure: states in, states out.

import { keep, mayKeep, type Data } from "../store/kept";

/** A record as the server confirmed it. `lacks`: it holds more than may be kept here. */
export interface Confirmed {
  kind: string;
  id: string;
  version: string;
  audience: string;
  data: Data;
  author?: string;
  lacks?: boolean;
  seen?: string; // the last snapshot that mentioned it
}

/** A problem as the server names it; `fields` are paths, with sentences where it has them. */
export interface Refusal {
  code: string;
  detail?: string;
  fields?: Record<string, string | string[]> | string[];
}

/** `waiting` is on this phone only, `sent` is stored, `needs_you` was refused, `closing` is let go. */
export type OpState = "waiting" | "sent" | "needs_you" | "closing";

export interface Op {
  seq: number;
  op_id: string;
  kind: string;
  id: string;
  action: "put" | "delete";
  audience: string;
  base_version: string | null;
  ancestors: string[];
  data?: Data;
  client_time: string;
  state: OpState;
  isAttempted?: boolean;
  sent_at?: number;
  error?: Refusal;
  current?: Confirmed | null; // what stands instead, where it was refused
  mends?: string[]; // refused ops that this one settles once it is stored
}

/** The record as a result or a page tells it. */
export interface Told {
  id: string;
  version: string;
  audience: string;
  deleted?: boolean;
  data: Data;
}

export interface Result {
  op_id: string;
  status: "applied" | "merged" | "superseded" | "conflict" | "rejected" | "retry";
  version?: string;
  present: "same" | "newer" | "deleted" | "absent" | "unknown";
  current?: Told;
  error?: Refusal;
}

export const ofRecord = (ops: Op[], kind: string, id: string) =>
  ops.filter((op) => op.kind === kind && op.id === id);

export interface Intent {
  kind: string;
  id: string;
  data: Data | null; // null removes
  audience?: string;
  mends?: string[];
}

/** An operation on top of what this phone knows: the last one waiting, else what is confirmed. */
export function makeOp(
  intent: Intent,
  known: { confirmed: Confirmed | undefined; outbox: Op[]; op_id: string; now: Date },
): Op {
  const { kind, id, data } = intent;
  const before = ofRecord(known.outbox, kind, id).filter((op) => op.state === "waiting");
  const last = before.at(-1);
  return {
    seq: Math.max(0, ...known.outbox.map((op) => op.seq)) + 1,
    op_id: known.op_id,
    kind,
    id,
    action: data ? "put" : "delete",
    audience: intent.audience ?? known.confirmed?.audience ?? "network",
    base_version: last ? last.op_id : (known.confirmed?.version ?? null),
    ancestors: before.slice(0, -1).map((op) => op.op_id),
    ...(data ? { data } : {}),
    client_time: known.now.toISOString(),
    state: "waiting",
    ...(intent.mends?.length ? { mends: intent.mends } : {}),
  };
}

/** A record as the server tells it, cut down to what may be kept; null where nothing may. */
export function confirmedOf(kind: string, told: Told): Confirmed | null {
  if (told.deleted || !mayKeep(kind, told.data)) return null;
  const { data, lacks } = keep(kind, told.data);
  const { id, version, audience } = told;
  return { kind, id, version, audience, data, ...(lacks ? { lacks } : {}) };
}

/** What a verdict changes: the operation, and the confirmed record (undefined: leave it alone). */
export interface Verdict {
  op: Op;
  confirmed?: Confirmed | null;
}

export function judge(op: Op, result: Result, present: Confirmed | undefined, now: number): Verdict {
  if (result.status === "retry") return { op };
  const confirmed = presentAfter(op, result, present);
  const known = confirmed === undefined ? {} : { confirmed };
  if (["applied", "merged", "superseded"].includes(result.status)) {
    return { op: { ...op, state: "sent", sent_at: now }, ...known };
  }
  if (isSaidAlready(op, result)) return { op: { ...op, state: "closing" }, ...known };
  const current = confirmed === undefined ? (present ?? null) : confirmed;
  return { op: { ...op, state: "needs_you", error: result.error ?? { code: result.status }, current }, ...known };
}

/** "Nothing this week" from two phones says no more than from one: nobody has to see to it. */
const isSaidAlready = (op: Op, { error }: Result) => op.kind === "quiet-weeks" && error?.code === "already_exists";

function presentAfter(op: Op, result: Result, present: Confirmed | undefined): Confirmed | null | undefined {
  if (result.present === "newer" && result.current) return confirmedOf(op.kind, result.current);
  if (result.present === "deleted") return null;
  if (result.present !== "same" || !["applied", "merged", "superseded"].includes(result.status)) return undefined;
  if (op.action === "delete") return null;
  const { kind, id, audience, data } = op;
  const version = result.version ?? op.op_id;
  if (!mayKeep(kind, data!)) return null;
  const lacks = present?.lacks ? { lacks: true } : {};
  return { kind, id, version, audience, data: data!, ...lacks };
}

/** What is shown: the newest state on its way, else the confirmed one. */
export function shown(confirmed: Confirmed | undefined, ops: Op[]): (Confirmed & { op?: Op }) | null {
  const last = ops.filter((op) => op.state === "waiting").at(-1);
  if (!last) return confirmed ?? null;
  if (last.action === "delete") return null;
  const { kind, id, audience, data } = last;
  return { kind, id, audience, version: last.op_id, data: data!, op: last };
}

/** Records with something that waits for a person: all refused ops of each, the newest last. */
export function needing(ops: Op[]): Op[][] {
  const found = new Map<string, Op[]>();
  for (const op of ops) {
    if (op.state !== "needs_you") continue;
    const key = `${op.kind}/${op.id}`;
    found.set(key, [...(found.get(key) ?? []), op]);
  }
  return [...found.values()];
}

/** After a restored backup: what was acknowledged is offered again under its own id. */
export function offerAgain(ops: Op[]): Op[] {
  return ops
    .filter((op) => op.state === "sent")
    .map(({ sent_at: _, ...op }) => ({ ...op, state: "waiting" as const }));
}

const KEPT_FOR = 30 * 86_400_000; // ms that acknowledged operations are kept

export const isForgettable = (op: Op, now: number) => op.state === "sent" && (op.sent_at ?? 0) < now - KEPT_FOR;
