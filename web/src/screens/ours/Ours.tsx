// Ours: what is mine to see to, and what came of what I did.

import { say } from "../../words/words";

export function Ours() {
  return <section><h1>{say("screen.ours")}</h1></section>;
}
