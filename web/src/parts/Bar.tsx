// Bar: the name of the network, and the way to every screen.

import { address } from "../router";
import { COORDINATOR, isFor, PHONE } from "../screens/screens";
import type { Membership } from "../session";
import { sayCode, say } from "../words/words";

export function Bar({ network, here }: { network: Membership | null; here: string }) {
  return (
    <header class="top">
      <a class="brand" href="/"><img src="/start/mark.svg" alt="" width="32" height="32" />Weft</a>
      {network && (
        <>
          <bdi class="network">{network.name}</bdi>
          <nav aria-label={say("frame.parts")}>
            {[...PHONE, ...COORDINATOR].filter((name) => isFor(name, network)).map((name) => (
              <a key={name} href={address(name)} {...(name === here ? { "aria-current": "page" } : {})}>
                {sayCode("screen", name)}
              </a>
            ))}
          </nav>
        </>
      )}
    </header>
  );
}
