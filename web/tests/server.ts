// A server as a phone sees it: as much of docs/sync.md as the tests need, and faults to order.

interface Row {
  version: string;
  data: Record<string, unknown> | null;
}

type Sent = { op_id: string; kind: string; id: string; action: string; base_version: string | null; data?: Record<string, unknown> };

const EPOCH = "11111111-1111-4111-8111-111111111111";

export class Server {
  rows = new Map<string, Row>();
  feed: string[] = [];
  ledger = new Map<string, Record<string, unknown>>();
  epoch = EPOCH;
  subject = "net:member";
  /** Answers to give instead of one's own, the next first; `null` is no answer at all. */
  instead: (Response | null)[] = [];
  /** Whether the next push is done and its answer lost. */
  isAnswerLost = false;
  refusals = new Map<string, unknown>();
  pushed: string[] = [];
  closed: string[] = [];

  fetch = async (address: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = String(address).replace("/api/v1/networks/net/sync", "");
    if (this.instead.length) {
      const answer = this.instead.shift()!;
      if (!answer) throw new TypeError("network");
      return answer;
    }
    if (init.method === "DELETE") {
      this.closed.push(path.split("/").at(-1)!);
      return new Response(null, { status: 204 });
    }
    if (path === "") return this.say({ epoch: this.epoch });
    if (path === "/push") {
      const body = JSON.parse(String(init.body));
      if (body.epoch !== this.epoch) return problem(409, "epoch_changed");
      const results = body.ops.map((op: Sent) => this.judge(op));
      if (this.isAnswerLost) {
        this.isAnswerLost = false;
        throw new TypeError("network");
      }
      return this.say({ results });
    }
    return this.changes(new URLSearchParams(path.split("?")[1]));
  };

  say(told: object): Response {
    return Response.json({ subject: this.subject, ...told });
  }

  judge(op: Sent) {
    this.pushed.push(op.op_id);
    const known = this.ledger.get(op.op_id);
    if (known) return { ...known, replayed: true };
    const key = `${op.kind}/${op.id}`;
    const row = this.rows.get(key);
    const result: Record<string, unknown> = { op_id: op.op_id };
    if (this.refusals.has(op.id)) Object.assign(result, { status: "rejected", error: this.refusals.get(op.id), present: "absent" });
    else if ((row?.version ?? null) === op.base_version) {
      this.put(key, op.op_id, op.action === "delete" ? null : op.data!);
      Object.assign(result, { status: "applied", version: op.op_id, present: "same" });
    } else {
      const current = { id: op.id, version: row!.version, audience: "network", data: row!.data };
      Object.assign(result, { status: "conflict", error: { code: "conflict", fields: ["known_before"] }, present: "newer", current });
    }
    this.ledger.set(op.op_id, result);
    return result;
  }

  put(key: string, version: string, data: Record<string, unknown> | null): void {
    this.rows.set(key, { version, data });
    this.feed = [...this.feed.filter((each) => each !== key), key];
  }

  changes(query: URLSearchParams): Response {
    const cursor = query.get("cursor");
    if (cursor === "expired") return problem(410, "cursor_expired");
    const from = Number(cursor?.split(":")[1] ?? 0);
    const keys = this.feed.slice(from, from + 2);
    const changes = keys.map((key) => {
      const [kind, id] = key.split("/");
      const { version, data } = this.rows.get(key)!;
      return data ? { op: "upsert", kind, id, version, audience: "network", data } : { op: "delete", kind, id, version };
    });
    const end = from + keys.length;
    const snapshot = !cursor || cursor.startsWith("snap");
    const has_more = end < this.feed.length;
    const next = `${snapshot && has_more ? "snap" : "c"}:${end}`;
    return this.say({ changes, cursor: next, has_more, snapshot, scope: ["network"] });
  }
}

export function problem(status: number, code: string): Response {
  return new Response(JSON.stringify({ code, title: code }), { status, headers: { "Content-Type": "application/problem+json" } });
}

export function portal(): Response {
  return new Response("<html>Welcome to the free network</html>", { headers: { "Content-Type": "text/html" } });
}
