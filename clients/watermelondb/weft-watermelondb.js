// Weft for WatermelonDB: synchronize() with the two functions it asks for, and what it leaves to us.
// The protocol is docs/sync.md; README.md beside this file tells how to use it.

import { Model, Q } from '@nozbe/watermelondb';
import { sanitizedRaw } from '@nozbe/watermelondb/RawRecord';
import { synchronize } from '@nozbe/watermelondb/sync';
import { randomId } from '@nozbe/watermelondb/utils/common';
import { BEGIN_AGAIN, NOT_A_MEMBER, inOrder } from '../wire.js';

const KEPT_DAYS = 30;
const STORE = 'weft_store';
const PLACE = 'weft_place';
const UNANSWERED = 'weft_unanswered';
const OPERATIONS = 'weft_operations';

const text = (name, more) => ({ name, type: 'string', ...more });

/** Columns that every table of records has. `data` is JSON: the kind's own fields, as in REST. */
export const recordColumns = [text('audience', { isIndexed: true }), text('version'), text('data')];

/** The table of what was said to the server, by operation: state `done`, `conflict` or `rejected`. */
export const operationsSchema = {
  name: OPERATIONS,
  columns: [
    text('state', { isIndexed: true }), { name: 'number', type: 'number' }, text('at'), text('op'),
    text('error'),
  ],
};

/** A model of records. What is set as `data` is sent; copies of its fields are minded. */
export class WeftRecord extends Model {
  get audience() {
    return this._getRaw('audience');
  }

  /** `network`, or `own:<member id>` for the notebook. */
  set audience(audience) {
    this._setRaw('audience', audience);
  }

  get data() {
    return JSON.parse(this._getRaw('data'));
  }

  /** The kind's own fields, all of them, as in REST. */
  set data(data) {
    this._setRaw('data', JSON.stringify(data));
    const copies = copiesOf(this.collection.schema, data);
    for (const [name, copy] of Object.entries(copies)) this._setRaw(name, copy);
  }
}

/** A model of what was said to the server. */
export class WeftOperation extends Model {
  static table = OPERATIONS;

  get state() {
    return this._getRaw('state');
  }

  /** As it was sent: `kind`, `id`, `data`, … */
  get op() {
    return JSON.parse(this._getRaw('op'));
  }

  /** Why it was refused: `code` and `detail` or `fields`; null when it was not. */
  get error() {
    return JSON.parse(this._getRaw('error') || 'null');
  }
}

/** Keeps a database and a server the same. */
export class WeftSync {
  #marks = null; // rows a snapshot has mentioned; null when it was begun before the app restarted
  #running = null;

