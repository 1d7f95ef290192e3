// Client: requests to the API with this browser's token, and what comes back when they fail.

import { chosenNetwork, keepSession, session } from "../session";

const BASE = "/api/v1";
const PATIENCE = 60_000; // ms

export type Fields = Record<string, string[]>;

/** Why a request came to nothing: `code` as in docs/problems.md, or `no_answer`. */
export class Trouble extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 0,
    readonly more: { fields?: Fields; retry_after?: number; [name: string]: unknown } = {},
  ) {
    super(message);
    this.name = "Trouble";
  }

  /** Whether the server was never reached, or something else answered in its place. */
  get isSilence(): boolean {
    return this.code === "no_answer";
  }
}

export interface Asking {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Ask the API; `path` begins with a slash and follows `/api/v1`. The answer as it came. */
export async function ask(path: string, asking: Asking = {}): Promise<Response> {
  const { token } = session.get();
  const headers: Record<string, string> = { ...asking.headers };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const isForm = asking.body instanceof FormData;
  if (asking.body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  const answer = await fetch(BASE + path, {
    method: asking.method ?? "GET",
    headers,
    ...(asking.body === undefined ? {} : { body: isForm ? (asking.body as FormData) : JSON.stringify(asking.body) }),
    signal: asking.signal ?? AbortSignal.timeout(PATIENCE),
    cache: "no-store", // words and notebooks are not to lie in the browser's cache either
    credentials: "omit",
  }).catch((error: Error) => {
    throw new Trouble("no_answer", error.message);
  });
  if (!answer.ok) throw await troubleOf(answer, token);
  if (isPortal(path, answer)) throw new Trouble("no_answer", NOT_OURS);
  return answer;
}

const NO_CONTENT = 204; // whatever type an empty answer claims to have
const NOT_OURS = "What came was not an answer of Weft.";

/** A captive portal answers 200 with a page of its own. */
function isPortal(path: string, { headers, redirected, status }: Response): boolean {
  const isPage = status !== NO_CONTENT && Boolean(headers.get("Content-Type")?.startsWith("text/html"));
  return redirected || (isPage && !path.replace(/\?.*/, "").endsWith(".html"));
}

async function troubleOf(answer: Response, token: string): Promise<Trouble> {
  const isOurs = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
  const told = isOurs ? await answer.json().catch(() => null) : null;
  if (!told?.code) return new Trouble("no_answer", `Answered ${answer.status}, not by Weft.`, answer.status);
  if (told.code === "not_signed_in" && token && token === session.get().token) keepSession({ token: "" });
  return new Trouble(told.code, told.detail ?? told.title, answer.status, told);
}

/** JSON that has the expected member. */
export async function read<T>(path: string, member?: string, asking: Asking = {}): Promise<T> {
  const answer = await ask(path, asking);
  const isJson = /^application\/([a-z.]+\+)?json/.test(answer.headers.get("Content-Type") ?? "");
  const told = isJson ? await answer.json().catch(() => null) : null;
  if (told === null || (member && told[member] === undefined)) {
    throw new Trouble("no_answer", NOT_OURS);
  }
  return told as T;
}

/** All records of a list, page after page. */
export async function readAll<T>(path: string, asking: Asking = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: "500", ...(cursor ? { cursor } : {}) });
    const joint = path.includes("?") ? "&" : "?";
    const page: { items: T[]; next: string | null } = await read(`${path}${joint}${query}`, "items", asking);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

/** A path inside the chosen network: `inside("groups")`. */
export function inside(path: string): string {
  return `/networks/${chosenNetwork()?.id ?? ""}/${path}`;
}
