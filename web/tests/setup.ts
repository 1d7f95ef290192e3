// What a browser has and Node has not, as little of it as the queue needs.

import "fake-indexeddb/auto";

const kept = new Map<string, string>();
const localStorage = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => void kept.delete(name),
};
for (const [name, value] of Object.entries({ localStorage, addEventListener: () => undefined, navigator: {} })) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
