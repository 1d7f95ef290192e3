// Client: what counts as an answer of ours.

import { beforeEach, expect, test, vi } from "vitest";
import { ask } from "../src/api/client";
import { portal } from "./server";

beforeEach(() => vi.unstubAllGlobals());
const answers = (answer: Response) => vi.stubGlobal("fetch", async () => answer);

test("a captive portal's page is no answer, whatever was asked", async () => {
  for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
    answers(portal());
    await expect(ask("/me", { method })).rejects.toMatchObject({ code: "no_answer" });
  }
});

test("an answer without content is ours, whatever type it claims to have", async () => {
  answers(new Response(null, { status: 204, headers: { "Content-Type": "text/html" } }));
  expect((await ask("/sign-out", { method: "POST" })).status).toBe(204);
});

test("a page that was asked for is one", async () => {
  answers(portal());
  expect((await ask("/networks/a/reports/b.html")).ok).toBe(true);
});
