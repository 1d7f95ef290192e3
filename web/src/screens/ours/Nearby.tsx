// Nearby: needs and offers that stand, the nearest first. Their words are read while online.

import { useEffect, useState } from "preact/hooks";
import { inside, readAll } from "../../api/client";
import { Choices } from "../../parts/Choices";
import { sentence } from "../../parts/Form";
import { findAgain, Locate, position } from "../../parts/Locate";
import { nameOf, sayDistance } from "../../parts/Picker";
import { useStore } from "../../phone";
import { useSignal } from "../../signal";
import { centreOf, distance } from "../../store/habits";
import type { Data } from "../../store/kept";
import type { Shown, Store } from "../../store/store";
import { say, sayCode, sayDate } from "../../words/words";
import { dayOf } from "../log/entry";
import { address } from "../../router";
import { alter } from "../../store/alter";
import { SIDES } from "./AddListing";
import { Part } from "./Part";

const MOST = 60;

/** Where a need or an offer is: its own place, else where its group is at home. */
function placeOf(listing: Shown, store: Store): Shown | undefined {
  const home = store.get("groups", listing.data["group_id"])?.data["home_space_id"];
  return store.get("spaces", listing.data["space_id"]) ?? store.get("spaces", home);
}

export function Nearby() {
  const store = useStore();
  const [side, setSide] = useState<(typeof SIDES)[number]>("need");
  const from = useSignal(position);
  const [said, setSaid] = useState(new Map<string, Data>());
  useEffect(() => {
    void findAgain();
    readAll<Data>(inside("listings?status=open")).then((all) => setSaid(new Map(all.map((one) => [one["id"], one]))), () => undefined);
  }, []);
  const today = dayOf(new Date());
  const found = [...store.all("listings").values()]
    .filter(({ data }) => data["side"] === side && data["status"] === "open" && (data["open_until"] ?? today) >= today)
    .map((listing) => {
      const place = placeOf(listing, store);
      return { listing, place, metres: from ? distance(from, centreOf(place?.data["geometry"])) : Infinity };
    })
    .sort((a, b) => a.metres - b.metres || String(a.listing.data["open_until"] ?? "9").localeCompare(String(b.listing.data["open_until"] ?? "9")));
  return (
    <Part title={say("ours.nearby")}>
      <Choices legend={say("nearby.side")} value={side} onChoose={setSide} options={SIDES.map((one) => ({ value: one, label: say(`side.${one}`) }))} />
      <Locate isFound={from !== null} />
      <ul class="cards">
        {found.slice(0, MOST).map(({ listing, place, metres }) => (
          <li key={listing.id} class="card">
            <h2>{sayCode("resource", listing.data["resource"])} · <bdi>{nameOf(store.get("groups", listing.data["group_id"]))}</bdi></h2>
            <p dir="auto">{said.get(listing.id)?.["description"] ?? <span class="hint">{say("nearby.wordsLater")}</span>}</p>
            <p class="hint">
              {place && <bdi>{nameOf(place)}</bdi>}
              {metres < Infinity && <> · {sayDistance(metres)}</>}
              {listing.data["open_until"] && <> · {say("nearby.until", { day: sayDate(listing.data["open_until"]) })}</>}
            </p>
            {said.get(listing.id)?.["author_id"] === store.member && <Settle listing={listing} store={store} />}
          </li>
        ))}
      </ul>
      {!found.length && <p>{say("nearby.none")}</p>}
      <p class="actions"><a class="button plain" href={address("ours", "nearby", "add")}>{say("ours.nearby.add")}</a></p>
    </Part>
  );
}

/** Whoever put it up says when it no longer stands. */
function Settle({ listing, store }: { listing: Shown; store: Store }) {
  const [told, setTold] = useState("");
  const settle = () => void alter(store, "listings", listing.id, { status: "met" }).catch((error) => setTold(sentence(error)));
  return (
    <>
      <p class="actions"><button type="button" class="plain" onClick={settle}>{say("listing.settled")}</button></p>
      <p class="says" role="status">{told}</p>
    </>
  );
}
