// App: the frame around every screen, and which screen is open.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Seat } from "./coordinator/seat";
import { Bar } from "./parts/Bar";
import { isStoreless, phone } from "./phone";
import { address, route, type Route } from "./router";
import { Choose } from "./screens/Choose";
import { Log } from "./screens/log/Log";
import { More } from "./screens/More";
import { Ours } from "./screens/ours/Ours";
import { Queue } from "./screens/queue/Queue";
import { COORDINATOR, isFor } from "./screens/screens";
import { SignIn } from "./screens/SignIn";
import { chosenNetwork, session, type Membership } from "./session";
import { useSignal } from "./signal";
import { takeOver, waiting } from "./update";
import { say, sayCode, useLanguage } from "./words/words";

const SCREENS: Record<string, ComponentType<Seat>> = { log: Log, ours: Ours, queue: Queue, more: More };

export function App() {
  useLanguage();
  const { token, isLeaving } = useSignal(session);
  const here = useSignal(route);
  const network = chosenNetwork();
  const name = network ? screenOf(here, network) : "";
  const isSigningIn = !token && (!network || here.name === "sign-in");
  useEffect(() => {
    const title = isLeaving ? "" : isSigningIn ? say("signIn.title") : name ? sayCode("screen", name) : "";
    document.title = title ? `${title} · Weft` : "Weft";
  });
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>{say("frame.skip")}</a>
      <Bar network={network} here={name} />
      <main id="main" tabIndex={-1}>
        {network && !token && !isSigningIn && <p class="note">{say("signIn.again")} <a href={address("sign-in")}>{say("signIn.title")}</a></p>}
        {isLeaving ? <p role="status">{say("signIn.leaving")}</p> : isSigningIn ? <SignIn /> : network ? <Inside name={name} here={here} network={network} /> : <Choose />}
      </main>
      <Newer />
    </>
  );
}

function screenOf({ name }: Route, network: Membership): string {
  const known = name in SCREENS || (COORDINATOR as readonly string[]).includes(name);
  return known && isFor(name, network) ? name : network.role === "funder" ? "report" : "log";
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Inside({ name, here, network }: { name: string; here: Route; network: Membership }) {
  const now = useSignal(phone);
  if (useSignal(isStoreless)) return <p class="note" role="alert">{say("trouble.noStore")}</p>;
  if (now?.network.member_id !== network.member_id) return <p role="status">{say("frame.loading")}</p>;
  const Screen = SCREENS[name];
  const seat = { route: here.name === name ? here : { name, rest: [] }, network };
  return Screen ? <Screen {...seat} /> : <Later name={name} {...seat} />;
}

/** A coordinator's screen: its code comes when it is first opened. */
function Later({ name, route: here, network }: Seat & { name: string }) {
  const [screens, setScreens] = useState<Record<string, ComponentType<Seat>> | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    import("./coordinator").then((room) => setScreens(room.SCREENS), () => setLost(true));
  }, []);
  const Screen = screens?.[name];
  if (isLost) return <p class="note">{say("trouble.silence")}</p>;
  return Screen ? <Screen route={here} network={network} /> : <p role="status">{say("frame.loading")}</p>;
}

/** A newer application waits; whoever is in the middle of something takes it afterwards. */
function Newer() {
  const next = useSignal(waiting);
  if (!next) return null;
  return <div class="toast" role="status"><span>{say("update.ready")}</span><button type="button" onClick={takeOver}>{say("update.take")}</button></div>;
}
