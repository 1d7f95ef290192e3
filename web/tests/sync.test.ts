// Sync of one phone with a server that fails in every way that networks and servers do.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepSession, session } from "../src/session";
import { Store } from "../src/store/store";
import { wipe } from "../src/store/database";
import { needing } from "../src/sync/queue";
import { Sync } from "../src/sync/sync";
import { portal, problem, Server } from "./server";

const introduction = (more = {}) => ({ made_at: "2026-03-31T18:30:00Z", parties: [{ group_id: "a" }, { group_id: "b" }], known_before: "unknown", ...more });

let server: Server;
let store: Store;
let sync: Sync;

beforeEach(async () => {
  await wipe(["member"]);
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  keepSession({ token: "secret" });
  store = await Store.open("member");
  sync = new Sync(store, "net");
});
afterEach(() => store.close());

const log = (id: string, data = introduction()) => store.save({ kind: "introductions", id, data });
const states = () => store.outbox.map((op) => op.state);
async function restart(): Promise<void> {
  store.close();
  store = await Store.open("member");
  sync = new Sync(store, "net");
}

test("what was logged offline is shown at once, outlives a restart, and is sent once there is a network", async () => {
  server.instead = [null];
  await log("one");
  expect(await sync.run()).toBe("offline");
  await restart();
  expect(store.get("introductions", "one")?.op?.state).toBe("waiting");
  expect(await sync.run()).toBe("fresh");
  expect(states()).toEqual(["sent"]);
  expect(server.rows.get("introductions/one")?.data).toEqual(introduction());
  expect(store.get("introductions", "one")?.op).toBeUndefined();
});

test("a captive portal's 200 counts for nothing", async () => {
  await sync.run();
  await log("one");
  for (const answer of [portal(), Response.json({ hello: "you" }), Response.json([])]) {
    server.instead = [answer];
    expect(await sync.run()).toBe("offline");
    expect(states()).toEqual(["waiting"]);
  }
  await sync.run();
  expect(states()).toEqual(["sent"]);
});

test("what is too large for a proxy goes in halves, and one entry that never passes is shown as refused", async () => {
  await sync.run();
  const proxys = () => new Response("<html>413</html>", { status: 413, headers: { "Content-Type": "text/html" } });
  for (const id of ["one", "two", "three"]) await log(id);
  server.instead = [proxys(), proxys(), proxys()];
  await sync.run();
  expect(states()).toEqual(["needs_you", "sent", "sent"]);
});

test("an answer that was lost, or a tab killed in mid-push, makes nothing twice", async () => {
  await sync.run();
  const op = await log("one");
  server.isAnswerLost = true;
  await sync.run();
  expect(store.outbox[0]).toMatchObject({ state: "waiting", isAttempted: true });
  await restart();
  await sync.run();
  expect(server.pushed).toEqual([op.op_id, op.op_id]);
  expect(server.rows.size).toBe(1);
  expect(states()).toEqual(["sent"]);
});

test("an edit of what is still waiting builds on it, and both arrive in order", async () => {
  const first = await log("one");
  const second = await log("one", introduction({ known_before: "no" }));
  expect(second.base_version).toBe(first.op_id);
  await sync.run();
  expect(states()).toEqual(["sent", "sent"]);
  expect(store.get("introductions", "one")?.data.known_before).toBe("no");
});

test("of two phones on one record the later sees both versions, and one tap settles it", async () => {
  server.put("introductions/one", "v1", introduction());
  await sync.run();
  server.put("introductions/one", "v2", introduction({ known_before: "yes" }));
  await log("one", introduction({ known_before: "no" }));
  await sync.run();
  const [[refused]] = needing(store.outbox) as [[any]];
  expect(refused.data.known_before).toBe("no");
  expect(refused.current.data.known_before).toBe("yes");
  expect(store.get("introductions", "one")?.data.known_before).toBe("yes");
  await store.save({ kind: "introductions", id: "one", data: refused.data, mends: [refused.op_id] });
  await sync.run();
  expect(server.rows.get("introductions/one")?.data?.known_before).toBe("no");
  expect(needing(store.outbox)).toEqual([]);
  expect(server.closed).toEqual([refused.op_id]);
});

test("a rejected entry is kept with what was wrong, is never sent again as it was, and can be mended", async () => {
  server.refusals.set("one", { code: "validation_failed", fields: { parties: "Two at least." } });
  const op = await log("one");
  await sync.run();
  await restart();
  await sync.run();
  expect(server.pushed).toEqual([op.op_id]);
  expect(needing(store.outbox)[0]![0]!.error!.fields).toEqual({ parties: "Two at least." });
  server.refusals.clear();
  await store.save({ kind: "introductions", id: "one", data: introduction(), mends: [op.op_id] });
  await sync.run();
  expect(server.rows.has("introductions/one")).toBe(true);
  expect(states()).toEqual(["sent"]);
});

