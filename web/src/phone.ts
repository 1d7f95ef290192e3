// Phone: the store and sync of the network that is open, and when they meet the server.

import { read } from "./api/client";
import { chosenNetwork, forgetSession, keepSession, session, type Membership } from "./session";
import { signal, useSignal } from "./signal";
import { wipe } from "./store/database";
import { Store } from "./store/store";
import { Sync, standing } from "./sync/sync";

export interface Phone {
  network: Membership;
  store: Store;
  sync: Sync;
}

export const phone = signal<Phone | null>(null);

/** Whether this browser gives us no store: in a private window, or with a full disk. */
export const isStoreless = signal(false);

const EVERY = 60_000; // ms between two looks while the screen is on
const FIRST = 1_000;
const LAST = 300_000;

let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let opening: Promise<void> = Promise.resolve();

/** Open the chosen network's store, or none; again whenever the session says so. */
export function open(): Promise<void> {
  opening = opening.then(openChosen).catch(() => isStoreless.set(true));
  return opening;
}

/** Sign out: every tab lets go of its store, and nobody is asked to sign in before this phone is empty. */
export async function leave(): Promise<void> {
  keepSession({ token: "", chosen: null, isLeaving: true });
  await finishLeaving();
}

/** Go on with signing out, if that is under way: at a start too, since the one before may have been cut short. */
export async function finishLeaving(): Promise<void> {
  await opening;
  const { isLeaving, networks } = session.get();
  if (!isLeaving) return;
  await wipe(networks.map((each) => each.member_id));
  forgetSession();
}

async function openChosen(): Promise<void> {
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
    void navigator.storage?.persist?.(); // or a full disk may cost what was not sent yet
  }
  isStoreless.set(false);
  if (network && session.get().token) void meet().then(learnNetworks).catch(() => undefined);
}

/** Roles and names change, and invitations come; a network one has left stays until one signs out. */
async function learnNetworks(): Promise<void> {
  const { networks: before, token } = session.get();
  if (!token || standing.get() === "offline") return;
  const { networks: told } = await read<{ networks: Membership[] }>("/me", "networks");
  if (token !== session.get().token) return; // signed out meanwhile
  const left = before.filter((each) => !told.some((one) => one.id === each.id));
  const networks = [...told, ...left];
  if (JSON.stringify(networks) !== JSON.stringify(before)) keepSession({ networks });
}

/** Meet the server now, and again later: soon after a failure, then more and more patiently. */
export async function meet(): Promise<void> {
  const now = phone.get();
  clearTimeout(timer);
  if (!now || !session.get().token) return;
  const end = await now.sync.run();
  if (phone.get() !== now || end === "signed_out") return;
  const isAway = end === "offline" || end === "stuck";
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
