// Phones whose store is WatermelonDB with its LokiJS adapter, and the adapter that is published.
import '../node/window.mjs';
import { Database, Model, Q, appSchema, tableSchema } from '@nozbe/watermelondb';
import loki from '@nozbe/watermelondb/adapters/lokijs';
import { json, text } from '@nozbe/watermelondb/decorators';
import { setGenerator } from '@nozbe/watermelondb/utils/common/randomId';
import { Wire } from '../../clients/wire.js';
import {
  WeftSync, operationsSchema, recordColumns,
} from '../../clients/watermelondb/weft-watermelondb.js';
import { fetchFor, meetAnother, play } from './stage.mjs';

const { default: LokiJSAdapter } = loki;
setGenerator(() => crypto.randomUUID());

const KINDS = [
  'boundaries', 'sections', 'groups', 'spaces', 'people', 'introductions', 'meetings', 'flows',
  'listings', 'follow-ups', 'quiet-weeks',
];
// Not in the order in which kinds refer to each other: that is the adapter's to mind.
const TABLES = Object.fromEntries(KINDS.toReversed().map((kind) => [kind, kind.replace('-', '_')]));
const status = { name: 'status', type: 'string', isOptional: true };

const schema = appSchema({
  version: 1,
  tables: [
    ...Object.values(TABLES).map((name) => tableSchema({ name, columns: [...recordColumns, status] })),
    tableSchema(operationsSchema),
  ],
});

const modelClasses = Object.keys(schema.tables).map((table) => {
  class Each extends Model {
    static table = table;
  }
  decorate(Each, 'audience', text('audience'));
  decorate(Each, 'data', json('data', (data) => data));
  return Each;
});

/** What `@text('audience') audience` does where there is a compiler for it. */
function decorate(type, name, decorator) {
  Object.defineProperty(type.prototype, name, decorator(type.prototype, name, { initializer: null }));
}

class Phone {
  constructor({ token, batchSize, ...more }) {
    this.token = token;
    this.wire = new Wire({ ...more, fetch: fetchFor(this), token: () => this.token });
    const adapter = new LokiJSAdapter({
      schema, dbName: crypto.randomUUID(), useWebWorker: false, useIncrementalIndexedDB: true,
      extraLokiOptions: { autosave: false },
    });
    this.database = new Database({ adapter, modelClasses });
    this.batchSize = batchSize;
  }

  async start() {
    const { database, wire, batchSize: limit } = this;
    this.weft = new WeftSync({ database, wire, tables: TABLES, limit });
    return this;
  }

  /** What the adapter held in memory alone is gone. */
  async restart() {
    await this.start();
  }

  close() {}

  signIn({ token }) {
    this.token = token;
  }

  /** The system ends the app when it has written a note of this name so often; its owner opens it. */
  endAt({ note, times }) {
    return this.end(({ name, write }) =>
      write().then(() => name === note && !--times));
  }

  /** The same, before that note is written. */
  endBefore({ note, times }) {
    return this.end(async ({ name, write }) => {
      const ends = name === note && !--times;
      if (!ends) await write();
      return ends;
    });
  }

  async end(noting) {
    const { adapter } = this.database;
    const write = adapter.setLocal;
    await new Promise((end) => {
      adapter.setLocal = async (name, value) => {
        if (!await noting({ name, write: () => write.call(adapter, name, value) })) return;
        end();
        await new Promise(() => {});
      };
      this.weft.sync().catch(() => {});
    });
    delete adapter.setLocal;
    await this.restart();
  }

  /** Its owner does something just before a note of this name is written. */
  whileNoting({ note, act }) {
    const { adapter } = this.database;
    const write = adapter.setLocal;
    adapter.setLocal = async (name, value) => {
      if (name === note) {
        delete adapter.setLocal;
        await this[act.do](act);
      }
      await write.call(adapter, name, value);
    };
  }

  async meetAs({ isNew, ...other }) {
    const { token } = this;
    this.signIn(other);
    await meetAnother(this.wire, isNew);
    this.signIn({ token });
  }

  put({ kind, id, audience = 'network', data }) {
    return this.database.write(async () => {
      const collection = this.database.get(TABLES[kind]);
      const [record] = await collection.query(Q.where('id', id)).fetch();
      if (record) {
        await record.update((now) => Object.assign(now, { audience, data: { ...now.data, ...data } }));
      } else {
        await collection.create((made) => {
          made._raw.id = id;
          Object.assign(made, { audience, data });
        });
      }
    });
  }

  /** A mistake of the app's maker: neither an audience nor data. */
  async putNothing({ kind, id }) {
    await this.database.write(() =>
      this.database.get(TABLES[kind]).create((made) => { made._raw.id = id; }));
  }

  remove({ kind, id }) {
    return this.database.write(async () => {
      await (await this.database.get(TABLES[kind]).find(id)).markAsDeleted();
    });
  }

  whilePushing({ act }) {
    this.meanwhile = act;
  }

  /** A bad line ends an attempt: the owner pulls down the list once more. */
  async sync() {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.weft.sync();
      } catch (trouble) {
        if (trouble.status === 403) return null;
        if (attempt > 5 || trouble.name !== 'Trouble') throw trouble;
      }
    }
  }

  async meet() {
    return this.weft.sync().then(() => null, (trouble) => {
      if (trouble.name !== 'Trouble') throw trouble;
      return { ...trouble };
    });
  }

  async records() {
    const found = {};
    for (const [kind, table] of Object.entries(TABLES)) {
      for (const { id, _raw } of await this.database.get(table).query().fetch()) {
        const { version, audience, data } = _raw;
        found[`${kind}/${id}`] = { version, audience, data: JSON.parse(data) };
      }
    }
    return found;
  }

  async said() {
    const found = await this.database.get('weft_operations').query().fetch();
    return found.map(({ _raw: { id, state, at } }) => ({ op_id: id, state, at }));
  }

  async attention() {
    const found = await this.database.get('weft_operations').query().fetch();
    return found.map(({ _raw: { state, op, error } }) => ({
      state, op: JSON.parse(op), error: JSON.parse(error || 'null'),
    })).filter(({ state }) => state !== 'done');
  }
}

await play((options) => new Phone(options).start());