test("a device that was revoked keeps its queue and asks to sign in; then all is sent", async () => {
  await sync.run();
  await log("one");
  server.instead = [problem(401, "not_signed_in")];
  expect(await sync.run()).toBe("signed_out");
  expect(session.get().token).toBe("");
  expect(states()).toEqual(["waiting"]);
  keepSession({ token: "another" });
  expect(await sync.run()).toBe("fresh");
  expect(states()).toEqual(["sent"]);
});

test("a store is never mixed with somebody else's", async () => {
  await log("one");
  server.subject = "net:somebody";
  expect(await sync.run()).toBe("other_store");
  expect(server.pushed).toEqual([]);
});

test("who no longer belongs keeps what waits and loses the rest", async () => {
  server.put("groups/a", "v1", { name: "Choir" });
  await sync.run();
  await log("one");
  server.instead = [problem(403, "unknown_network")];
  expect(await sync.run()).toBe("left");
  expect(store.all("groups").size).toBe(0);
  expect(states()).toEqual(["waiting"]);
});

test("after a cursor expired, what was removed meanwhile is swept out, and what waits is pushed first", async () => {
  for (const id of ["a", "b", "c"]) server.put(`groups/${id}`, "v1", { name: id });
  await sync.run();
  expect(store.all("groups").size).toBe(3);
  server.rows.delete("groups/b");
  server.feed = server.feed.filter((key) => key !== "groups/b");
  await store.change({ notes: { cursor: "expired" } });
  await log("one");
  await sync.run();
  expect([...store.all("groups").keys()].sort()).toEqual(["a", "c"]);
  expect(store.all("introductions").size).toBe(1);
});

test("a snapshot cut short goes on where it was and sweeps only what no page of it named", async () => {
  for (const id of ["a", "b", "c"]) server.put(`groups/${id}`, "v1", { name: id });
  await sync.run();
  await store.change({ notes: { cursor: null }, put: [{ kind: "groups", id: "old", version: "v", audience: "network", data: { name: "old" } }] });
  const own = server.fetch;
  let pages = 0;
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    if (String(address).includes("/changes") && ++pages === 2) throw new TypeError("network");
    return own(address, init);
  });
  expect(await sync.run()).toBe("offline");
  expect(store.all("groups").size).toBe(4);
  await restart();
  await sync.run();
  expect([...store.all("groups").keys()].sort()).toEqual(["a", "b", "c"]);
});

test("a server restored from a backup is offered again what it had acknowledged", async () => {
  const op = await log("one");
  await sync.run();
  server.rows.clear();
  server.feed = [];
  server.ledger.clear();
  server.epoch = "22222222-2222-4222-8222-222222222222";
  await log("two");
  await sync.run();
  expect([...server.rows.keys()]).toEqual(["introductions/one", "introductions/two"]);
  expect(server.pushed.filter((each) => each === op.op_id)).toHaveLength(2);
  expect(store.all("introductions").size).toBe(2);
});

test("what leaves the scope leaves the phone, but never an entry that waits", async () => {
  await sync.run(); // so that what follows is no snapshot, which would sweep by itself
  await store.change({ put: [{ kind: "listings", id: "x", version: "v", audience: "own:somebody", data: {} }] });
  await log("one");
  server.instead = [problem(503, "busy")];
  await sync.run();
  expect(store.get("introductions", "one")).toBeDefined();
  await sync.run();
  expect(store.all("listings").size).toBe(0);
  expect(store.get("introductions", "one")).toBeDefined();
});

test("undoing what nobody has seen leaves no trace; afterwards it is removed", async () => {
  const op = await log("one");
  await store.undo(op);
  expect(store.outbox).toEqual([]);
  const other = await log("two");
  await sync.run();
  await store.undo(other);
  expect(store.get("introductions", "two")).toBeUndefined();
  await sync.run();
  expect(server.rows.get("introductions/two")?.data).toBeNull();
});

test("two changes in one moment are one after the other, and nothing of them clashes", async () => {
  const first = log("one");
  const second = log("one", introduction({ known_before: "no" }));
  expect((await second).base_version).toBe((await first).op_id);
  await sync.run();
  expect(states()).toEqual(["sent", "sent"]);
});

test("undoing takes back a change that is still being written too", async () => {
  const op = await log("one");
  await Promise.all([log("one", introduction({ known_before: "no" })), store.undo(op)]);
  expect(store.outbox).toEqual([]);
});

test("what is undone in the moment a sync begins is not sent", async () => {
  await sync.run();
  const op = await log("one");
  await Promise.all([sync.run(), store.undo(op)]);
  expect(server.pushed).toEqual([]);
  expect(store.outbox).toEqual([]);
});

test("nothing is taken for saved once the store is closed", async () => {
  store.close();
  await expect(log("one")).rejects.toThrow("closed");
});

test("what is written while a sync is under way is sent by the time the next one is done", async () => {
  const own = server.fetch;
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  const going = new Promise<void>((isPulling) => {
    vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
      if (!String(address).includes("/changes")) return own(address, init);
      isPulling();
      await held;
      return own(address, init);
    });
    void sync.run();
  });
  await going;
  await log("one");
  const after = sync.run();
  release();
  await after;
  expect(server.rows.has("introductions/one")).toBe(true);
});
