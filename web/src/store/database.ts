// Database: IndexedDB with promises; one database for each member, so that no two stores ever mix.

export type Area = "records" | "outbox" | "meta";

const VERSION = 1;

export const nameOfDatabase = (member: string) => `weft-${member}`;

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function openDatabase(member: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(nameOfDatabase(member), VERSION);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("records", { keyPath: ["kind", "id"] });
    opening.result.createObjectStore("outbox", { keyPath: "op_id" });
    opening.result.createObjectStore("meta");
  };
  return promised(opening).then((database) => {
    database.onversionchange = () => database.close(); // another tab wipes the store
    return database;
  });
}

/** Everything of an area. */
export function readAllOf<T>(database: IDBDatabase, area: Area): Promise<T[]> {
  return promised(database.transaction(area).objectStore(area).getAll() as IDBRequest<T[]>);
}

/** Every note of `meta` by its name. */
export async function readNotes(database: IDBDatabase): Promise<Record<string, unknown>> {
  const store = database.transaction("meta").objectStore("meta");
  const [names, values] = await Promise.all([promised(store.getAllKeys()), promised(store.getAll())]);
  return Object.fromEntries(names.map((name, i) => [String(name), values[i]]));
}

/** What one transaction changes: all of it or nothing. */
export interface Writing {
  records?: { put?: unknown[]; remove?: [string, string][] };
  outbox?: { put?: unknown[]; remove?: string[] };
  notes?: Record<string, unknown>;
}

/** Write, and be done only when it is on the disk. */
export function write(database: IDBDatabase, { records, outbox, notes }: Writing): Promise<void> {
  const transaction = database.transaction(["records", "outbox", "meta"], "readwrite", { durability: "strict" });
  for (const [area, change] of [["records", records], ["outbox", outbox]] as const) {
    const store = transaction.objectStore(area);
    for (const value of change?.put ?? []) store.put(value);
    for (const key of change?.remove ?? []) store.delete(key);
  }
  for (const [name, value] of Object.entries(notes ?? {})) transaction.objectStore("meta").put(value, name);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** Take every store of ours off this phone. */
export async function wipe(members: string[]): Promise<void> {
  const found = (await indexedDB.databases?.().catch(() => [])) ?? [];
  const named = found.map(({ name }) => name ?? "").filter((name) => name.startsWith("weft-"));
  const names = new Set([...named, ...members.map(nameOfDatabase)]);
  await Promise.all([...names].map((name) => promised(indexedDB.deleteDatabase(name)).catch(() => undefined)));
}
