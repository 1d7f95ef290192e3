// Log: an introduction is first kept on this device, then sent; sending twice makes one record.

import { Refused, newId, read, readAll, send } from "./client.js";
import { LANGUAGE, find, make, name, offer, say } from "./parts.js";

let network = null;
let names = new Map();
let isSending = false;

const form = find("#introduction");
const place = () => `weft.waiting.${network.id}.${network.member_id}`;
const waiting = () => JSON.parse(localStorage.getItem(place()) ?? "[]");

function keep(entries) {
  if (entries.length) localStorage.setItem(place(), JSON.stringify(entries));
  else localStorage.removeItem(place());
  showWaiting();
}

export async function openLog(chosen) {
  const isNew = network?.id !== chosen.id;
  network = chosen;
  showWaiting();
  if (!isNew) return;
  try {
    await prepare();
  } catch (error) {
    say("#log-says", error.message, "problem");
    network = null; // so that opening the tab again tries again
  }
}

async function prepare() {
  const [groups, spaces] = await Promise.all(
    ["groups", "spaces"].map((kind) => readAll(`${network.path}/${kind}`)),
  );
  names = new Map([...groups, ...spaces].map((each) => [each.id, each.name ?? each.type]));
  const present = (records) => records.filter((record) => record.status !== "retired");
  offer(form.elements.first, present(groups), "Choose a group");
  offer(form.elements.second, present(groups), "Choose a group");
  offer(form.elements.space_id, present(spaces), "Nowhere in particular");
  form.elements.made_at.value = now();
  await flush();
  await showLatest();
}

/** The present minute as a local date and time, as the field wants it. */
function now() {
  const clock = new Date();
  return new Date(clock - clock.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function written() {
  const { first, second, space_id: space, made_at: madeAt, purpose, known_before: known } = form.elements;
  return {
    id: newId(),
    made_at: (madeAt.value ? new Date(madeAt.value) : new Date()).toISOString(),
    parties: [{ group_id: first.value }, { group_id: second.value }],
    space_id: space.value || null,
    known_before: known.value,
    purpose: purpose.value.trim() || null,
  };
}

function checkGroups() {
  const { first, second } = form.elements;
  const isSame = first.value && first.value === second.value;
  second.setCustomValidity(isSame ? "Choose two different groups." : "");
}

async function save(event) {
  event.preventDefault();
  keep([...waiting(), { body: written() }]);
  form.elements.second.value = "";
  form.elements.purpose.value = "";
  form.elements.known_before.value = "unknown";
  form.elements.made_at.value = now();
  say("#log-says", "Kept on this device. Sending…");
  await flush();
}

/** Send what waits, the oldest first. What is refused for good stays, with the reason. */
async function flush() {
  if (isSending || !network) return;
  isSending = true;
  try {
    for (const entry of waiting().filter((each) => !each.problem)) await sendOne(entry);
  } catch (error) {
    say("#log-says", `${error.message} Nothing is lost: it is kept here and sent later.`, "problem");
  } finally {
    isSending = false;
  }
}

async function sendOne(entry) {
  const rest = () => waiting().filter((each) => each.body.id !== entry.body.id);
  try {
    const headers = { "Idempotency-Key": entry.body.id };
    await send("POST", `${network.path}/introductions`, { body: entry.body, headers });
    keep(rest());
    say("#log-says", "Saved.", "done");
    await showLatest();
  } catch (error) {
    if (!(error instanceof Refused) || error.isPassing) throw error;
    keep([...rest(), { ...entry, problem: error.message }]);
    say("#log-says", "The server did not take it. See below.", "problem");
  }
}

function showWaiting() {
  const entries = waiting();
  find("#waiting").hidden = !entries.length;
  find("#waiting .entries").replaceChildren(...entries.map(describeWaiting));
}

function describeWaiting(entry) {
  const others = () => waiting().filter((each) => each.body.id !== entry.body.id);
  const takeBack = () => {
    for (const key of ["space_id", "purpose", "known_before"]) form.elements[key].value = entry.body[key] ?? "";
    [form.elements.first.value, form.elements.second.value] = entry.body.parties.map((party) => party.group_id);
    keep(others());
    form.elements.first.focus();
  };
  const discard = () => confirm("Throw this entry away?") && keep(others());
  const actions = entry.problem
    ? [
        make("p", { class: "problem" }, entry.problem),
        make(
          "p",
          { class: "actions" },
          make("button", { type: "button", class: "plain", click: takeBack }, "Back into the form"),
          make("button", { type: "button", class: "plain", click: discard }, "Throw away"),
        ),
      ]
    : [];
  return make("li", {}, ...describe(entry.body), ...actions);
}

function describe(introduction) {
  const groups = introduction.parties.map((party) => name(names.get(party.group_id) ?? "a group"));
  const where = names.get(introduction.space_id);
  const when = new Date(introduction.made_at).toLocaleString(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
  const between = groups.flatMap((group, i) => (i ? [" · ", group] : [group]));
  return [...between, make("span", { class: "hint" }, when, ...(where ? [" · ", name(where)] : []))];
}

async function showLatest() {
  const { items } = await read(`${network.path}/introductions?limit=5&connector_id=${network.member_id}`);
  const entries = items.map((each) => make("li", {}, ...describe(each)));
  find("#latest").replaceChildren(...(entries.length ? entries : [make("li", {}, "None yet.")]));
}

form.addEventListener("submit", save);
form.addEventListener("change", checkGroups);
find("#send-now").addEventListener("click", flush);
addEventListener("online", flush);
