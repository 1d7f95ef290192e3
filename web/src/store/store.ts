// Store: what this phone holds of one network for one member, in memory and on the disk alike.

import { newId } from "../ids";
import { signal } from "../signal";
import { isForgettable, makeOp, ofRecord, shown, type Confirmed, type Intent, type Op } from "../sync/queue";
import { openDatabase, readAllOf, readNotes, write, type Writing } from "./database";

export type Shown = Confirmed & { op?: Op };

/** What a transaction changes, in our own terms. */
export interface Changes {
  put?: Confirmed[];
  remove?: [string, string][];
  ops?: Op[];
  forget?: string[];
  notes?: Record<string, unknown>;
}

export class Store {
  readonly changed = signal(0);
  readonly member: string;
  #database: IDBDatabase;
  #records = new Map<string, Map<string, Confirmed>>();
  #outbox: Op[] = [];
  #notes: Record<string, unknown> = {};
  #views = new Map<string, Map<string, Shown>>();
  #others: BroadcastChannel;
  #isClosed = false;
  #saving: Promise<unknown> = Promise.resolve();

  private constructor(database: IDBDatabase, member: string) {
    this.#database = database;
    this.member = member;
    this.#others = new BroadcastChannel(`weft-${member}`);
    this.#others.onmessage = () => this.load();
  }

  static async open(member: string): Promise<Store> {
    const store = new Store(await openDatabase(member), member);
    await store.load();
    return store;
  }

  /** After this nothing is written any more, whatever is still under way. */
  close(): void {
    this.#isClosed = true;
    this.#others.close();
    this.#database.close();
  }

  /** Read everything from the disk; another tab may have written. */
  async load(): Promise<void> {
    if (this.#isClosed) return;
    const [records, outbox, notes] = await Promise.all([
      readAllOf<Confirmed>(this.#database, "records"),
      readAllOf<Op>(this.#database, "outbox"),
      readNotes(this.#database),
    ]);
    this.#records.clear();
    for (const record of records) this.#of(record.kind).set(record.id, record);
    this.#outbox = outbox.sort((a, b) => a.seq - b.seq);
    this.#notes = notes;
    this.#tell();
  }

  #of(kind: string): Map<string, Confirmed> {
    let found = this.#records.get(kind);
    if (!found) this.#records.set(kind, (found = new Map()));
    return found;
  }

  #tell(): void {
    this.#views.clear();
    this.changed.set(this.changed.get() + 1);
  }

  get outbox(): Op[] {
    return this.#outbox;
  }

  note<T>(name: string): T | undefined {
    return this.#notes[name] as T | undefined;
  }

  confirmed(kind: string, id: string): Confirmed | undefined {
    return this.#records.get(kind)?.get(id);
  }

  *everything(): Generator<Confirmed> {
    for (const kind of this.#records.values()) yield* kind.values();
  }

  /** Every record of a kind as it is shown: with what was written here and is on its way. */
  all(kind: string): Map<string, Shown> {
    const known = this.#views.get(kind);
    if (known) return known;
    const view = new Map<string, Shown>(this.#of(kind));
    const touched = new Set(this.#outbox.filter((op) => op.kind === kind && op.state === "waiting").map((op) => op.id));
    for (const id of touched) {
      const record = shown(this.confirmed(kind, id), ofRecord(this.#outbox, kind, id));
      if (record) view.set(id, record);
      else view.delete(id);
    }
    this.#views.set(kind, view);
    return view;
  }

  get(kind: string, id: string | null | undefined): Shown | undefined {
    if (!id) return undefined;
    return shown(this.confirmed(kind, id), ofRecord(this.#outbox, kind, id)) ?? undefined;
  }

  /** Write down what somebody wants; it is on the disk when this is done. The operation. */
  save(intent: Intent): Promise<Op> {
    return this.#inTurn(() => this.#saveNow(intent));
  }

  async #saveNow(intent: Intent): Promise<Op> {
    const confirmed = this.confirmed(intent.kind, intent.id);
    const op = makeOp(intent, { confirmed, outbox: this.#outbox, op_id: newId(), now: new Date() });
    await this.change({ ops: [op] });
    return op;
  }

  /** Each builds on what the one before wrote, however quick the taps. Throws once the store is closed. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#saving.then(() => {
      if (this.#isClosed) throw new Error("The store is closed.");
      return work();
    });
    this.#saving = done.catch(() => undefined);
    return done;
  }

  /** Take back what was just written: as if never, where nobody has seen it yet. */
  undo(op: Op): Promise<void> {
    return this.#inTurn(async () => {
      const mine = ofRecord(this.#outbox, op.kind, op.id);
      const isUnseen = !this.confirmed(op.kind, op.id) && mine.every((each) => !each.isAttempted);
      if (isUnseen) await this.change({ forget: mine.map((each) => each.op_id) });
      else await this.#saveNow({ kind: op.kind, id: op.id, data: null });
    });
  }

  /** Mark operations as on their way to the server: those of them that still wait, as they are now. */
  attempt(batch: Op[]): Promise<Op[]> {
    return this.#inTurn(async () => {
      const wanted = new Set(batch.map((op) => op.op_id));
      const waiting = this.#outbox.filter((op) => wanted.has(op.op_id) && op.state === "waiting");
      const ops = waiting.map((op) => ({ ...op, isAttempted: true }));
      await this.change({ ops });
      return ops;
    });
  }

  /** One transaction, then memory, then whoever looks. */
  async change({ put = [], remove = [], ops = [], forget = [], notes = {} }: Changes): Promise<void> {
    if (this.#isClosed) return;
    const now = Date.now();
    const old = this.#outbox.filter((op) => isForgettable(op, now)).map((op) => op.op_id);
    const gone = new Set([...forget, ...old]);
    const writing: Writing = { records: { put, remove }, outbox: { put: ops, remove: [...gone] }, notes };
    await write(this.#database, writing);
    for (const record of put) this.#of(record.kind).set(record.id, record);
    for (const [kind, id] of remove) this.#records.get(kind)?.delete(id);
    const fresh = new Map(ops.map((op) => [op.op_id, op]));
    const kept = this.#outbox.filter((op) => !gone.has(op.op_id) && !fresh.has(op.op_id));
    this.#outbox = [...kept, ...fresh.values()].filter((op) => !gone.has(op.op_id)).sort((a, b) => a.seq - b.seq);
    Object.assign(this.#notes, notes);
    this.#tell();
    this.#others.postMessage("changed");
  }
}
