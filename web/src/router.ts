// Router: the part after # says which screen is open: `#log`, `#queue/<id>`.

import { signal } from "./signal";

export interface Route {
  name: string;
  rest: string[];
}

export function parse(hash: string): Route {
  const [name = "", ...rest] = hash.replace(/^#\/?/, "").split("/").map(decode);
  return { name, rest };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const route = signal<Route>(parse(location.hash));
addEventListener("hashchange", () => {
  steps += 1;
  moved();
});

let steps = 0;

/** Where one came from; where that was another site or nothing, the screen named. */
export function back(otherwise: string): void {
  if (steps > 0) history.back();
  else replace(otherwise);
}

/** A new screen: from its beginning, for the eye and for the screen reader. */
function moved(): void {
  route.set(parse(location.hash));
  scrollTo(0, 0);
  document.getElementById("main")?.focus({ preventScroll: true });
}

export function address(name: string, ...rest: string[]): string {
  return `#${[name, ...rest].map(encodeURIComponent).join("/")}`;
}

export function go(name: string, ...rest: string[]): void {
  location.hash = address(name, ...rest);
}

/** Go on without leaving a step to come back to. */
export function replace(name: string, ...rest: string[]): void {
  history.replaceState(null, "", address(name, ...rest));
  moved();
}
