// Coordinator: the screens for a desk, brought when one of them is first opened.

import type { ComponentType } from "preact";
import "./desk.css";
import { Continuity } from "./Continuity";
import { Gaps } from "./Gaps";
import { MapScreen } from "./map/MapScreen";
import { Matrix } from "./Matrix";
import { NetworkScreen } from "./network/NetworkScreen";
import { Proposals } from "./Proposals";
import { Reports } from "./Reports";
import type { Seat } from "./seat";
import { SetUp } from "./setup/SetUp";
import { Trend } from "./Trend";

/** One component for each name that `COORDINATOR` in ../screens/screens.ts lists. */
export const SCREENS: Record<string, ComponentType<Seat>> = {
  map: MapScreen,
  network: NetworkScreen,
  matrix: Matrix,
  gaps: Gaps,
  trend: Trend,
  continuity: Continuity,
  report: Reports,
  proposals: Proposals,
  "set-up": SetUp,
};
