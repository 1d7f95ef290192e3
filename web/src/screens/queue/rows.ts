// Rows: two versions of a record as people read them, field by field.

import { nameOf } from "../../parts/Picker";
import type { Data } from "../../store/kept";
import type { Store } from "../../store/store";
import { say, sayCode, sayDate, sayList } from "../../words/words";

export interface Row {
  name: string;
  mine: string;
  theirs: string;
  differs: boolean;
}

const CODES: Record<string, string> = { known_before: "known", resource: "resource", status: "status", outcome: "outcome", anyway: "anyway" };
const HIDDEN = new Set(["connector_id"]);

/** Every field that either side says, those that differ first. */
export function rows(mine: Data, theirs: Data, store: Store): Row[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter((name) => !HIDDEN.has(name));
  const told = names.map((name) => {
    const [one, other] = [read(name, mine[name], store), read(name, theirs[name], store)];
    return { name, mine: one, theirs: other, differs: one !== other };
  });
  return told.filter((row) => row.mine || row.theirs).sort((a, b) => Number(b.differs) - Number(a.differs));
}

function read(name: string, value: unknown, store: Store): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return say(value ? "is.yes" : "is.no");
  if (Array.isArray(value)) return sayList(value.map((each) => part(each, store)));
  if (name.endsWith("group_id")) return nameOf(store.get("groups", String(value)));
  if (name.endsWith("space_id")) return nameOf(store.get("spaces", String(value)));
  if (name.endsWith("_at")) return sayDate(String(value), { dateStyle: "medium", timeStyle: "short" });
  if (name.endsWith("_on")) return sayDate(String(value));
  if (name === "geometry") return say("field.geometrySet");
  return name in CODES ? sayCode(CODES[name]!, String(value)) : String(value);
}

function part(each: Data, store: Store): string {
  const name = each["group_id"] ? nameOf(store.get("groups", each["group_id"])) : "";
  return each["headcount"] ? `${name} (${each["headcount"]})` : name;
}
