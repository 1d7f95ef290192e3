// Play: an app pasted together from the pages into a folder, driven line by line from Python.
import { createInterface } from 'node:readline';
import { late } from '../stage.mjs';

console.log = console.info = console.debug = console.warn = console.error; // answers are ours alone

const [, , folder] = process.argv;
export const pasted = (name) => import(`${folder}/${name}`);

/** A photo as a file input gives it, which tus-js-client takes for a buffer where there is no browser. */
export function photo() {
  const bytes = Buffer.from(PNG, 'base64');
  const arrayBuffer = async () => new Uint8Array(bytes).buffer;
  return Object.assign(bytes, { size: bytes.length, type: 'image/png', arrayBuffer });
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

const { begin, enter, renew } = await pasted('session.js');

/** `start` logs and gives what is shown; `attach` logs an attachment and gives its id and state. */
export async function play({ start, attach, sync }) {
  let session;
  let shown;
  const verbs = {
    begin: ({ email }) => begin(email),
    enter: async ({ email, code }) => { session = await enter(email, code); },
    renew: ({ email, code }) => renew(session, email, code),
    sync: () => sync().then(() => shown),
    start: async () => { shown = await start(session); return shown; },
    attach: () => attach(session, shown.introductions[0]),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: verb, ...words } = JSON.parse(line);
    const told = await Promise.race([verbs[verb](words), late(verb)]).then(
      (answer) => ({ answer: answer ?? null }),
      (error) => ({ error: error.stack ?? String(error) }),
    );
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
  process.exit(0);
}

/** What an app shows, each thing as it was shown last. */
export function screen() {
  const shown = {};
  const show = (what, found) => {
    shown[what] = Array.isArray(found) ? found.map(({ id }) => id) : found;
  };
  return { shown, show };
}
