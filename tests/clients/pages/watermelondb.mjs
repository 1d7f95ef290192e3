// The app of clients/watermelondb/README.md on the LokiJS adapter, which Node imports in its own way.
import '../../node/window.mjs';
import { writeFileSync } from 'node:fs';
import { photo, pasted, play, screen } from './play.mjs';

Object.defineProperty(crypto, 'randomUUID', { value: undefined }); // as on React Native
writeFileSync(`${process.argv[2]}/adapter.js`, `
import { randomUUID } from 'node:crypto';
import loki from '@nozbe/watermelondb/adapters/lokijs';
export const newId = () => randomUUID();
export const adapterOf = (schema, dbName) => new loki.default({
  schema, dbName, useWebWorker: false, useIncrementalIndexedDB: true,
  extraLokiOptions: { autosave: false },
});`);
const { start } = await pasted('app.js');
const { describe, upload } = await pasted('attach.js');
let app;

await play({
  async start(session) {
    const { shown, show } = screen();
    app = await start(session, show);
    return shown;
  },
  sync: () => app.weft.sync(),
  async attach(session, introduction) {
    const { database, weft } = app;
    const data = await describe(photo(), { introduction_id: introduction });
    const made = await database.write(() => database.get('attachments').create((now) => {
      now.audience = 'network';
      now.data = data;
    }));
    await weft.sync();
    await upload(session, made.id, made.data, photo());
    await weft.sync();
    const { id, state } = made;
    return { id, state };
  },
});
