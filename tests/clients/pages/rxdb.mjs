// The app of clients/rxdb/README.md, with the storage it names and what that needs of a browser.
import 'fake-indexeddb/auto';
import { photo, pasted, play, screen } from './play.mjs';

const { log, start } = await pasted('app.js');
const { describe, upload } = await pasted('attach.js');
let app;

await play({
  async start(session) {
    const { shown, show } = screen();
    app = await start(session, show);
    await app.weft.sync();
    await log(app, await app.records.find({ selector: { kind: 'groups' } }).exec());
    await app.weft.sync();
    return shown;
  },
  sync: () => app.weft.sync(),
  async attach(session, introduction) {
    const { records, weft } = app;
    const data = await describe(photo(), { introduction_id: introduction });
    const made = await records.insert({
      kind: 'attachments', id: crypto.randomUUID(), audience: 'network', data,
    });
    await weft.sync();
    await upload(session, made.id, made.data, photo());
    await weft.sync();
    const { id, state } = made.getLatest();
    return { id, state };
  },
});