  #memory = {
    recall: async () => await this.#get(STORE) ?? { clientId: randomId() },
    remember: (known) => this.#put(STORE, known),
    offerAgain: () => this.#offerAgain(),
  };

  /**
   * @param {object} options
   * @param {import('@nozbe/watermelondb').Database} options.database
   * @param {import('../wire.js').Wire} options.wire
   * @param {Record<string, string>} options.tables   kind → table
   * @param {number} [options.limit]   records in a page
   */
  constructor({ database, wire, tables, limit = 500 }) {
    Object.assign(this, { database, wire, tables, limit });
    this.kinds = Object.fromEntries(Object.entries(tables).map(([kind, table]) => [table, kind]));
  }

  /** Pull and push until nothing is left; throws a Trouble when that does not succeed. */
  sync() {
    this.#running ??= this.#sync().finally(() => { this.#running = null; });
    return this.#running;
  }

  async #sync() {
    await this.#settle(); // what an app that ended left over
    await this.#forget();
    for (let page; page?.has_more ?? true;) {
      await synchronize({
        database: this.database,
        sendCreatedAsUpdated: true,
        conflictResolver: (table, local, remote, resolved) =>
          (this.kinds[table] && local._status !== 'synced' ? local : resolved),
        pullChanges: async ({ lastPulledAt }) => {
          page = await this.#pull();
          return { changes: page.changes, timestamp: (lastPulledAt ?? 0) + 1 };
        },
        pushChanges: async ({ changes }) => {
          const told = await this.#push(await this.#dirtyRows(changes));
          return { experimentalRejectedIds: this.#undecided(told) };
        },
      });
      await this.#put(PLACE, page.place); // after the page: one that comes again does no harm
      await this.#settle();
      if (page.trouble) throw page.trouble;
    }
  }

  // --- pull --------------------------------------------------------------------------------------

  /** One page as Watermelon wants it. */
  async #pull() {
    const place = await this.#get(PLACE) ?? {};
    try {
      await this.wire.meet(this.#memory);
      if (!place.cursor) this.#marks = new Set();
      const page = await this.wire.changes(place.cursor, this.limit);
      const changes = page.changes.filter(({ kind }) => this.tables[kind]);
      const rows = new Map(changes.map((change) => [keyOf(change), change]));
      for (const key of rows.keys()) this.#marks?.add(key);
      const isOurs = (row) => page.scope.includes(rows.get(keyOf(row))?.audience); // from now on
      const swept = page.has_more ? [] : await this.#sweep(page);
      for (const row of swept) if (!isOurs(row)) rows.set(keyOf(row), row); // which has no `op`
      await this.#release([...rows.values()].filter(({ op }) => op !== 'upsert'));
      const { cursor, has_more } = page;
      return { changes: this.#asChanges([...rows.values()]), has_more, place: { cursor } };
    } catch (trouble) {
      if (NOT_A_MEMBER.has(trouble.code)) return this.#letGo(trouble);
      if (!BEGIN_AGAIN.has(trouble.code) || !place.cursor) throw trouble;
      await this.#put(PLACE, {});
      return this.#pull();
    }
  }

  /** Scope rule and snapshot rule: confirmed rows that are to be let go of. */
  async #sweep({ scope, snapshot }) {
    const gone = await this.#rows(Q.where('_status', 'synced'), Q.where('audience', Q.notIn(scope)));
    if (!snapshot) return gone;
    const all = await this.#rows(Q.where('_status', 'synced'));
    let unmarked = all.filter((row) => !this.#marks?.has(keyOf(row)));
    if (!this.#marks && unmarked.length) {
      const there = new Set((await this.wire.manifest()).map(([kind, id]) => keyOf({ kind, id })));
      unmarked = unmarked.filter((row) => !there.has(keyOf(row)));
    }
    this.#marks = null;
    return [...gone, ...unmarked];
  }

  /** Destroys confirmed rows; Watermelon would destroy edited ones, were they named in `deleted`. */
  async #release(gone) {
    await this.database.write(async () => {
      const found = await Promise.all(Object.entries(this.tables).map(([kind, table]) => {
        const ids = gone.filter((row) => row.kind === kind).map(({ id }) => id);
        const isConfirmed = [Q.where('id', Q.oneOf(ids)), Q.where('_status', 'synced')];
        return ids.length ? this.database.get(table).query(...isConfirmed).fetch() : [];
      }));
      await this.database.batch(found.flat().map((record) => record.prepareDestroyPermanently()));
    });
  }

  #asChanges(rows) {
    const upserts = rows.filter(({ op }) => op === 'upsert');
    return Object.fromEntries(Object.entries(this.tables).map(([kind, table]) => {
      const mine = upserts.filter((row) => row.kind === kind);
      const updated = mine.map((change) => this.#raw(table, change));
      return [table, { created: [], updated, deleted: [] }];
    }));
  }

  /** A record as its table holds it; `state` is that of an attachment's file. */
  #raw(table, { id, audience, version, data, state }) {
    const copies = copiesOf(this.database.schema.tables[table], state ? { ...data, state } : data);
    return { ...copies, id, audience, version, data: JSON.stringify(data) };
  }

  /** We do not belong any more: everything goes; what nobody took waits among the operations. */
  async #letGo(trouble) {
    const unanswered = await this.#get(UNANSWERED) ?? {}; // may be stored
    const result = { status: 'rejected', error: { code: trouble.code, detail: trouble.message } };
    await this.#put(PLACE, {}); // before: who comes back is sent everything
    await this.database.write(async () => {
      const edited = await this.#rows(Q.where('_status', Q.notEq('synced')));
      const told = edited.map((row) => ({ op: this.#operation(row, unanswered), result }));
      const { adapter } = this.database;
      const collections = Object.values(this.tables).map((table) => this.database.get(table));
      const all = await Promise.all(collections.map((each) => each.query().fetch()));
      const gone = all.flat().map((record) => record.prepareDestroyPermanently());
      await this.database.batch([...await this.#entries(told), ...gone]);
      for (const { table } of collections) {
        await adapter.destroyDeletedRecords(table, await adapter.getDeletedRecords(table));
      }
    });
    await this.#put(UNANSWERED, {});
    return { changes: {}, has_more: false, place: {}, trouble };
  }

  // --- push --------------------------------------------------------------------------------------

  /** Rows that Watermelon wants pushed. Of removed ones it names only ids: we look the rest up. */
  async #dirtyRows(changes) {
    const removed = Object.values(changes).flatMap(({ deleted }) => deleted);
    const found = removed.length ? await this.#rows(Q.where('_status', 'deleted')) : [];
    const edited = Object.entries(changes).filter(([table]) => this.kinds[table])
      .flatMap(([table, { created, updated }]) =>
        [...created, ...updated].map((raw) => ({ kind: this.kinds[table], ...raw })));
    return [...edited, ...found.filter(({ id }) => removed.includes(id))];
  }

  /** Say what happened here. Verdicts wait beside what they are on until they are in the rows. */
  async #push(rows) {
    if (!rows.length) return [];
    const kinds = await this.wire.meet(this.#memory);
    const unanswered = await this.#get(UNANSWERED) ?? {};
    const ops = inOrder(rows.map((row) => this.#operation(row, unanswered)), kinds);
    await this.#put(UNANSWERED, unanswered); // before they are sent: an answer may be lost
    const told = await this.wire.push(ops);
    const decided = told.filter(isDecided);
    await this.#keep(decided);
    for (const { op, result } of decided) unanswered[keyOf(op)].result = result;
    await this.#put(UNANSWERED, unanswered);
    return told;
  }

  /** Table → ids, for Watermelon to leave as they are. */
  #undecided(told) {
    const waiting = {};
    for (const { op } of told.filter((each) => !isDecided(each))) {
      (waiting[this.tables[op.kind]] ??= []).push(op.id);
    }
    return waiting;
  }

  /** The same operation as long as the row says the same, or what is sent twice would count twice. */
  #operation(row, unanswered) {
    const key = keyOf(row);
    const said = saidBy(row);
    const before = unanswered[key];
    if (before && isSame(before.said, said)) return before.op;
    const ancestors = before ? [...before.op.ancestors, before.op.op_id].slice(-50) : [];
    const op = {
      ...said,
      op_id: randomId(),
      base_version: row.version || null,
      ancestors,
      client_time: new Date().toISOString(),
    };
    unanswered[key] = { said, op };
    return op;
  }

  /** Verdicts into the rows. Inside pushChanges() they would look like edits: so afterwards. */
  async #settle() {
    const unanswered = await this.#get(UNANSWERED) ?? {};
    const told = Object.values(unanswered).filter(({ result }) => result);
    if (!told.length) return;
    const isUnsure = told.some(({ result }) => result.present === 'unknown');
    await this.database.write(async () => {
      const removed = new Set((await this.#rows(Q.where('_status', 'deleted'))).map(keyOf));
      const records = await Promise.all(told.map(({ op: { kind, id } }) =>
        this.database.get(this.tables[kind]).query(Q.where('id', id)).fetch()));
      const writes = told.map((each, i) => {
        const [record] = records[i];
        const stays = removed.has(keyOf(each.op)) || isUnmarked(each, record);
        if (stays) delete each.result; // what is sent next repeats it or stands on it
        else delete unanswered[keyOf(each.op)];
        return stays || isTakenIn(each, record) ? null : this.#verdict(each, record);
      });
      await this.database.batch(writes.filter(Boolean));
    });
    if (isUnsure) await this.#put(PLACE, {}); // a snapshot says what those are
    await this.#put(UNANSWERED, unanswered);
  }

  #verdict({ op, result: { status, version, present, current } }, record) {
    if (record && record._raw._status !== 'synced') { // edited while the push was on its way
      const made = { merged: op.op_id, applied: version }[status]; // or found, if it said nothing new
      return made ? rewrite(record, { version: made }) : null; // it stands on that
    }
    if (present === 'same') return record && rewrite(record, { version });
    if (present === 'unknown') return null;
    if (present !== 'newer') return record?.prepareDestroyPermanently();
    const table = this.tables[op.kind];
    const raw = { ...this.#raw(table, current), _status: 'synced', _changed: '' };
    return record ? rewrite(record, raw) : this.database.get(table).prepareCreateFromDirtyRaw(raw);
  }

  /** Done ones to offer again should the server lose them, refused ones for a person to see. */
  async #keep(told) {
    await this.database.write(async () => this.database.batch(await this.#entries(told)));
  }

  async #entries(told) {
    const at = new Date().toISOString();
    const collection = this.database.get(OPERATIONS);
    const isTold = Q.where('id', Q.oneOf(told.map(({ op }) => op.op_id)));
    const entries = new Map((await collection.query(isTold).fetch()).map((each) => [each.id, each]));
    const newest = collection.query(Q.sortBy('number', Q.desc), Q.take(1));
    const [last] = await newest.unsafeFetchRaw();
    return told.map(({ op, result: { status, error } }, i) => {
      const state = status === 'conflict' || status === 'rejected' ? status : 'done';
      const values = { state, op: JSON.stringify(op), error: error ? JSON.stringify(error) : '' };
      const entry = entries.get(op.op_id); // told again, it keeps its number and its day
      const number = (last?.number ?? 0) + 1 + i;
      return entry ? rewrite(entry, values) : collection.prepareCreateFromDirtyRaw({
        id: op.op_id, _status: 'synced', _changed: '', number, at, ...values,
      });
    });
  }

  /** The server was restored from a backup: tell it again what it may have lost. */
  async #offerAgain() {
    const done = this.database.get(OPERATIONS).query(Q.where('state', 'done'), Q.sortBy('number'));
    const ops = (await done.unsafeFetchRaw()).map(({ op }) => JSON.parse(op));
    if (ops.length) await this.#keep((await this.wire.push(ops)).filter(isDecided));
  }

  async #forget() {
    const since = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString();
    const done = Q.where('state', 'done');
    const old = await this.database.get(OPERATIONS).query(done, Q.where('at', Q.lt(since))).fetch();
    if (!old.length) return;
    await this.database.write(() =>
      this.database.batch(old.map((entry) => entry.prepareDestroyPermanently())));
  }

  // --- the store ---------------------------------------------------------------------------------

  /** Rows of all kinds as they are stored, removed ones too, without touching models. */
  async #rows(...clauses) {
    const found = await Promise.all(Object.entries(this.tables).map(async ([kind, table]) => {
      const query = this.database.get(table).query(...clauses);
      query.description = query._rawDescription; // or removed rows would not be found
      return (await query.unsafeFetchRaw()).map((raw) => ({ ...raw, kind }));
    }));
    return found.flat();
  }

  async #get(name) {
    return JSON.parse(await this.database.adapter.getLocal(name) || 'null');
  }

  #put(name, value) {
    return this.database.adapter.setLocal(name, JSON.stringify(value));
  }
}

