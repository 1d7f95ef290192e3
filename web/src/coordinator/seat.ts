// Seat: what every screen of the desk is given.

import type { Route } from "../router";
import type { Membership } from "../session";

export interface Seat {
  route: Route;
  network: Membership;
}
