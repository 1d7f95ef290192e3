// Phones whose store is RxDB, with the adapter that is published.
import { addRxPlugin, createRxDatabase } from 'rxdb';
import { RxDBDevModePlugin, disableWarnings } from 'rxdb/plugins/dev-mode';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { filter, firstValueFrom } from 'rxjs';
import { Wire } from '../../clients/wire.js';
import {
  conflictHandler, operationSchema, recordSchema, replicateWeft,
} from '../../clients/rxdb/weft-rxdb.js';
import { fetchFor, meetAnother, play } from './stage.mjs';

disableWarnings();
addRxPlugin(RxDBDevModePlugin); // it also finds out whether the adapter uses RxDB as it is meant
const storage = wrappedValidateAjvStorage({ storage: getRxStorageMemory() });

class Phone {
  constructor(options) {
    this.options = options;
    this.name = options.device ?? `phone${crypto.randomUUID().replaceAll('-', '')}`;
  }

  /** Memory lives as long as a database of this name is open: so one opens before the other closes. */
  async start() {
    const before = this.database;
    this.database = await createRxDatabase({
      name: this.name, storage, multiInstance: !!this.options.device, ignoreDuplicate: true,
    });
    const { records, operations } = await this.database.addCollections({
      records: { schema: recordSchema, conflictHandler },
      operations: { schema: operationSchema, localDocuments: true },
    });
    await before?.close();
    const { batchSize, ...more } = this.options;
    const wire = this.wire = new Wire({ ...more, fetch: fetchFor(this), token: () => this.options.token });
    const backoff = { first: 20, last: 60 };
    this.weft = replicateWeft({ records, operations, wire, batchSize, backoff });
    return this;
  }

  async restart() {
    await this.weft.stop();
    await this.start();
  }

  signIn({ token }) {
    this.options.token = token;
  }

  async close() {
    await this.weft.stop();
    await this.database.close();
  }

  async put({ kind, id, audience = 'network', data }) {
    const { records } = this.database;
    const record = await records.findOne(`${kind}/${id}`).exec();
    if (!record) await records.insert({ kind, id, audience, data });
    else await record.incrementalModify((was) => ({ ...was, audience, data: { ...was.data, ...data } }));
  }

  async meetAs({ isNew, ...other }) {
    const { token } = this.options;
    this.signIn(other);
    await meetAnother(this.wire, isNew);
    this.signIn({ token });
  }

  async remove({ kind, id }) {
    await (await this.database.records.findOne(`${kind}/${id}`).exec()).remove();
  }

  whilePushing({ act }) {
    this.meanwhile = act;
  }

  async sync() {
    await this.weft.sync();
  }

  nudge() {
    this.weft.replication.reSync();
  }

  /** The system ends the app when an answer is in the records and not yet noted as what is there. */
  async endTakingIn(record) {
    const { metaInstance } = this.weft.replication;
    const write = metaInstance.bulkWrite;
    await new Promise((end, fail) => {
      metaInstance.bulkWrite = (rows, context) => {
        if (context !== 'replication-up-write-conflict-meta') return write.call(metaInstance, rows, context);
        end();
        return new Promise(() => {});
      };
      this.put(record).catch(fail);
    });
    await this.restart();
  }

  /** RxDB has had every chance to take in what the line brought. */
  async breathe() {
    for (let turn = 0; turn < 100; turn++) await new Promise((next) => { setTimeout(next); });
  }

  /** What was written here was answered, and the answer taken in. */
  async pushed() {
    const { streamQueue } = this.weft.replication.internalReplicationState;
    for (let up; up !== streamQueue.up;) await (up = streamQueue.up);
  }

  async settle() {
    await this.weft.replication.awaitInSync();
  }

  async meet({ code }) {
    this.weft.replication.reSync();
    return { ...await firstValueFrom(this.weft.trouble$.pipe(filter((each) => each?.code === code))) };
  }

  async records() {
    const found = await this.database.records.find().exec();
    return Object.fromEntries(found.map((each) => {
      const { key, version, audience, data } = each.toJSON();
      return [key, { version, audience, data }];
    }));
  }

  async lead() {
    await this.database.waitForLeadership();
  }

  /** The owner opens the app and swipes it away at once. */
  async glance() {
    await this.restart();
    await this.database.operations.close();
    await this.restart();
  }

  async said() {
    const found = await this.database.operations.find().exec();
    return found.map(({ op_id, state, at }) => ({ op_id, state, at }));
  }

  async attention() {
    const selector = { state: { $in: ['conflict', 'rejected'] } };
    const found = await this.database.operations.find({ selector }).exec();
    return found.map((each) => each.toJSON());
  }
}

await play((options) => new Phone(options).start());
