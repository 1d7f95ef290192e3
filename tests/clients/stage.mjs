// Stage: phones of one client library, played line by line from Python.
import { createInterface } from 'node:readline';

const PATIENCE = 30_000; // ms; only what hangs takes them

console.log = console.info = console.debug = console.error; // libraries chat, answers are ours

const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

export const late = (verb) => new Promise((_, fail) => {
  setTimeout(fail, PATIENCE, new Error(`${verb} never ended`)).unref();
});

/** Answers `{do, phone, …}` with what that method of that phone gives; `open` makes a phone. */
export async function play(open) {
  const phones = new Map();
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: verb, phone, ...words } = JSON.parse(line);
    try {
      if (verb === 'open') phones.set(phone, await open(words));
      const done = verb === 'open' ? null : phones.get(phone)[verb](words);
      const answer = await Promise.race([done, late(verb)]);
      say({ answer: answer ?? null });
    } catch (error) {
      say({ error: error.stack ?? String(error) });
    }
  }
  process.exit(0);
}

/** `fetch` for a phone whose owner does something once a push was answered and before the app hears. */
export function fetchFor(phone) {
  return async (url, request) => {
    const answer = await fetch(url, request);
    const { meanwhile } = phone;
    if (!meanwhile || !url.endsWith('/push')) return answer;
    phone.meanwhile = null;
    await phone[meanwhile.do](meanwhile);
    return answer;
  };
}

/** Somebody else has signed in: to a store that is of a third person, or of nobody yet. */
export async function meetAnother(wire, isNew) {
  const known = { clientId: crypto.randomUUID(), ...(isNew ? {} : { subject: 'a third person' }) };
  const store = { recall: async () => known, remember: async () => {} };
  const refused = await wire.meet(store).then(() => null, (trouble) => trouble.code);
  if (refused !== (isNew ? null : 'another_subject')) throw new Error(`told ${refused}`);
}
