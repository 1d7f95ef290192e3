// Report: the frozen reports one may read, to open or keep; coordinators make and release them.

import { read, send } from "./client.js";
import { LANGUAGE, attempt, find, make } from "./parts.js";

const KEEPERS = ["coordinator", "admin"];
const FOR = { coordinators: "for coordinators, exact counts", funder: "for funders", public: "for everyone" };
const DAY = { dateStyle: "long", timeZone: "UTC" };

let network = null;

export async function openReport(chosen) {
  network = chosen;
  find("#make").hidden = !isKeeper();
  const { from, to } = find("#make").elements;
  if (!from.value) [from.value, to.value] = lastQuarter();
  await attempt("#report-says", null, list);
}

const isKeeper = () => KEEPERS.includes(network.role);
const day = (text, before = 0) => new Date(Date.parse(text) - before * 86_400_000).toLocaleDateString(LANGUAGE, DAY);

/** The first day of the quarter that ended last, and the day after its end. */
function lastQuarter() {
  const today = new Date();
  const begin = (quarter) => new Date(Date.UTC(today.getFullYear(), quarter * 3, 1)).toISOString().slice(0, 10);
  const present = Math.floor(today.getMonth() / 3);
  return [begin(present - 1), begin(present)];
}

async function list() {
  const { items } = await read(`${network.path}/reports`);
  const none = isKeeper() ? "None has been made yet." : "None has been shared with you yet.";
  const entries = items.length ? items.map(describe) : [make("li", {}, none)];
  find("#reports").replaceChildren(...entries);
}

function describe(report) {
  const { from, to } = report.period;
  const title = `${day(from)} to ${day(to, 1)}`;
  const link = (label, work) =>
    make("button", { type: "button", class: "plain", "aria-label": `${label}: ${title}`, click: work }, label);
  const buttons = [
    link("Open", () => open(report)),
    link("Save as JSON", (event) => attempt("#report-says", event.target, () => save(report))),
    ...steps(report).map(([label, step]) => link(label, (event) => attempt("#report-says", event.target, () => take(report, step)))),
  ];
  return make(
    "li",
    {},
    make("strong", {}, title),
    make("span", { class: "hint" }, `${FOR[report.audience] ?? report.audience} · ${state(report)} · frozen ${day(report.created_at)}`),
    make("p", { class: "actions" }, ...buttons),
  );
}

function state({ shared_with_groups_at: shared, released_at: released }) {
  if (released) return "released to funders";
  return shared ? "shared with the groups" : "not shared yet";
}

/** What may be done with a report next: the groups have it first, then the funders. */
function steps({ audience, shared_with_groups_at: shared, released_at: released }) {
  if (!isKeeper() || released) return [];
  if (!shared) return [["Mark as shared with the groups", "share"]];
  return audience === "coordinators" ? [] : [["Release to funders", "release"]];
}

async function take({ id }, step) {
  await send("POST", `${network.path}/reports/${id}/${step}`);
  await list();
}

/** Open the page in a tab of its own. The tab is made at once, or browsers would take it for a pop-up. */
function open({ id }) {
  const tab = window.open("", "_blank");
  attempt("#report-says", null, async () => {
    try {
      const page = await (await send("GET", `${network.path}/reports/${id}.html`)).blob();
      if (tab) tab.location = URL.createObjectURL(page);
      else keep(page, `weft-report-${id}.html`);
    } catch (error) {
      tab?.close();
      throw error;
    }
  });
}

async function save({ id }) {
  keep(await (await send("GET", `${network.path}/reports/${id}`)).blob(), `weft-report-${id}.json`);
  return "Saved.";
}

function keep(blob, download) {
  const href = URL.createObjectURL(blob);
  make("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

find("#make").addEventListener("submit", (event) => {
  event.preventDefault();
  const { from, to, audience } = event.target.elements;
  attempt("#report-says", event.submitter, async () => {
    const body = { period: { from: from.value, to: to.value }, audience: audience.value };
    await send("POST", `${network.path}/reports`, { body });
    await list();
    return "Made, and frozen.";
  });
});
