// Picker: a list to search and tap; favourites and what was used lately come first.

import { useMemo, useState } from "preact/hooks";
import { useStore } from "../phone";
import { centreOf, distance, habitsOf, matches, order, toggleFavourite, type Point } from "../store/habits";
import type { Shown } from "../store/store";
import { language, say, sayCode } from "../words/words";
import { Icon } from "./icons";

const AT_ONCE = 40;

interface PickerProps {
  kind: "groups" | "spaces";
  without?: string[];
  onPick: (id: string) => void;
  from?: Point | null;
}

/** What a group or a place is called; somebody's home has no name. */
export const nameOf = (record: Shown | undefined): string =>
  record ? String(record.data["name"] || sayCode("space", record.data["type"])) : say("unknown");

export function Picker({ kind, without = [], onPick, from = null }: PickerProps) {
  const store = useStore();
  const [typed, setTyped] = useState("");
  const [most, setMost] = useState(AT_ONCE);
  const all = store.all(kind);
  const habits = habitsOf(store);
  const sorted = useMemo(() => {
    const open = [...all.values()].filter(({ data }) => data["status"] !== "retired");
    return order(open, habits, from, language());
  }, [all, habits.favourites, habits.recent, from]);
  const found = sorted.filter((record) => !without.includes(record.id) && matches(nameOf(record), typed));
  return (
    <div class="picker">
      <label class="search">
        <Icon name="search" />
        <span class="hidden">{say(kind === "groups" ? "pick.findGroup" : "pick.findSpace")}</span>
        <input
          type="search" dir="auto" autocomplete="off" enterkeyhint="search" value={typed}
          placeholder={say(kind === "groups" ? "pick.findGroup" : "pick.findSpace")}
          onInput={(event) => { setTyped(event.currentTarget.value); setMost(AT_ONCE); }}
        />
      </label>
      <p class="hidden" role="status">{typed && say("pick.found", { count: found.length })}</p>
      <ul class="list">
        {found.slice(0, most).map((record) => (
          <Row key={record.id} record={record} from={from} isFavourite={habits.favourites.includes(record.id)}
            onPick={onPick} onStar={() => toggleFavourite(store, record.id)} />
        ))}
      </ul>
      {found.length > most && (
        <button type="button" class="plain" onClick={() => setMost(most + 200)}>{say("pick.more", { count: found.length - most })}</button>
      )}
      {!found.length && <p class="note">{say(all.size ? "pick.nothing" : "pick.empty")}</p>}
    </div>
  );
}

interface RowProps {
  record: Shown;
  from: Point | null;
  isFavourite: boolean;
  onPick: (id: string) => void;
  onStar: () => void;
}

function Row({ record, from, isFavourite, onPick, onStar }: RowProps) {
  const metres = from ? distance(from, centreOf(record.data["geometry"])) : Infinity;
  const name = nameOf(record);
  return (
    <li>
      <button type="button" class="row" onClick={() => onPick(record.id)}>
        <bdi>{name}</bdi>
        {record.data["status"] === "proposed" && <span class="hint">{say("pick.proposed")}</span>}
        {metres < Infinity && <span class="hint">{sayDistance(metres)}</span>}
      </button>
      <button type="button" class="star" aria-pressed={isFavourite} aria-label={say("pick.favourite", { name })} onClick={onStar}>
        <Icon name="star" isFilled={isFavourite} />
      </button>
    </li>
  );
}

/** Metres to the next ten, then kilometres, as the language writes them. */
export function sayDistance(metres: number): string {
  const isFar = metres >= 1_000;
  const unit = isFar ? "kilometer" : "meter";
  const value = isFar ? metres / 1_000 : Math.round(metres / 10) * 10;
  return new Intl.NumberFormat(language(), { style: "unit", unit, maximumSignificantDigits: isFar ? 2 : 3 }).format(value);
}
