// Locate: asks this phone where it is, only when tapped; never sent, unless set as the place one proposes.

import { useState } from "preact/hooks";
import type { Point } from "../store/habits";
import { signal } from "../signal";
import { say, type Name } from "../words/words";
import { Icon } from "./icons";

const FRESH = 300_000; // ms that somebody on foot is still about there

/** Where this phone was found to be; in memory only. */
export const position = signal<Point | null>(null);
let foundAt = 0;

/** Fresh enough to sort places by; `isExact`: just now, and as near as the phone can say. */
function find(isExact = false): Promise<Point> {
  return new Promise((resolve, reject) => {
    const note = ({ coords }: GeolocationPosition) => {
      const point: Point = [coords.longitude, coords.latitude];
      foundAt = Date.now();
      position.set(point);
      resolve(point);
    };
    navigator.geolocation.getCurrentPosition(note, reject, { maximumAge: isExact ? 0 : FRESH, enableHighAccuracy: isExact, timeout: 15_000 });
  });
}

/** Find out anew, where that was allowed before; nobody is asked for leave here. */
export async function findAgain(): Promise<void> {
  if (Date.now() - foundAt > FRESH) position.set(null);
  const leave = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (leave?.state === "granted") await find().catch(() => undefined);
}

interface LocateProps {
  onFound?: (point: Point) => void;
  isFound?: boolean; // already, so that nothing is left to tap
  isExact?: boolean;
  label?: Name;
  found?: Name;
}

export function Locate({ onFound, isFound = false, isExact = false, label = "log.nearest", found = "log.located" }: LocateProps) {
  const [told, setTold] = useState<Name | null>(null);
  if (!("geolocation" in navigator)) return null;
  const locate = () => {
    setTold("log.locating");
    find(isExact).then(
      (point) => { onFound?.(point); setTold(found); },
      () => setTold("log.notLocated"),
    );
  };
  const now = told ?? (isFound ? found : null);
  return (
    <div class="locate">
      {!isFound && <button type="button" class="plain" onClick={locate}><Icon name="pin" /> {say(label)}</button>}
      <span class="hint" role="status">{now && say(now)}</span>
    </div>
  );
}
