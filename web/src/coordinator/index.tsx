// Coordinator: the screens for a desk, brought when one of them is first opened.

import type { ComponentType } from "preact";
import type { Route } from "../router";
import type { Membership } from "../session";
import { say } from "../words/words";

export interface Seat {
  route: Route;
  network: Membership;
}

function Soon() {
  return <p>{say("coordinator.soon")}</p>;
}

/** One component for each name that `COORDINATOR` in ../screens/screens.ts lists. */
export const SCREENS: Record<string, ComponentType<Seat>> = { map: Soon };
