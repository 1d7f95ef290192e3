// Log: four taps.

import { say } from "../../words/words";

export function Log() {
  return <h1>{say("screen.log")}</h1>;
}
