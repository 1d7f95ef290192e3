// Phone: the store and sync of the network that is open, and when they meet the server.

import { chosenNetwork, session, type Membership } from "./session";
import { signal, useSignal } from "./signal";
import { Store } from "./store/store";
import { Sync, standing } from "./sync/sync";

export interface Phone {
  network: Membership;
  store: Store;
  sync: Sync;
}

export const phone = signal<Phone | null>(null);

const EVERY = 60_000; // ms between two looks while the screen is on
const FIRST = 1_000;
const LAST = 300_000;

let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let opening: Promise<void> = Promise.resolve();

/** Open the chosen network's store, or none; again whenever the session says so. */
export function open(): Promise<void> {
  opening = opening.then(async () => {
    const network = chosenNetwork();
    const now = phone.get();
    if (now && now.network.member_id !== network?.member_id) {
      clearTimeout(timer);
      now.store.close();
      phone.set(null);
    }
    if (network && !phone.get()) {
      const store = await Store.open(network.member_id);
      standing.set("unknown");
      phone.set({ network, store, sync: new Sync(store, network.id) });
    }
    if (network && session.get().token) meet();
  });
  return opening;
}

/** Meet the server now, and again later: soon after a failure, then more and more patiently. */
export async function meet(): Promise<void> {
  const now = phone.get();
  clearTimeout(timer);
  if (!now || !session.get().token) return;
  const end = await now.sync.run();
  if (phone.get() !== now || end === "signed_out") return;
  const isAway = end === "offline";
  const left = now.store.outbox.some((op) => op.state === "waiting") && end === "fresh";
  const full = Math.min(LAST, FIRST * 2 ** tries);
  tries = isAway ? tries + 1 : 0;
  clearTimeout(timer);
  timer = setTimeout(later, left ? FIRST : isAway ? full * (0.5 + Math.random() / 2) : EVERY);
}

const later = () => (document.visibilityState === "visible" ? void meet() : undefined);

/** Something was written here: send it soon. */
export function hurry(): void {
  tries = 0;
  clearTimeout(timer);
  timer = setTimeout(() => void meet(), 50);
}

export function listen(): void {
  session.follow(() => void open());
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", later);
}

/** The open store; whoever asks is drawn again when it changes. Only inside the frame. */
export function useStore(): Store {
  const { store } = useSignal(phone)!;
  useSignal(store.changed);
  return store;
}
