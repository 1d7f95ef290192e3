// Bar: the name of the network, how this phone stands with the server, and the way to every screen.

import type { ComponentType } from "preact";
import { useRef } from "preact/hooks";
import { phone } from "../phone";
import { address } from "../router";
import { hasDue } from "../screens/ours/mine";
import { COORDINATOR, isFor, PHONE } from "../screens/screens";
import { session, type Membership } from "../session";
import { useSignal } from "../signal";
import type { Store } from "../store/store";
import { needing } from "../sync/queue";
import { standing, type Standing } from "../sync/sync";
import { say, sayCode, type Name } from "../words/words";
import { Icon } from "./icons";

export function Bar({ network, here }: { network: Membership | null; here: string }) {
  return (
    <header class="top">
      <a class="brand" href={network ? address("log") : "/"}><img src="/start/mark.svg" alt="" width="32" height="32" />Weft</a>
      {network && (
        <>
          <bdi class="network">{network.name}</bdi>
          <State />
          <nav class="parts" aria-label={say("frame.parts")}>
            {PHONE.filter((name) => isFor(name, network)).map((name) => (
              <a key={name} href={address(name)} {...(name === here ? { "aria-current": "page" } : {})}>
                <Icon name={name} />
                <span>{sayCode("screen", name)}</span>
                {name === "queue" && <Live of={Waiting} />}
                {name === "ours" && <Live of={Due} />}
              </a>
            ))}
            {COORDINATOR.filter((name) => isFor(name, network)).map((name) => (
              <a key={name} class="desk" href={address(name)} {...(name === here ? { "aria-current": "page" } : {})}>{sayCode("screen", name)}</a>
            ))}
          </nav>
        </>
      )}
    </header>
  );
}

const LOOK: Partial<Record<Standing, string>> = { offline: "offline", busy: "busy", signed_out: "offline", left: "offline" };

/** While it looks again, what it found the last time stands: a screen reader says changes only. */
function State() {
  const { token } = useSignal(session);
  const now = useSignal(standing);
  const state = token ? now : "signed_out";
  const told = useRef<Standing>("busy");
  if (state !== "busy") told.current = state;
  return <span class={`standing ${LOOK[state] ?? ""}`} role="status">{say(`standing.${told.current}` as Name)}</span>;
}

/** What stands beside a screen's name, drawn again whenever the open store changes. */
function Live({ of: Sign }: { of: ComponentType<{ store: Store }> }) {
  const now = useSignal(phone);
  return now ? <Sign key={now.network.id} store={now.store} /> : null;
}

/** How many entries are only here, or wait for a person. */
function Waiting({ store }: { store: Store }) {
  useSignal(store.changed);
  const { outbox } = store;
  const records = new Set(outbox.filter((op) => op.state === "waiting").map((op) => `${op.kind}/${op.id}`));
  const count = records.size + needing(outbox).length;
  if (!count) return null;
  return <span class="count"><span aria-hidden="true">{count}</span><span class="hidden">{say("queue.count", { count })}</span></span>;
}

/** That questions are due; not how many: nobody is to feel in debt. */
function Due({ store }: { store: Store }) {
  useSignal(store.changed);
  return hasDue(store) ? <span class="due"><span class="hidden">{say("ours.someDue")}</span></span> : null;
}
