// Sync: makes this phone and the server one, as docs/sync.md says. One push in flight per store.

import { ask, read, Trouble } from "../api/client";
import { newId } from "../ids";
import { signal } from "../signal";
import { KINDS } from "../store/kept";
import type { Store } from "../store/store";
import { absorb, type Page } from "./page";
import { judge, offerAgain, type Confirmed, type Op, type Result } from "./queue";

/** How this phone stands with the server. */
export type Standing = "unknown" | "busy" | "fresh" | "offline" | "signed_out" | "left" | "outdated" | "other_store" | "stuck";

export const standing = signal<Standing>("unknown");

const HEADERS = { "Sync-Protocol": "1" };
const SCHEMA = 1;
const MOST_OPS = 200;
const MOST_BYTES = 900_000;
const TOO_LARGE = 413; // said by Weft, or by a proxy that takes less
const PAGE = 500;
const BEGIN_AGAIN = new Set(["bad_cursor", "cursor_expired", "cursor_kinds_mismatch"]);
const NOT_A_MEMBER = new Set(["account_disabled", "unknown_network"]);

interface About {
  epoch: string;
  subject: string;
}

export class Sync {
  #root: string;
  #subject: string;
  #store: Store;
  #epoch = "";
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<Standing> | null = null;

  constructor(store: Store, network: string) {
    this.#store = store;
    this.#root = `/networks/${network}/sync`;
    this.#subject = `${network}:${store.member}`;
  }

