// Words: everything that is read, in the reader's language. A language is one file beside this one.

import type { ComponentChildren, VNode } from "preact";
import { signal, useSignal } from "../signal";
import names from "virtual:languages";
import english from "./en.json";

/** A sentence, or one for each plural that the language has (CLDR names). */
export type Words = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Name = keyof typeof english;
export type Values = Record<string, string | number>;
type Catalogue = Record<string, Words>;

const KEY = "weft.language";
const FILES = import.meta.glob<Catalogue>(["./*.json", "!./en.json"], { import: "default" });
const FROM_RIGHT = new Set(["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]);


/** Codes of the languages there are. */
export const LANGUAGES = Object.keys(names).sort();

/** What a language calls itself. */
export const nameOf = (code: string) => names[code] ?? code;

export const directionOf = (code: string) => (FROM_RIGHT.has(code.split("-")[0]!) ? "rtl" : "ltr");

interface Spoken {
  code: string;
  words: Catalogue;
}

const spoken = signal<Spoken>({ code: "en", words: english });

/** The language of this browser's user: as chosen here before, else as the browser asks for. */
export function preferred(): string {
  const wanted = [localStorage.getItem(KEY) ?? "", ...navigator.languages];
  const short = wanted.map((code) => code.split("-")[0]!.toLowerCase());
  return short.find((code) => LANGUAGES.includes(code)) ?? "en";
}

/** Speak a language from now on, and write in its direction. */
export async function speak(code: string, isChoice = false): Promise<void> {
  const words = code === "en" ? english : ((await FILES[`./${code}.json`]?.()) ?? english);
  if (isChoice) localStorage.setItem(KEY, code);
  document.documentElement.lang = code;
  document.documentElement.dir = directionOf(code);
  spoken.set({ code, words });
}

/** The present language; whoever asks is drawn again when it changes. */
export const useLanguage = () => useSignal(spoken).code;
export const language = () => spoken.get().code;

/** The words of this name, the plural chosen by `count`. */
export function pick(words: Words, code: string, values: Values): string {
  if (typeof words === "string") return words;
  const rule = new Intl.PluralRules(code).select(Number(values["count"] ?? 0));
  return words[rule] ?? words.other ?? "";
}

function find(name: string, values: Values): string {
  const { code, words } = spoken.get();
  const found = words[name];
  return found === undefined ? pick((english as Catalogue)[name] ?? name, "en", values) : pick(found, code, values);
}

const shown = (value: string | number) =>
  typeof value === "number" ? new Intl.NumberFormat(language()).format(value) : value;

/** A sentence as plain text, for attributes and titles. */
export function say(name: Name, values: Values = {}): string {
  return find(name, values).replace(/\{(\w+)\}/g, (_, key: string) => shown(values[key] ?? ""));
}

/** Words for a code, where there are any. */
export function sayKnown(group: string, code: string): string | null {
  const name = `${group}.${code}`;
  return name in english ? say(name as Name) : null;
}

/** Words for a code of the data, such as `resource.goods`; the code itself where there are none. */
export const sayCode = (group: string, code: string) => sayKnown(group, code) ?? code.replaceAll("_", " ");

/** A sentence whose values keep their own direction: names of groups and places are people's own. */
export function Say({ name, ...values }: { name: Name } & Record<string, ComponentChildren>): VNode {
  useLanguage();
  const count = { count: Number(values["count"] ?? 0) };
  const parts = find(name, count).split(/\{(\w+)\}/g);
  const value = (key: string) => {
    const one = values[key];
    return typeof one === "number" ? shown(one) : <bdi>{one}</bdi>;
  };
  return <>{parts.map((part, i) => (i % 2 ? value(part) : part))}</>;
}

const lists = () => new Intl.ListFormat(language(), { type: "unit" });

/** One thing after the other, as the language lists them. */
export const sayList = (items: string[]): string => lists().format(items);

/** Names one after the other, each in its own direction. */
export function Names({ of }: { of: string[] }): VNode {
  useLanguage();
  return <>{lists().formatToParts(of).map(({ type, value }) => (type === "element" ? <bdi>{value}</bdi> : value))}</>;
}

/** The language with the country of this browser's user, who writes days as they do there. */
const region = () => navigator.languages.find((code) => code.split("-")[0] === language()) ?? language();

/** A day or an instant as this language writes it. */
export function sayDate(value: string | Date, style: Intl.DateTimeFormatOptions = { dateStyle: "medium" }): string {
  const isDay = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);
  const date = isDay ? new Date(`${value}T12:00:00`) : new Date(value);
  return new Intl.DateTimeFormat(region(), style).format(date);
}
