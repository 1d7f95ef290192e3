// Weft for RxDB: one collection of records that replicates, one of operations that keeps what was said.
// The protocol is docs/sync.md; README.md beside this file tells how to use it.

import { addRxPlugin } from 'rxdb';
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { BehaviorSubject } from 'rxjs';
import { BEGIN_AGAIN, Backoff, NOT_A_MEMBER, Trouble, inOrder } from '../wire.js';

addRxPlugin(RxDBLocalDocumentsPlugin);

const KEPT_DAYS = 30;
const LINEAGE = 49;
const STORE = 'weft';

const text = (maxLength) => ({ type: 'string', maxLength });

/** Schema of the `records` collection. `data` holds the kind's own fields, as in REST. */
export const recordSchema = {
  version: 0,
  type: 'object',
  primaryKey: { key: 'key', fields: ['kind', 'id'], separator: '/' },
  properties: {
    key: text(80),
    kind: text(40),
    id: text(36),
    audience: text(60),
    version: text(36), // of this state: the id of the operation that made it
    lineage: { type: 'array', items: { type: 'string' } }, // own states before it; '' is none
    data: { type: 'object' },
    state: text(10), // of an attachment's file: `pending`, `stored` or `refused`
  },
  required: ['key', 'kind', 'id', 'audience', 'version', 'lineage', 'data'],
  indexes: ['kind', 'audience'],
};

/** Schema of the `operations` collection: state `sent`, then `done`, `conflict` or `rejected`. */
export const operationSchema = {
  version: 0,
  type: 'object',
  primaryKey: 'op_id',
  properties: {
    op_id: text(36),
    state: text(10),
    number: { type: 'integer', minimum: 0, maximum: 2 ** 40, multipleOf: 1 }, // as they were sent
    at: text(24),
    op: { type: 'object' }, // as it was sent
    error: { type: 'object' },
  },
  required: ['op_id', 'state', 'number', 'at', 'op'],
  indexes: ['state', 'number'],
};

/** States are the same when their version is; the server's wins, ours was kept in `operations`. */
export const conflictHandler = {
  isEqual: (a, b) =>
    a.version === b.version && a.state === b.state && !!a._deleted === !!b._deleted,
  resolve: ({ realMasterState }) => realMasterState,
};

/**
 * Keep a collection and a server the same.
 *
 * @param {object} options
 * @param {import('rxdb').RxCollection} options.records   made with recordSchema and conflictHandler
 * @param {import('rxdb').RxCollection} options.operations   with operationSchema and localDocuments
 * @param {import('../wire.js').Wire} options.wire
 * @param {number} [options.batchSize]
 * @param {{first?: number, last?: number}} [options.backoff]   in ms
 */
export function replicateWeft({ records, operations, wire, batchSize = 200, backoff = {} }) {
  const weft = new Weft({ records, operations, wire, backoff: new Backoff(backoff) });
  return weft.start(batchSize);
}

class Weft {
  /** What stands in the way now, a Trouble; null when all is well. */
  trouble$ = new BehaviorSubject(null);

  #stored = new Set(); // own states that the server has in its history
  #decided = new Map(); // key → revision, of what pushes were answered since this pull was asked
  #marks = null; // keys a snapshot has mentioned; null when it was begun before the app restarted
  #scope = null; // the audiences that were swept for last
  #exclusion = null; // that we do not belong to the network any more
  #pushing = Promise.resolve();

