// Session: who uses this browser, in which network. The token is all that is secret here.

import { signal } from "./signal";

export interface Membership {
  id: string;
  name: string;
  role: "connector" | "coordinator" | "admin" | "funder";
  member_id: string;
}

/**
 * `token` is empty once the server took it back; the memberships stay, so that the queue does.
 * `isLeaving` is kept from signing out until this phone is empty, so that whatever cuts it short, the next start goes on.
 */
export interface Session {
  token: string;
  networks: Membership[];
  chosen: string | null;
  isLeaving: boolean;
}

const KEY = "weft.session";
const NOBODY: Session = { token: "", networks: [], chosen: null, isLeaving: false };

const kept = (): Session => {
  try {
    return { ...NOBODY, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return NOBODY;
  }
};

/** Changes in every tab at once. */
export const session = signal<Session>(kept());
addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) session.set(kept());
});

export function keepSession(change: Partial<Session>): void {
  const next = { ...session.get(), ...change };
  localStorage.setItem(KEY, JSON.stringify(next));
  session.set(next);
}

export function forgetSession(): void {
  localStorage.removeItem(KEY);
  session.set(NOBODY);
}

/** The network that is open; null while none is chosen. */
export function chosenNetwork(of: Session = session.get()): Membership | null {
  return of.networks.find((each) => each.id === of.chosen) ?? null;
}
