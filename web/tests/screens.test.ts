// Which screens somebody is shown.

import { expect, test } from "vitest";
import { COORDINATOR, isFor, PHONE } from "../src/screens/screens";
import type { Membership } from "../src/session";

const shown = (role: Membership["role"]) => [...PHONE, ...COORDINATOR].filter((name) => isFor(name, { role } as Membership));

test("connectors are shown all but what coordinators decide, funders reports alone", () => {
  const all = [...PHONE, ...COORDINATOR];
  expect(shown("funder")).toEqual(["more", "report"]);
  expect(all.filter((name) => !shown("connector").includes(name))).toEqual(["proposals", "set-up"]);
  for (const role of ["coordinator", "admin"] as const) expect(shown(role)).toEqual(all);
});
