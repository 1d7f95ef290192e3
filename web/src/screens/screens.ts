// Screens: which there are, and for whom.

import type { Membership } from "../session";

export const PHONE = ["log", "ours", "queue", "more"] as const;

/** Names of the lazily loaded screens in ../coordinator/, in the order of the menu. */
export const COORDINATOR = ["map", "network", "matrix", "gaps", "trend", "continuity", "report", "proposals", "set-up"] as const;

export type ScreenName = (typeof PHONE)[number] | (typeof COORDINATOR)[number];

const FUNDERS: string[] = ["more", "report"];
const STEWARDS: string[] = ["proposals", "set-up"];

/** Whether a member of this role is shown this screen; the server judges by itself anyway. */
export function isFor(name: string, { role }: Membership): boolean {
  if (role === "funder") return FUNDERS.includes(name);
  return role === "connector" ? !STEWARDS.includes(name) : true;
}
