// Wire: speaks docs/sync.md over HTTP; what every client here stands on. No dependency.

const OPS = 200;
const BYTES = 1_000_000; // a proxy often takes 1 MiB and no more
const PATIENCE = 60_000; // ms

/** Why a request came to nothing: `code` as in docs/problems.md, or `no_answer`. */
export class Trouble extends Error {
  constructor(code, detail, { status = 0, retryAfter = 0 } = {}) {
    super(detail ?? code);
    Object.assign(this, { name: 'Trouble', code, status, retryAfter });
  }
}

/** What a pull answers by beginning again without a cursor. */
export const BEGIN_AGAIN = new Set([
  'bad_cursor', 'cursor_expired', 'cursor_kinds_mismatch', 'epoch_changed',
]);

/** What tells somebody that they do not belong to the network any more. */
export const NOT_A_MEMBER = new Set(['account_disabled', 'unknown_network']);

/** One network on one server, spoken to by one store. */
export class Wire {
  #meeting = null;
  #met = null; // the token that the meeting is with
  #voice = {}; // of the last that went well: its token, and what pushes say of their store

  /**
   * @param {object} options
   * @param {string} options.address   of the server, as `https://weft.example`
   * @param {string} options.network   id of the network
   * @param {() => string} options.token   the bearer token, asked for at each meeting
   * @param {number} [options.schemaVersion]   the version of the data that the app knows
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ address, network, token, schemaVersion = 1, fetch = globalThis.fetch }) {
    this.root = `${address}/api/v1/networks/${network}/sync`;
    this.fetch = (...words) => fetch(...words);
    Object.assign(this, { token, schemaVersion });
  }

  /**
   * To be awaited before each push and pull. Asks the server who we are to it: a store of somebody
   * else says nothing. A server that was restored from a backup is first told what it may have lost.
   * It is asked once, and again with another token or after an answer in BEGIN_AGAIN.
   *
   * @param {object} store
   * @param {() => Promise<{clientId: string, subject?: string, epoch?: string}>} store.recall
   *   what it remembers; at first no more than a UUID of its own
   * @param {(known: {clientId: string, subject: string, epoch: string}) => Promise} store.remember
   * @param {() => Promise} store.offerAgain   push what was stored in the last 30 days
   * @returns {Promise<string[]>}   kinds, in the order in which they refer to each other
   */
  meet(store) {
    const token = this.token();
    if (token !== this.#met) this.#meeting = null;
    this.#met = token;
    this.#meeting ??= this.#introduce(store, token).catch((trouble) => {
      this.#meeting = null;
      throw trouble;
    });
    return this.#meeting;
  }

  async #introduce(store, token) {
    const { kinds, subject, epoch } = await this.#ask('', 'kinds', { token });
    const { clientId, ...before } = await store.recall();
    if ((before.subject ?? subject) !== subject) {
      throw new Trouble('another_subject', 'This store belongs to another member or network.');
    }
    this.#voice = { token, sender: { client_id: clientId, epoch } };
    if ((before.epoch ?? epoch) !== epoch) await store.offerAgain();
    await store.remember({ clientId, subject, epoch });
    return kinds;
  }

  /** A page of what changed since a cursor; without one, of everything there is. */
  changes(cursor, limit = 500) {
    const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    return this.#ask(`/changes?limit=${limit}&schema_version=${this.schemaVersion}${from}`, 'changes');
  }

  /** Every `[kind, id, version]` there is to see. */
  async manifest() {
    const found = [];
    let cursor = '';
    do {
      const from = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.#ask(`/manifest?limit=500${from}`, 'records');
      found.push(...page.records);
      ({ cursor } = page);
    } while (cursor);
    return found;
  }

  /**
   * Each `{op, result}`, in order; in as many requests as the limits of those on the way ask for, all
   * in the name of who was met before, whoever signs in meanwhile.
   */
  push(ops) {
    return this.#push(ops, this.#voice);
  }

  async #push(ops, voice) {
    const body = JSON.stringify({ ...voice.sender, schema_version: this.schemaVersion, ops });
    const isMuch = ops.length > OPS || bytesOf(body) > BYTES;
    if (ops.length > 1 && isMuch) return this.#pushHalves(ops, voice);
    try {
      const { results } = await this.#ask('/push', 'results', voice, body);
      return ops.map((op, i) => ({ op, result: results[i] }));
    } catch (trouble) {
      if (trouble.status !== 413) throw trouble; // which a proxy may say as well
      if (ops.length > 1) return this.#pushHalves(ops, voice);
      const error = { code: 'record_too_large', detail: trouble.message };
      return [{ op: ops[0], result: { status: 'rejected', error, present: 'unknown' } }];
    }
  }

  async #pushHalves(ops, voice) {
    const half = Math.ceil(ops.length / 2);
    const [one, other] = [ops.slice(0, half), ops.slice(half)];
    return [...(await this.#push(one, voice)), ...(await this.#push(other, voice))];
  }

  #ask(path, member, { token } = this.#voice, body = undefined) {
    const headers = { Authorization: `Bearer ${token}`, 'Sync-Protocol': '1' };
    return ask(this.fetch, this.root + path, { headers, body }, member).catch((trouble) => {
      if (BEGIN_AGAIN.has(trouble.code)) this.#meeting = null; // it may not be what it was
      throw trouble;
    });
  }
}

