// What looks like somebody's address or number, and what does not.

import { expect, test } from "vitest";
import { looksPersonal } from "../src/parts/personal";

test.each([
  ["write to r@choir.example", "email"],
  ["ring 01970 555 123", "phone"],
  ["ring +44 (0)1970-555123", "phone"],
  ["اتصل ٠١٩٧٠٥٥٥١٢٣", "phone"],
  ["bring it to SY23 1AB", "postcode"],
])("%s is pointed out", (text, look) => expect(looksPersonal(text)).toBe(look));

test.each(["two ladders until 2026-11-28", "12 chairs, 3 tables", "from 10:00 to 12.30", "dwy ysgol", ""])(
  "%s is left alone",
  (text) => expect(looksPersonal(text)).toBeNull(),
);
