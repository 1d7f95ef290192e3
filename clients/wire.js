// Wire: speaks docs/sync.md over HTTP; what every client here stands on. No dependency.

const OPS = 200;
const BYTES = 1_000_000;

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
  /**
   * @param {object} options
   * @param {string} options.address   of the server, as `https://weft.example`
   * @param {string} options.network   id of the network
   * @param {() => string} options.token   the bearer token, asked for at each request
   * @param {string} options.clientId   a UUID made once for each store and kept with it
   * @param {number} [options.schemaVersion]   the version of the data that the app knows
   * @param {typeof fetch} [options.fetch]
   */
  constructor({ address, network, token, clientId, schemaVersion = 1, fetch = globalThis.fetch }) {
    this.root = `${address}/api/v1/networks/${network}/sync`;
    this.fetch = (...words) => fetch(...words);
    Object.assign(this, { token, clientId, schemaVersion });
  }

  /** What the server speaks: limits, epoch, and the kinds in the order they refer to each other. */
  about() {
    return this.#ask('', 'kinds');
  }

  /** A page of what changed since a cursor; without one, of everything there is. */
  changes(cursor, limit = 500) {
    const query = new URLSearchParams({ limit, schema_version: this.schemaVersion });
    if (cursor) query.set('cursor', cursor);
    return this.#ask(`/changes?${query}`, 'changes');
  }

  /** Every `[kind, id, version]` there is to see. */
  async manifest() {
    const found = [];
    let cursor = '';
    do {
      const page = await this.#ask(`/manifest?limit=5000${cursor && `&cursor=${cursor}`}`, 'records');
      found.push(...page.records);
      ({ cursor } = page);
    } while (cursor);
    return found;
  }

  /** One result for each operation, in order; as many requests as the server's limits ask for. */
  async push(ops) {
    const body = JSON.stringify({
      client_id: this.clientId, schema_version: this.schemaVersion, ops,
    });
    if (ops.length > 1 && (ops.length > OPS || body.length > BYTES)) return this.#pushHalves(ops);
    try {
      return (await this.#ask('/push', 'results', body)).results;
    } catch (trouble) {
      if (trouble.code !== 'batch_too_large') throw trouble;
      if (ops.length > 1) return this.#pushHalves(ops);
      const error = { code: 'record_too_large', detail: trouble.message };
      return [{ op_id: ops[0].op_id, status: 'rejected', error, present: 'unknown' }];
    }
  }

  async #pushHalves(ops) {
    const half = Math.ceil(ops.length / 2);
    return [...(await this.push(ops.slice(0, half))), ...(await this.push(ops.slice(half)))];
  }

  /** JSON that has the expected member, or Trouble: a captive portal answers 200 with HTML. */
  async #ask(path, member, body) {
    const headers = { Authorization: `Bearer ${this.token()}`, 'Sync-Protocol': '1' };
    if (body) headers['Content-Type'] = 'application/json';
    const answer = await this.fetch(this.root + path, {
      method: body ? 'POST' : 'GET', headers, body, signal: AbortSignal.timeout(60_000),
    }).catch((error) => { throw new Trouble('no_answer', error.message); });
    const told = await answer.json().catch(() => null);
    if (answer.ok && told?.[member] !== undefined) return told;
    const { status } = answer;
    const retryAfter = Number(answer.headers.get('Retry-After')) || 0;
    if (answer.ok || !told?.code) throw new Trouble('no_answer', `Answered ${status}, not by Weft.`);
    throw new Trouble(told.code, told.detail ?? told.title, { status, retryAfter });
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