  /** Push what waits, pull what is new; asked for while one is under way, once more after it. */
  run(): Promise<Standing> {
    this.#next ??= this.#last.then(() => {
      this.#next = null;
      return this.#alone();
    });
    this.#last = this.#next.catch(() => undefined);
    return this.#next;
  }

  /** Of all tabs one does it; what it found the others see. */
  async #alone(): Promise<Standing> {
    const { locks } = navigator; // absent where the page did not come by HTTPS
    if (!locks) return this.#work(true);
    return locks.request(`weft-sync-${this.#store.member}`, { ifAvailable: true }, (lock) => this.#work(Boolean(lock)));
  }

  async #work(isOurs: boolean): Promise<Standing> {
    if (!isOurs) return standing.get();
    standing.set("busy");
    const end = await this.#exchange().then(() => "fresh" as const, (error: unknown) => this.#endOf(error));
    standing.set(end);
    return end;
  }

  async #endOf(error: unknown): Promise<Standing> {
    if (!(error instanceof Trouble)) return "stuck"; // the disk is full, or its store was closed
    if (error.code === "other_store") return "other_store";
    if (error.code === "not_signed_in") return "signed_out";
    if (error.code === "schema_unsupported") return "outdated";
    if (!NOT_A_MEMBER.has(error.code)) return "offline";
    const gone = [...this.#store.everything()].map(({ kind, id }): [string, string] => [kind, id]);
    await this.#store.change({ remove: gone, notes: { cursor: null } });
    return "left";
  }

  async #exchange(): Promise<void> {
    if (!this.#epoch) await this.#meet();
    try {
      await this.#push();
      await this.#pull();
    } catch (error) {
      if (!(error instanceof Trouble) || error.code !== "epoch_changed") throw error;
      await this.#meet();
      await this.#push();
      await this.#pull();
    }
    await this.#close();
  }

  /** Ask for the epoch. A new one: the server was restored, so all is offered and pulled again. */
  async #meet(): Promise<void> {
    const about = await this.#ask<About>("", "epoch");
    const known = this.#store.note<string>("epoch");
    const isRestored = known !== undefined && known !== about.epoch;
    const ops = isRestored ? offerAgain(this.#store.outbox) : [];
    if (known !== about.epoch) await this.#store.change({ ops, notes: { epoch: about.epoch, cursor: null } });
    this.#epoch = about.epoch;
  }

  async #push(): Promise<void> {
    for (let most = MOST_OPS; ; ) {
      const found = this.#batch(most);
      if (!found.length) return;
      const batch = await this.#store.attempt(found);
      if (!batch.length) continue; // all was taken back meanwhile
      try {
        const progress = await this.#pushBatch(batch);
        if (!progress) return;
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        if (error.code === "client_conflict") await this.#store.change({ notes: { client_id: newId() } });
        else if (error.status !== TOO_LARGE) throw error;
        else if (batch.length > 1) most = Math.ceil(batch.length / 2);
        else await this.#refuse(batch[0]!, error);
      }
    }
  }

  /** What waits, oldest first, as much as one request may hold. */
  #batch(most: number): Op[] {
    let bytes = 0;
    const waiting = this.#store.outbox.filter((op) => op.state === "waiting").slice(0, most);
    return waiting.filter((op, i) => (bytes += sizeOf(op)) < MOST_BYTES || i === 0);
  }

  async #pushBatch(batch: Op[]): Promise<boolean> {
    const client_id = this.#store.note<string>("client_id") ?? newId();
    await this.#store.change({ notes: { client_id } });
    const body = { client_id, schema_version: SCHEMA, epoch: this.#epoch, ops: batch.map(onTheWire) };
    const { results } = await this.#ask<{ results: Result[] }>("/push", "results", body);
    return this.#take(results);
  }

  /** Apply verdicts to what is still in the outbox, in one transaction. Whether any was decided. */
  async #take(results: Result[]): Promise<boolean> {
    const ops = new Map(this.#store.outbox.map((op) => [op.op_id, op]));
    const known = new Map<string, Confirmed | null>(); // as the verdicts so far leave it
    const settled: Op[] = [];
    for (const result of results) {
      const op = ops.get(result.op_id);
      if (op?.state !== "waiting") continue;
      const key = `${op.kind}/${op.id}`;
      const present = known.has(key) ? known.get(key) : this.#store.confirmed(op.kind, op.id);
      const { op: judged, confirmed } = judge(op, result, present ?? undefined, Date.now());
      if (confirmed !== undefined) known.set(key, confirmed);
      if (judged.state === "waiting") continue;
      settled.push(judged);
      const mended = judged.state === "sent" ? (judged.mends ?? []) : [];
      settled.push(...mended.flatMap((id) => (ops.has(id) ? [{ ...ops.get(id)!, state: "closing" as const }] : [])));
    }
    const put = [...known.values()].filter((record) => record !== null);
    const remove = [...known].filter(([, record]) => record === null).map(([key]) => key.split("/") as [string, string]);
    await this.#store.change({ ops: settled, put, remove });
    return settled.length > 0;
  }

  async #refuse(op: Op, trouble: Trouble): Promise<void> {
    const error = { code: "record_too_large", detail: trouble.message };
    await this.#store.change({ ops: [{ ...op, isAttempted: true, state: "needs_you", error }] });
  }

  async #pull(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const cursor = this.#store.note<string | null>("cursor");
      const query = new URLSearchParams({ limit: String(PAGE), schema_version: String(SCHEMA), kinds: KINDS.join() });
      if (cursor) query.set("cursor", cursor);
      try {
        const page = await this.#ask<Page>(`/changes?${query}`, "changes");
        isMore = page.has_more;
        await this.#absorb(page, Boolean(cursor));
      } catch (error) {
        if (!(error instanceof Trouble) || !BEGIN_AGAIN.has(error.code) || !cursor) throw error;
        await this.#store.change({ notes: { cursor: null } });
      }
    }
  }

  /** Cursor and changes in one transaction; the name of a snapshot lasts from its first page on. */
  async #absorb(page: Page, isGoingOn: boolean): Promise<void> {
    const known = isGoingOn ? this.#store.note<string | null>("snapshot") : null;
    const snapshot = page.snapshot ? (known ?? newId()) : null;
    const { put, remove } = absorb(page, this.#store.everything(), snapshot);
    await this.#store.change({ put, remove, notes: { cursor: page.cursor, snapshot: page.has_more ? snapshot : null } });
  }

  /** Tell the server which refusals a person has seen to. */
  async #close(): Promise<void> {
    for (const op of this.#store.outbox.filter((each) => each.state === "closing")) {
      const path = `${this.#root}/quarantined/${op.op_id}`;
      await ask(path, { method: "DELETE", headers: HEADERS }).catch((error: Trouble) => {
        if (error.code !== "not_found") throw error;
      });
      await this.#store.change({ forget: [op.op_id] });
    }
  }

  async #ask<T>(path: string, member: string, body?: unknown): Promise<T> {
    const asking = body === undefined ? { headers: HEADERS } : { method: "POST", headers: HEADERS, body };
    const told = await read<T & { subject?: string }>(this.#root + path, member, asking);
    if (told.subject !== this.#subject) throw new Trouble("other_store", "This store belongs to somebody else.");
    return told;
  }
}

function onTheWire({ op_id, kind, id, action, audience, base_version, ancestors, data, client_time }: Op) {
  return { op_id, kind, id, action, audience, base_version, ancestors, ...(data ? { data } : {}), client_time };
}

const sizeOf = (op: Op) => new TextEncoder().encode(JSON.stringify(op)).length;
