// Bar: the name of the network, how this phone stands with the server, and the way to every screen.

import { phone } from "../phone";
import { address } from "../router";
import { COORDINATOR, isFor, PHONE } from "../screens/screens";
import { session, type Membership } from "../session";
import { useSignal } from "../signal";
import { needing } from "../sync/queue";
import { standing, type Standing } from "../sync/sync";
import { say, sayCode, type Name } from "../words/words";
import { Icon } from "./icons";

export function Bar({ network, here }: { network: Membership | null; here: string }) {
  return (
    <header class="top">
      <a class="brand" href="/"><img src="/start/mark.svg" alt="" width="32" height="32" />Weft</a>
      {network && (
        <>
          <bdi class="network">{network.name}</bdi>
          <State />
          <nav class="parts" aria-label={say("frame.parts")}>
            {PHONE.filter((name) => isFor(name, network)).map((name) => (
              <a key={name} href={address(name)} {...(name === here ? { "aria-current": "page" } : {})}>
                <Icon name={name} />
                <span>{sayCode("screen", name)}</span>
                {name === "queue" && <Waiting />}
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

function State() {
  const { token } = useSignal(session);
  const now = useSignal(standing);
  const state = token ? now : "signed_out";
  return <span class={`standing ${LOOK[state] ?? ""}`} role="status">{say(`standing.${state}` as Name)}</span>;
}

/** How many entries are only here, or wait for a person. */
function Waiting() {
  const now = useSignal(phone);
  return now ? <Count key={now.network.id} now={now} /> : null;
}

function Count({ now }: { now: NonNullable<ReturnType<typeof phone.get>> }) {
  useSignal(now.store.changed);
  const { outbox } = now.store;
  const records = new Set(outbox.filter((op) => op.state === "waiting").map((op) => `${op.kind}/${op.id}`));
  const count = records.size + needing(outbox).length;
  if (!count) return null;
  return <span class="count"><span aria-hidden="true">{count}</span><span class="hidden">{say("queue.count", { count })}</span></span>;
}
