// App: the frame around every screen, and which screen is open.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Seat } from "./coordinator";
import { Bar } from "./parts/Bar";
import { route, type Route } from "./router";
import { Choose } from "./screens/Choose";
import { Log } from "./screens/log/Log";
import { More } from "./screens/More";
import { COORDINATOR, isFor } from "./screens/screens";
import { SignIn } from "./screens/SignIn";
import { chosenNetwork, session, type Membership } from "./session";
import { useSignal } from "./signal";
import { say, useLanguage } from "./words/words";

const SCREENS: Record<string, ComponentType<Seat>> = { log: Log, more: More };

export function App() {
  useLanguage();
  const { token, networks } = useSignal(session);
  const here = useSignal(route);
  const network = chosenNetwork();
  const isIn = Boolean(network && (token || networks.length));
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>{say("frame.skip")}</a>
      <Bar network={isIn ? network : null} here={here.name} />
      <main id="main" tabIndex={-1}>
        {!token && (here.name === "sign-in" || !network) ? <SignIn /> : network ? <Inside here={here} network={network} /> : <Choose />}
      </main>
    </>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Inside({ here, network }: { here: Route; network: Membership }) {
  const first = network.role === "funder" ? "more" : "log";
  const name = here.name && isFor(here.name, network) ? here.name : first;
  const Screen = SCREENS[name];
  if (Screen) return <Screen route={here} network={network} />;
  if ((COORDINATOR as readonly string[]).includes(name)) return <Later name={name} route={here} network={network} />;
  const First = SCREENS[first]!;
  return <First route={here} network={network} />;
}

/** A coordinator's screen: its code comes when it is first opened. */
function Later({ name, route, network }: Seat & { name: string }) {
  const [screens, setScreens] = useState<Record<string, ComponentType<Seat>> | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    import("./coordinator").then((room) => setScreens(room.SCREENS), () => setLost(true));
  }, []);
  const Screen = screens?.[name];
  if (isLost) return <p class="note">{say("trouble.silence")}</p>;
  return Screen ? <Screen route={route} network={network} /> : <p role="status">{say("frame.loading")}</p>;
}
