// Crossing: one boundary, in words and two bars.

import { read, readAll } from "./client.js";
import { LANGUAGE, draw, find, make, name, offer } from "./parts.js";

const LEAST = 20; // below this a percentage says more than is known
const SURE = 0.05;

const select = find("#choose select");
let network = null;
let boundaries = [];

export async function openCrossing(chosen) {
  const isNew = network?.id !== chosen.id;
  network = chosen;
  try {
    if (isNew) boundaries = await readAll(`${network.path}/boundaries`);
    offer(select, boundaries);
    await show();
  } catch (error) {
    network = null; // so that opening the tab again tries again
    tell(paragraph("problem", error.message));
  }
}

async function show() {
  const boundary = boundaries.find(({ id }) => id === select.value);
  find("#choose").hidden = !boundary;
  if (!boundary) return tell(paragraph("", "No boundary has been entered yet."));
  find("#question").textContent = boundary.question ?? "";
  tell(paragraph("", "One moment…"));
  const found = await read(`${network.path}/analysis/crossing?boundary=${boundary.id}`);
  if (boundary.id === select.value) tell(...answer(found));
}

const tell = (...parts) => find("#crossing-says").replaceChildren(...parts);
const paragraph = (manner, ...parts) => make("p", { class: manner }, ...parts);
const whole = (number) => Math.round(number).toLocaleString(LANGUAGE);
const percent = (share) => share.toLocaleString(LANGUAGE, { style: "percent" });

function answer(found) {
  if (found.share === null) return [paragraph("answer", "Too little is known to say. ", found.reason), coverage(found)];
  return [
    paragraph("answer", observed(found), " ", expected(found)),
    ...(isMany(found) ? [bars(found)] : []),
    paragraph("answer", judged(found)),
    coverage(found),
    introductions(found),
    paragraph("hint", ...sections(found)),
  ];
}

const isMany = ({ coverage: { known } }) => known >= LEAST;

function observed({ share, ties, coverage: { known } }) {
  return isMany({ coverage: { known } })
    ? `Of ${whole(known)} pairs that were brought together, ${percent(share)} are from different sections.`
    : `Of ${whole(known)} pairs that were brought together, ${whole(ties.crossing)} are from different sections.`;
}

function expected({ expected: share, coverage: { known } }) {
  return isMany({ coverage: { known } })
    ? `By chance alone it would be ${percent(share)}.`
    : `By chance alone it would be about ${whole(share * known)}; with so few, a percentage would mislead.`;
}

function judged({ excess, p }) {
  const points = whole(Math.abs(excess) * 100);
  if (p === null || p >= SURE) return "The two cannot be told apart.";
  return excess > 0
    ? `More pairs cross than chance would give, by ${points} points.`
    : `Fewer pairs cross than chance would give, by ${points} points.`;
}

function bars({ share, expected: chance }) {
  const bar = (label, value, manner) => {
    const drawing = draw("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
      draw("rect", { width: 100, height: 8, class: "track" }),
      draw("rect", { width: 100 * value, height: 8, class: manner }));
    return make("div", {}, make("dt", {}, label), make("dd", {}, drawing, make("span", {}, percent(value))));
  };
  return make("dl", { class: "bars" }, bar("Crossed", share, "seen"), bar("By chance", chance, "chance"));
}

function coverage({ coverage: { known, total }, bounds }) {
  const first = `The sides of both are known for ${whole(known)} of ${whole(total)} pairs.`;
  if (!bounds || known === total || known < LEAST) return paragraph("", first);
  const [low, high] = [percent(bounds.low), percent(bounds.high)];
  return paragraph("", first, " ", `With the others counted in, it lies between ${low} and ${high}.`);
}

function introductions({ introductions: { total, known, crossing } }) {
  return paragraph("", `One pair may have been introduced more than once: ${whole(total)} introductions were made in all; of ${whole(known)} with known sides, ${whole(crossing)} crossed.`);
}

function sections({ boundary }) {
  const names = boundary.sections.flatMap((section, i) => (i ? [" · ", name(section.name)] : [name(section.name)]));
  return ["Sections: ", ...names, ". “By chance” means: the same groups, as active as they were, with their sections dealt out at random."];
}

select.addEventListener("change", () => openCrossing(network));
