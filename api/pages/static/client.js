// Client: requests to the API with the token of this tab, and what comes back when they fail.

const BASE = "/api/v1";
const TOKEN = "weft.token";

export const token = () => sessionStorage.getItem(TOKEN);
export const keepToken = (value) => sessionStorage.setItem(TOKEN, value);
export const forgetToken = () => sessionStorage.removeItem(TOKEN);

/** A refusal: `problem` as the server gave it, or null when no server answered. */
export class Refused extends Error {
  constructor(problem) {
    super(problem ? sentence(problem) : "The server cannot be reached just now.");
    this.problem = problem;
    this.status = problem ? problem.status : 0;
  }

  /** Whether the same request may succeed later, and should not be given up. */
  get isPassing() {
    return !this.status || this.status === 401 || this.status === 429 || this.status >= 500;
  }
}

function sentence(problem) {
  const fields = Object.entries(problem.fields ?? {}).map(([path, said]) => `${path}: ${said.join(" ")}`);
  return [problem.detail ?? problem.title, ...fields].join(" ");
}

/** Send a request; the answer, or a Refused. `body` goes as JSON, `headers` on top. */
export async function send(method, path, { body, headers = {} } = {}) {
  const said = { ...headers };
  if (token()) said.Authorization = `Bearer ${token()}`;
  if (body !== undefined) said["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(BASE + path, { method, headers: said, body: JSON.stringify(body) });
  } catch {
    throw new Refused(null);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function refusal(answer) {
  const isProblem = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
  const problem = isProblem ? await answer.json() : { status: answer.status, title: answer.statusText };
  if (problem.code === "not_signed_in") dispatchEvent(new Event("signed-out"));
  return new Refused(problem);
}

export const read = async (path) => (await send("GET", path)).json();

/** All records of a list, page after page. */
export async function readAll(path) {
  const items = [];
  let cursor = null;
  do {
    const page = await read(`${path}?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

/** A UUIDv7: made here, so that sending twice makes one record. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
