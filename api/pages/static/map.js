// Map: the network's spaces as a drawing that moves by buttons and keys, and as a table.

import { read } from "./client.js";
import { LANGUAGE, draw, find, make, name } from "./parts.js";

const STEP = 0.25; // of the width or height, one press
const ZOOM = 1.6;
const KEYS = {
  "+": "in", "=": "in", "-": "out", 0: "all",
  ArrowLeft: "west", ArrowRight: "east", ArrowUp: "north", ArrowDown: "south",
};

let places = []; // { id, name, type, meetings, rings, at: [x, y] }, the busiest first
let view = null; // { x, y: the middle, scale: pixels a unit }
let picked = null;
let loaded = null;

export async function openMap(network) {
  if (loaded !== network.id) {
    find("#map-says").textContent = "One moment…";
    try {
      places = (await read(`${network.path}/maps/spaces.geojson`)).features.map(place).sort(byMeetings);
      loaded = network.id;
    } catch (error) {
      find("#map-says").textContent = error.message;
      return;
    }
    [view, picked] = [null, null];
    find("#spaces").replaceChildren(...places.map(row));
    find("#map-says").textContent = places.length ? "" : "No spaces have been entered yet.";
  }
  render();
}

const byMeetings = (a, b) => b.meetings - a.meetings || a.name.localeCompare(b.name);

/** Degrees to the plane of Mercator, in which a small area keeps its shape. */
function project([longitude, latitude]) {
  const bounded = Math.max(-85, Math.min(85, latitude));
  return [longitude, (-180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (bounded * Math.PI) / 360))];
}

function place({ id, geometry, properties }) {
  const isPoint = geometry.type === "Point";
  const rings = isPoint ? [] : geometry.coordinates.map((ring) => ring.map(project));
  const at = isPoint ? project(geometry.coordinates) : middle(rings[0]);
  return { ...properties, id, name: properties.name ?? properties.type, rings, at };
}

function middle(points) {
  const ends = [0, 1].map((axis) => points.map((point) => point[axis]));
  return ends.map((values) => (Math.min(...values) + Math.max(...values)) / 2);
}

function size() {
  const { clientWidth, clientHeight } = find("#drawing svg") ?? {};
  return [clientWidth || 600, clientHeight || 420];
}

/** The view that holds every place, with room for labels. */
function wholeView() {
  const [x, y] = middle(places.map((each) => each.at));
  const [width, height] = size();
  const spread = (axis) => Math.max(...places.map((each) => Math.abs(each.at[axis] - [x, y][axis])));
  const scale = Math.min(width / 2 / (spread(0) || 0.005), height / 2 / (spread(1) || 0.005)) * 0.75;
  return { x, y, scale };
}

function move(way) {
  if (!places.length) return;
  const [width, height] = size();
  const [dx, dy] = { west: [-1, 0], east: [1, 0], north: [0, -1], south: [0, 1] }[way] ?? [0, 0];
  view.x += (dx * STEP * width) / view.scale;
  view.y += (dy * STEP * height) / view.scale;
  view.scale *= { in: ZOOM, out: 1 / ZOOM }[way] ?? 1;
  if (way === "all") view = null;
  render();
}

function pick(chosen, isFromMap) {
  picked = chosen.id;
  if (!isFromMap) [view.x, view.y] = chosen.at;
  render();
  if (isFromMap) find("#spaces .picked").scrollIntoView({ block: "nearest" });
}

function render() {
  if (!find("#drawing svg")) find("#drawing").append(frame());
  for (const each of find("#spaces").rows) each.classList.toggle("picked", each.dataset.id === picked);
  if (!places.length) return find("#drawing svg").replaceChildren();
  view ??= wholeView();
  const shown = places.map((each) => ({ ...each, spot: onScreen(each.at), radius: radius(each) }));
  const svg = find("#drawing svg");
  svg.setAttribute("viewBox", `0 0 ${size().join(" ")}`);
  svg.setAttribute("aria-label", `Map of ${places.length} spaces. Arrow keys move it, plus and minus bring it closer or farther. The table holds the same.`);
  svg.replaceChildren(...shown.flatMap(outline), ...shown.map(circle), ...labels(shown));
}

function frame() {
  const svg = draw("svg", { tabindex: "0", role: "application", "aria-roledescription": "map" });
  svg.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(KEYS[event.key]);
  });
  return svg;
}

function onScreen([x, y]) {
  const [width, height] = size();
  return [width / 2 + (x - view.x) * view.scale, height / 2 + (y - view.y) * view.scale];
}

/** Area, not width, stands for the number of meetings. */
function radius({ meetings }) {
  return 6 + 18 * Math.sqrt(meetings / Math.max(1, places[0].meetings));
}

const manner = (each) => [each.meetings ? "" : "silent", each.id === picked ? "picked" : ""].join(" ").trim();

function outline({ rings }) {
  if (!rings.length) return [];
  const line = (ring) => `M${ring.map((point) => onScreen(point).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`;
  return [draw("path", { d: rings.map(line).join(""), class: "area" })];
}

function circle(each) {
  const [cx, cy] = each.spot;
  const title = draw("title", {}, `${each.name}: ${each.meetings} meetings`);
  return draw("circle", { cx, cy, r: each.radius, class: manner(each), click: () => pick(each, true) }, title);
}

const LETTER = 7.2; // pixels, about; a label is placed before it can be measured
const LINE = 18;

/** Names beside their circles, over no other circle or name; the busier place chooses first. */
function labels(shown) {
  const taken = shown.map(({ id, spot: [x, y], radius: r }) => ({ id, box: [x - r, y - r, x + r, y + r] }));
  const made = [];
  for (const each of [...shown].sort((a, b) => (b.id === picked) - (a.id === picked))) {
    const others = taken.filter(({ id }) => id !== each.id).map(({ box }) => box);
    const found = around(each).find(({ box }) => isInside(box) && others.every((other) => isApart(box, other)));
    if (!found) continue;
    taken.push({ id: null, box: found.box });
    made.push(draw("text", { x: found.x, y: found.y, "text-anchor": found.anchor }, each.name));
  }
  return made;
}

/** Where a name may stand: after its circle, before, under, over. */
function around({ name: text, spot: [x, y], radius: r }) {
  const long = text.length * LETTER;
  const at = (left, middle, anchor, point) =>
    ({ x: point, y: middle + 4, anchor, box: [left, middle - LINE / 2, left + long, middle + LINE / 2] });
  return [
    at(x + r + 5, y, "start", x + r + 5),
    at(x - r - 5 - long, y, "end", x - r - 5),
    at(x - long / 2, y + r + LINE / 2, "middle", x),
    at(x - long / 2, y - r - LINE / 2, "middle", x),
  ];
}

const isApart = (a, b) => a[0] > b[2] || a[2] < b[0] || a[1] > b[3] || a[3] < b[1];

function isInside([left, top, right, bottom]) {
  const [width, height] = size();
  return left > 0 && top > 0 && right < width && bottom < height;
}

function row(each) {
  const button = make("button", { type: "button", class: "name", click: () => pick(each, false) }, name(each.name));
  const counts = [each.meetings, each.introductions, each.groups_seen];
  const cells = counts.map((count) => make("td", { class: "number" }, count.toLocaleString(LANGUAGE)));
  const sort = make("span", { class: "hint" }, each.type.replaceAll("_", " "));
  return make("tr", { "data-id": each.id }, make("th", { scope: "row" }, button, sort), ...cells);
}

for (const button of document.querySelectorAll("[data-move]")) {
  button.addEventListener("click", () => move(button.dataset.move));
}
addEventListener("resize", () => view && !find("#map").hidden && render());
