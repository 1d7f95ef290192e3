// Personal: what in a text looks like somebody's address or number. It points out, it does not promise.

const EMAIL = /\S+@\S+\.\S+/;
const POSTCODE = /\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b/i; // of the United Kingdom
const DIGITS = /\+?\p{Nd}[\p{Nd}\s().-]*\p{Nd}/gu;
const SHORTEST = 9; // digits of a phone number; a day has eight

export type Look = "email" | "phone" | "postcode";

export function looksPersonal(text: string): Look | null {
  if (EMAIL.test(text)) return "email";
  const longest = Math.max(0, ...(text.match(DIGITS) ?? []).map((found) => found.replace(/\P{Nd}/gu, "").length));
  if (longest >= SHORTEST) return "phone";
  return POSTCODE.test(text) ? "postcode" : null;
}
