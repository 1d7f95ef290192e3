// Locate: asks this phone where it is, only when tapped; what it says goes nowhere.

import { useState } from "preact/hooks";
import type { Point } from "../store/habits";
import { say, type Name } from "../words/words";
import { Icon } from "./icons";

interface LocateProps {
  onFound: (point: Point) => void;
  label?: Name;
  found?: Name;
}

export function Locate({ onFound, label = "log.nearest", found = "log.located" }: LocateProps) {
  const [told, setTold] = useState<Name | null>(null);
  if (!("geolocation" in navigator)) return null;
  const locate = () => {
    setTold("log.locating");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { onFound([coords.longitude, coords.latitude]); setTold(found); },
      () => setTold("log.notLocated"),
      { maximumAge: 300_000, timeout: 15_000 },
    );
  };
  return (
    <div class="locate">
      <button type="button" class="plain" onClick={locate}><Icon name="pin" /> {say(label)}</button>
      <span class="hint" role="status">{told && say(told)}</span>
    </div>
  );
}
