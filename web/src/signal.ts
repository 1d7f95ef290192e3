// Signal: a value that screens follow.

import { useLayoutEffect, useReducer } from "preact/hooks";

export interface Signal<T> {
  get(): T;
  set(value: T): void;
  follow(listener: () => void): () => void;
}

export function signal<T>(first: T): Signal<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The present value; the component is drawn again when it changes. */
export function useSignal<T>(one: Signal<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const drawn = one.get();
  useLayoutEffect(() => {
    if (one.get() !== drawn) redraw(undefined as never); // it changed before anybody followed
    return one.follow(() => redraw(undefined as never));
  }, [one]);
  return drawn;
}
