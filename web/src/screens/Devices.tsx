// Devices: phones and browsers that are signed in as me; a lost one is signed out from here.

import { useEffect, useState } from "preact/hooks";
import { ask, read } from "../api/client";
import { sentence } from "../parts/Form";
import { say, sayDate } from "../words/words";

interface Device {
  id: string;
  name: string;
  last_used_on: string;
  is_current: boolean;
}

export function Devices() {
  const [devices, setDevices] = useState<Device[] | null>(null);
  const [told, setTold] = useState("");
  const load = () => read<{ items: Device[] }>("/devices", "items").then(({ items }) => setDevices(items));
  const attempt = (work: Promise<unknown>) => void work.catch((error) => setTold(sentence(error)));
  useEffect(() => attempt(load()), []);
  return (
    <>
      <ul class="list wraps">
        {devices?.map((device) => (
          <li key={device.id}>
            <span class="row">
              <bdi>{device.name}</bdi>
              <span class="hint">{device.is_current ? say("devices.this") : say("devices.used", { day: sayDate(device.last_used_on) })}</span>
            </span>
            {!device.is_current && (
              <button type="button" class="plain" aria-label={`${say("more.signOut")}: ${device.name}`}
                onClick={() => attempt(ask(`/devices/${device.id}`, { method: "DELETE" }).then(load))}>{say("more.signOut")}</button>
            )}
          </li>
        ))}
      </ul>
      <p class="says" role="status">{told}</p>
    </>
  );
}
