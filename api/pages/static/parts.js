// Parts: small pieces of a page, made without ever reading text as HTML.

/** The language of these pages; days and numbers are written in it. */
export const LANGUAGE = document.documentElement.lang;

export const find = (selector) => document.querySelector(selector);

/** An element with attributes, and children that are elements or plain text. */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for a drawing. */
export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Somebody's words: they keep their own direction of writing inside ours. */
export const name = (text) => make("bdi", {}, text ?? "");

/** The options of a select: records by name, after an empty first one. */
export function offer(select, records, first) {
  const kept = select.value;
  const options = records.map((record) => make("option", { value: record.id }, record.name ?? record.type));
  select.replaceChildren(...(first === undefined ? [] : [make("option", { value: "" }, first)]), ...options);
  if (records.some((record) => record.id === kept)) select.value = kept;
}

/** Say something in a place that screen readers listen to. */
export function say(selector, words, manner = "") {
  const place = find(selector);
  place.className = `says ${manner}`;
  place.textContent = words;
}

/** Carry out what a button asks for: once at a time, and say why when it fails. */
export async function attempt(selector, button, work) {
  if (button) button.disabled = true;
  try {
    say(selector, "One moment…");
    say(selector, (await work()) ?? "", "done");
  } catch (error) {
    say(selector, error.message, "problem");
  } finally {
    if (button) button.disabled = false;
  }
}
