// What a browser may keep, and what a language file must have.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keep, KINDS, mayKeep } from "../src/store/kept";
import { confirmedOf } from "../src/sync/queue";

test("free text, notebooks and places that are to stay unknown never reach the store", () => {
  const { data, lacks } = keep("introductions", { made_at: "2026-03-31", parties: [], purpose: "a few words", channel: null });
  expect(data).toEqual({ made_at: "2026-03-31", parties: [], channel: null });
  expect(lacks).toBe(true);
  expect(keep("introductions", { made_at: "2026-03-31", purpose: null }).lacks).toBe(false);
  expect(KINDS).not.toContain("people");
  expect(mayKeep("people", { alias: "M" })).toBe(false);
  const told = { id: "x", version: "v", audience: "network", data: { name: "Refuge", never_map: true } };
  expect(confirmedOf("spaces", told)).toBeNull();
});

const folder = new URL("../src/words/", import.meta.url);
const words = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const english = words("en.json");
/** What the phone's screens say; a desk's screen may speak English until somebody translates it. */
const PHONE =
  /^(language|unknown|(frame|standing|update|signIn|choose|role|log|resource|pick|saved|known|is|anyway|summary|words|queue|clash|refused|field|more|devices|trouble|problem|ours|ask|answer|notebook|notice|nearby|side|listing|personal|propose|move|openTo|group|space)\..*|screen\.(log|ours|queue|more))$/;
const forms = (said: unknown): string[] => (typeof said === "string" ? [said] : Object.values(said as object));
const holes = (said: string) => (said.match(/\{\w+\}/g) ?? []).sort();

for (const file of readdirSync(folder).filter((name) => (name as string).endsWith(".json"))) {
  test(`${file} says everything, with every plural of its language`, () => {
    const told = words(file);
    expect(Object.keys(english)).toEqual(expect.arrayContaining(Object.keys(told)));
    expect(Object.keys(english).filter((name) => PHONE.test(name) && !(name in told))).toEqual([]);
    const plurals = new Intl.PluralRules(file.slice(0, -5)).resolvedOptions().pluralCategories;
    for (const [name, said] of Object.entries(told)) {
      expect(typeof said, name).toBe(typeof english[name]);
      if (typeof said === "object") expect(Object.keys(said as object).sort(), name).toEqual([...plurals].sort());
      const known = new Set(forms(english[name]).flatMap(holes));
      for (const form of forms(said)) for (const hole of holes(form)) expect(known, `${name}: ${hole}`).toContain(hole);
    }
  });
}