/** What is referred to comes before what refers to it; removals come last, the other way round. */
export function inOrder(ops, kinds) {
  const rank = ({ kind, action }) => (action === 'delete' ? 2 * kinds.length - kinds.indexOf(kind)
    : kinds.indexOf(kind));
  return [...ops].sort((one, other) => rank(one) - rank(other));
}

/** Have a one-time code mailed to somebody who belongs to a network or was invited to one. */
export function askForCode(address, email, { fetch = globalThis.fetch } = {}) {
  const body = JSON.stringify({ email });
  return ask(fetch, `${address}/api/v1/sign-in`, { body }, 'message');
}

/**
 * Turn the code into a token for this device. Keep it: it is shown this once.
 *
 * @returns {Promise<{token: string, networks: {id: string, name: string, role: string, member_id: string}[]}>}
 */
export function signIn(address, { email, code, device }, { fetch = globalThis.fetch } = {}) {
  const body = JSON.stringify({ email, code, device_name: device });
  return ask(fetch, `${address}/api/v1/sign-in/verify`, { body }, 'token');
}

/** JSON that has the expected member, or Trouble: a captive portal answers 200 with HTML. */
async function ask(fetch, url, { headers = {}, body }, member) {
  const sort = body ? { 'Content-Type': 'application/json' } : {};
  const request = { method: body ? 'POST' : 'GET', headers: { ...headers, ...sort }, body };
  const { answer, told } = await reach(fetch, url, request);
  if (answer.ok && told?.[member] !== undefined) return told;
  const { status } = answer;
  const more = { status, retryAfter: Number(answer.headers.get('Retry-After')) || 0 };
  const isWeft = !answer.ok && told?.code;
  if (!isWeft) throw new Trouble('no_answer', `Answered ${status}, not by Weft.`, more);
  throw new Trouble(told.code, told.detail ?? told.title, more);
}

/** How long a text is as UTF-8; React Native has no TextEncoder everywhere. */
function bytesOf(text) {
  const twos = text.replace(/[\u0080-\u07ff\ud800-\udfff]/g, '..');
  return twos.replace(/[\u0800-\uffff]/g, '...').length;
}

/** An answer, and its JSON where it is any. A line gone silent is given up. */
async function reach(fetch, url, request) {
  const giving = new AbortController();
  const timer = setTimeout(() => giving.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { ...request, signal: giving.signal });
    return { answer, told: await answer.json().catch(() => null) };
  } catch (error) {
    throw new Trouble('no_answer', error.message);
  } finally {
    clearTimeout(timer);
  }
}

/** How long to wait after a failure, in ms: doubles from `first` to `last`, with jitter. */
export class Backoff {
  constructor({ first = 1_000, last = 300_000 } = {}) {
    Object.assign(this, { first, last, tries: 0 });
  }

  next(trouble) {
    const full = Math.min(this.last, this.first * 2 ** this.tries++);
    return Math.max((trouble?.retryAfter ?? 0) * 1_000, full * (0.5 + Math.random() / 2));
  }

  reset() {
    this.tries = 0;
  }
}