  #memory = {
    recall: async () => (await this.operations.getLocal(STORE))?.toMutableJSON().data
      ?? { clientId: crypto.randomUUID() },
    remember: (known) => this.operations.upsertLocal(STORE, known),
    offerAgain: () => this.#offerAgain(),
  };

  constructor(parts) {
    Object.assign(this, parts);
  }

  start(batchSize) {
    this.records.preInsert((record) => {
      Object.assign(record, { version: crypto.randomUUID(), lineage: [''] });
    }, false);
    for (const hook of ['preSave', 'preRemove']) {
      this.records[hook]((record, before) => this.#beginState(record, before), false);
    }
    const watched = (work) => (...words) => this.#watch(() => work.apply(this, words));
    this.replication = replicateRxCollection({
      collection: this.records,
      replicationIdentifier: `weft-${wireName(this.wire)}`,
      live: true,
      retryTime: this.backoff.first,
      pull: { batchSize, handler: watched(this.#pull) },
      push: { batchSize, handler: watched(this.#push) },
    });
    this.#forget().catch(() => {}); // closed at once: the next time it is opened
    return this;
  }

  /**
   * Ask for what is new, and resolve when everything here is there and the other way round; at once
   * where another tab sees to that.
   */
  async sync() {
    if (await this.#isLed()) return;
    for (let round = 0; round < 2; round++) { // the first may end before the pull it asked for
      this.replication.reSync();
      await this.replication.awaitInSync();
    }
  }

  /** Whether another tab speaks to the server; RxDB elects one of them. */
  async #isLed() {
    const { database } = this.records;
    return database.multiInstance && await database.leaderElector().hasLeader() && !database.isLeader();
  }

  stop() {
    return this.replication.cancel();
  }

  async #watch(work) {
    try {
      const done = await work();
      this.backoff.reset();
      this.trouble$.next(this.#exclusion);
      return done;
    } catch (error) {
      this.replication.retryTime = this.backoff.next(error);
      this.trouble$.next(error);
      throw error;
    }
  }

  /** A local edit: a new version, on top of those before it that the server may not know. */
  #beginState(record, before) {
    const { version, lineage } = before;
    const line = this.#stored.has(version) ? [version] : [...lineage, version];
    record.lineage = line.length > LINEAGE ? [line[0], ...line.slice(1 - LINEAGE)] : line;
    record.version = crypto.randomUUID();
  }

  // --- push --------------------------------------------------------------------------------------

  /** One at a time; a verdict is never an error, or one refusal would hold up everything after. */
  #push(rows) {
    const done = this.#pushing.then(() => this.#pushRows(rows));
    this.#pushing = done.catch(() => {});
    return done;
  }

  async #pushRows(rows) {
    const news = rows.filter(isOurs);
    if (!news.length) return [];
    const ops = await this.#operations(news);
    const told = await this.wire.meet(this.#memory)
      .then((kinds) => this.#send(inOrder(ops, kinds)))
      .catch((trouble) => this.#refuse(ops, trouble));
    await this.#keep(told);
    this.#scope = null;
    for (const { op, result } of told) {
      this.#decided.set(keyOf(op), result.current?.revision ?? result.revision);
    }
    const results = new Map(told.map(({ op, result }) => [op.op_id, result]));
    const resultOn = ({ newDocumentState: { version } }) => results.get(version);
    return news.map((row) => masterState(row, resultOn(row))).filter(Boolean);
  }

  /** As they were sent before where they were: the server may have them, and knows them by that. */
  async #operations(rows) {
    const known = await this.#known(rows.map(({ newDocumentState }) => newDocumentState.version));
    return rows.map((row) =>
      known.get(row.newDocumentState.version)?.toMutableJSON().op ?? this.#operation(row));
  }

  async #send(ops) {
    await this.#record(ops.map((op) => ({ op, state: 'sent' })));
    return this.wire.push(ops);
  }

  /** Nobody takes these any more. RxDB does not pull while a push fails: so it must not. */
  #refuse(ops, trouble) {
    if (!NOT_A_MEMBER.has(trouble.code)) throw trouble;
    this.#exclusion = trouble;
    const error = { code: trouble.code, detail: trouble.message };
    return ops.map((op) => ({ op, result: { status: 'rejected', error, present: 'absent' } }));
  }

  /** What happened here since the newest state that the server has. */
  #operation({ newDocumentState: record, assumedMasterState: assumed }) {
    const { lineage } = record;
    const at = lineage.findLastIndex((v) => v === assumed?.version || this.#stored.has(v));
    const [base, ...ancestors] = lineage.slice(Math.max(at, 0));
    return {
      op_id: record.version,
      kind: record.kind,
      id: record.id,
      audience: record.audience,
      base_version: base || null,
      ancestors,
      client_time: new Date().toISOString(),
      ...(record._deleted ? { action: 'delete' } : { action: 'put', data: record.data }),
    };
  }

  /** Done ones to offer again should the server lose them, refused ones for a person to see. */
  async #keep(told) {
    const decided = told.filter(({ result }) => result.status !== 'retry');
    await this.#record(decided.map(({ op, result: { status, error } }) => {
      const state = status === 'conflict' || status === 'rejected' ? status : 'done';
      return { op, state, ...(error && { error }) };
    }));
    await this.#forgetBefore(decided);
    if (decided.length < told.length) {
      throw new Trouble('busy', 'Not everything was decided; it is sent again.');
    }
    for (const { op: { op_id: id }, result: { status, version } } of told) {
      if (status === 'merged' || version === id) this.#stored.add(id);
    }
  }

  async #record(entries) {
    const known = await this.#known(entries.map(({ op }) => op.op_id));
    const last = await this.operations.findOne({ sort: [{ number: 'desc' }] }).exec();
    const at = new Date().toISOString();
    await this.operations.bulkUpsert(entries.map(({ op, ...more }, i) => {
      const fresh = { number: (last?.number ?? 0) + 1 + i, at };
      const { number, at: day } = known.get(op.op_id) ?? fresh; // told again, it keeps both
      return { op_id: op.op_id, number, at: day, op, ...more };
    }));
  }

  /** What these are on top of and nobody answered is not sent again: they were, and name it. */
  async #forgetBefore(decided) {
    const before = new Set(decided.flatMap(({ op }) => [op.base_version, ...op.ancestors]));
    const over = (await this.#operationsOf('sent')).filter(({ op_id: id }) => before.has(id));
    await this.operations.bulkRemove(over.map(({ op_id: id }) => id));
  }

  #known(ids) {
    return this.operations.findByIds(ids).exec();
  }

  async #operationsOf(state) {
    const found = await this.operations.find({ selector: { state } }).exec();
    return found.map((each) => each.toMutableJSON()).sort((a, b) => a.number - b.number);
  }

  async #forget() {
    const since = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString();
    const old = (await this.#operationsOf('done')).filter(({ at }) => at < since);
    await this.operations.bulkRemove(old.map(({ op_id: id }) => id));
  }

  // --- pull --------------------------------------------------------------------------------------

  /** At least `size` documents unless there are no more: RxDB stops at a page that is shorter. */
  async #pull(checkpoint, size) {
    let cursor = checkpoint?.cursor ?? null;
    const found = new Map();
    this.#decided = new Map();
    for (let page; page?.has_more ?? true;) {
      if (found.size >= size) break;
      try {
        await this.wire.meet(this.#memory);
        if (!cursor) this.#marks = new Set();
        page = await this.wire.changes(cursor, size);
        this.#exclusion = null;
        await this.#taken();
        await this.#take(page, found);
        this.#dropOlder(found);
        cursor = page.cursor;
      } catch (trouble) {
        if (NOT_A_MEMBER.has(trouble.code)) return this.#letGo(trouble);
        if (!BEGIN_AGAIN.has(trouble.code) || !cursor) throw trouble;
        [cursor, page] = [null, null];
        found.clear();
      }
    }
    return { documents: [...found.values()].map(({ record }) => record), checkpoint: { cursor } };
  }

  /**
   * Until the answers to all that was pushed are in the records. RxDB passes over what it pulls for a
   * record that waits for one, moves the cursor on, and then takes in the late answer, which is older.
   */
  async #taken() {
    const { streamQueue } = this.replication.internalReplicationState;
    for (let up; up !== streamQueue.up;) await (up = streamQueue.up);
  }

  /** What pages say from before an answer that came while they were on their way. */
  #dropOlder(found) {
    for (const [key, { revision }] of found) {
      if (revision < this.#decided.get(key)) found.delete(key);
    }
  }

  async #take(page, found) {
    for (const change of page.changes) {
      const record = fromChange(change);
      found.set(record.key, { record, revision: change.revision });
      this.#marks?.add(record.key);
    }
    if (page.has_more) return;
    const gone = [...(await this.#outOfScope(page.scope)), ...(await this.#unmarked(page))];
    this.#marks = null;
    for (const record of gone) {
      if (!found.has(record.key)) found.set(record.key, { record: asGone(record) });
    }
  }

  /** Scope rule: what is of an audience that is not ours. RxDB passes over what waits to be pushed. */
  async #outOfScope(scope) {
    if (this.#scope === scope.join()) return [];
    this.#scope = scope.join();
    return this.#found({ audience: { $nin: scope } });
  }

  /** Snapshot rule: what was not mentioned. It may have been stored after the page was made. */
  async #unmarked({ snapshot }) {
    if (!snapshot) return [];
    const gone = (await this.#found()).filter(({ key }) => !this.#marks?.has(key));
    const isNew = gone.some(({ key }) => this.#decided.has(key));
    if (!gone.length || (this.#marks && !isNew)) return gone;
    const there = new Set((await this.wire.manifest()).map(([kind, id]) => `${kind}/${id}`));
    return gone.filter(({ key }) => !there.has(key));
  }

  /** We do not belong any more: everything that the server has goes. */
  async #letGo(trouble) {
    const gone = await this.#found();
    this.#exclusion = trouble;
    return { documents: gone.map(asGone), checkpoint: { cursor: null } };
  }

  async #found(selector = {}) {
    return (await this.records.find({ selector }).exec()).map((each) => each.toMutableJSON());
  }

  /** The server was restored from a backup: tell it again what it may have lost. */
  async #offerAgain() {
    const done = (await this.#operationsOf('done')).map(({ op }) => op);
    if (done.length) await this.#keep(await this.wire.push(done));
  }
}

const wireName = ({ root }) => root.replace(/^\w+:\/\/[^/]+/, '');

const keyOf = ({ kind, id }) => `${kind}/${id}`;

/** What the server told has no lineage: an app that ended while it took in an answer is not done. */
const isOurs = ({ newDocumentState: state, assumedMasterState: assumed }) => state.lineage.length > 0
  && !(assumed && conflictHandler.isEqual(state, assumed));

const asGone = (record) => ({ ...record, version: '', lineage: [], data: {}, _deleted: true });

function fromChange({ op, kind, id, version = '', audience = '', data, state }) {
  const record = { key: keyOf({ kind, id }), kind, id, audience, version, lineage: [] };
  if (state) record.state = state;
  return op === 'upsert' ? { ...record, data, _deleted: false } : asGone(record);
}

/**
 * The record as the server has it when that is not as we sent it; undefined when it is. What was
 * pulled before the push is older than its answer, and what is pulled after comes after: so what is
 * absent is gone.
 */
function masterState({ newDocumentState: sent, assumedMasterState: assumed }, result) {
  const { present, version, current } = result;
  if (sent._deleted && present !== 'newer') return undefined;
  if (present === 'same') { // a put that says nothing new makes no new version
    return version === sent.version ? undefined : { ...sent, version, lineage: [] };
  }
  const { kind, state } = sent;
  if (present === 'newer') return fromChange({ op: 'upsert', kind, state, ...current });
  return (present === 'unknown' && assumed) || asGone(sent);
}
