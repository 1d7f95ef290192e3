// Start: signing in, choosing a network, and the tabs.

import { forgetToken, keepToken, read, send, token } from "./client.js";
import { openCrossing } from "./crossing.js";
import { openLog } from "./log.js";
import { openMap } from "./map.js";
import { attempt, find, offer } from "./parts.js";
import { openReport } from "./report.js";

const TABS = { log: openLog, map: openMap, crossing: openCrossing, report: openReport };
let me = null;
let network = null;

function show(isInside) {
  find("#sign-in").hidden = isInside;
  find("#inside").hidden = !isInside;
}

async function enter() {
  me = await read("/me");
  show(true);
  find("#my-address").textContent = me.user.email;
  find("#nowhere").hidden = me.networks.length > 0;
  find("#networks").hidden = me.networks.length < 2;
  offer(find("#networks select"), me.networks);
  choose(me.networks[0]);
}

/** Everything that tabs show is of one network, in one role. */
function choose(chosen) {
  network = chosen && { ...chosen, path: `/networks/${chosen.id}` };
  find("#network-name").textContent = network?.name ?? "Weft";
  find("#my-role").textContent = network?.role ?? "no network yet";
  find('[role="tablist"]').hidden = !network;
  for (const tab of document.querySelectorAll('[role="tab"]')) tab.hidden = !allowed().includes(of(tab));
  turn();
}

const of = (tab) => tab.getAttribute("aria-controls");
const allowed = () => (network?.role === "funder" ? ["report"] : Object.keys(TABS));

/** Turn to the tab that the address names. */
function turn() {
  const wanted = location.hash.slice(1);
  const chosen = allowed().includes(wanted) ? wanted : allowed()[0];
  for (const tab of document.querySelectorAll('[role="tab"]')) {
    const isChosen = of(tab) === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    find(`#${of(tab)}`).hidden = !isChosen || !network;
  }
  if (network) TABS[chosen](network);
}

function moveAmongTabs(event) {
  const tabs = [...document.querySelectorAll('[role="tab"]:not([hidden])')];
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: 0, End: 0 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const way = document.documentElement.dir === "rtl" ? -step : step;
  const place = (tabs.indexOf(event.target) + way + tabs.length) % tabs.length;
  const next = tabs[{ Home: 0, End: tabs.length - 1 }[event.key] ?? place];
  next.focus();
  next.click();
}

function listen() {
  const [ask, verify] = [find("#ask"), find("#verify")];
  const switchForms = (isAsking) => {
    ask.hidden = !isAsking;
    verify.hidden = isAsking;
    (isAsking ? ask.elements.email : verify.elements.code).focus();
  };
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt("#sign-in-says", event.submitter, async () => {
      await send("POST", "/sign-in", { body: { email: ask.elements.email.value } });
      find("#sent-to").textContent = ask.elements.email.value;
      switchForms(false);
    });
  });
  verify.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt("#sign-in-says", event.submitter, async () => {
      const body = { email: ask.elements.email.value, code: verify.elements.code.value, device_name: "Browser" };
      keepToken((await (await send("POST", "/sign-in/verify", { body })).json()).token);
      verify.reset();
      switchForms(true);
      await enter();
      find("#main").focus();
    });
  });
  find("#again").addEventListener("click", () => switchForms(true));
  find("#sign-out").addEventListener("click", async () => {
    await send("POST", "/sign-out").catch(() => null); // the token is forgotten here in any case
    leave();
  });
  find("#networks select").addEventListener("change", (event) => {
    choose(me.networks.find((each) => each.id === event.target.value));
  });
  find('[role="tablist"]').addEventListener("keydown", moveAmongTabs);
  for (const tab of document.querySelectorAll('[role="tab"]')) {
    tab.addEventListener("click", () => {
      history.replaceState(null, "", `#${of(tab)}`);
      turn();
    });
  }
  addEventListener("hashchange", turn);
  addEventListener("signed-out", leave);
}

function leave() {
  forgetToken();
  show(false);
}

listen();
show(false);
if (token()) attempt("#sign-in-says", null, enter);
