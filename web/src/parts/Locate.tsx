// Locate: asks this phone where it is, only when tapped; what it says goes nowhere.

import { useState } from "preact/hooks";
import type { Point } from "../store/habits";
import { signal, useSignal } from "../signal";
import { say, type Name } from "../words/words";
import { Icon } from "./icons";

const FRESH = 300_000; // ms that somebody on foot is still about there

/** Where this phone was found to be; in memory only, and never sent. */
export const position = signal<Point | null>(null);
let foundAt = 0;

function find(): Promise<Point> {
  return new Promise((resolve, reject) => {
    const note = ({ coords }: GeolocationPosition) => {
      const point: Point = [coords.longitude, coords.latitude];
      foundAt = Date.now();
      position.set(point);
      resolve(point);
    };
    navigator.geolocation.getCurrentPosition(note, reject, { maximumAge: FRESH, timeout: 15_000 });
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
  label?: Name;
  found?: Name;
}

export function Locate({ onFound, label = "log.nearest", found = "log.located" }: LocateProps) {
  const isKnown = useSignal(position) !== null && !onFound;
  const [told, setTold] = useState<Name | null>(null);
  if (!("geolocation" in navigator)) return null;
  const locate = () => {
    setTold("log.locating");
    find().then(
      (point) => { onFound?.(point); setTold(found); },
      () => setTold("log.notLocated"),
    );
  };
  const now = told ?? (isKnown ? found : null);
  return (
    <div class="locate">
      {!isKnown && <button type="button" class="plain" onClick={locate}><Icon name="pin" /> {say(label)}</button>}
      <span class="hint" role="status">{now && say(now)}</span>
    </div>
  );
}