/** Columns named like fields are copies, to query by. */
function copiesOf({ columnArray }, data) {
  const own = new Set(recordColumns.map(({ name }) => name));
  const copied = columnArray.filter(({ name }) => !own.has(name) && data[name] !== undefined);
  return Object.fromEntries(copied.map(({ name }) => {
    const value = data[name];
    return [name, value && typeof value === 'object' ? JSON.stringify(value) : value];
  }));
}

/** What a row says, as it is sent; without an audience the server takes the kind's own. */
function saidBy({ kind, id, audience, data, _status }) {
  const said = { kind, id, audience: audience || null };
  if (_status === 'deleted') return { ...said, action: 'delete' };
  return { ...said, action: 'put', data: JSON.parse(data || 'null') };
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The app ended before Watermelon took note that this was sent. */
const isUnmarked = ({ op: { kind }, said }, record) => !!record
  && record._raw._status !== 'synced' && isSame(saidBy({ kind, ...record._raw }), said);

/** The app ended between the verdict and the note of that: the row stands on it, and may be edited. */
const isTakenIn = ({ op }, record) => !!record && (record._raw.version || null) !== op.base_version;

const isDecided = ({ result: { status } }) => status !== 'retry';

const keyOf = ({ kind, id }) => `${kind}/${id}`;

/** New values that are not an edit of this phone's owner. */
function rewrite(record, values) {
  const raw = { ...record._raw, ...values };
  return record.prepareUpdate(() => {
    record._raw = sanitizedRaw(raw, record.collection.schema);
  });
}
