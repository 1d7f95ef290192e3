// Set up: a network made without the command line: its frame, its groups and spaces, its people.

import type { ComponentType } from "preact";
import { address } from "../../router";
import { say, sayCode } from "../../words/words";
import type { Seat } from "../seat";
import { Boundaries } from "./Boundaries";
import { Groups } from "./Groups";
import { Invitations } from "./Invitations";
import { Spaces } from "./Spaces";
import { Upload } from "./Upload";

const STEPS: Record<string, ComponentType<Seat>> = {
  boundaries: Boundaries,
  spaces: Spaces,
  groups: Groups,
  upload: Upload,
  invitations: Invitations,
};

export function SetUp(seat: Seat) {
  const [chosen = "boundaries"] = seat.route.rest;
  const Step = STEPS[chosen] ?? Boundaries;
  return (
    <section class="desk">
      <h1>{say("setup.title")}</h1>
      <p class="lead">{say("setup.lead")}</p>
      <nav class="steps" aria-label={say("setup.title")}>
        {Object.keys(STEPS).map((name) => (
          <a key={name} href={address("set-up", name)} {...(STEPS[name] === Step ? { "aria-current": "page" } : {})}>{sayCode("step", name)}</a>
        ))}
      </nav>
      <Step {...seat} />
    </section>
  );
}
