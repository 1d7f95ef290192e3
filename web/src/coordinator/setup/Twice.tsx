// Twice: a button for what cannot be taken back lightly: pressed once it asks, pressed again it does.

import { useState } from "preact/hooks";
import { focus } from "../../parts/Form";
import { say } from "../../words/words";

interface TwiceProps {
  label: string;
  of: string; // what it is done to, for those who hear the page
  onSure: () => void;
}

export function Twice({ label, of, onSure }: TwiceProps) {
  const [isAsking, ask] = useState<boolean | null>(null); // null until the first time
  if (!isAsking) return <button type="button" class="plain" ref={isAsking === false ? focus : null} onClick={() => ask(true)}>{label} <span class="hidden">{of}</span></button>;
  return (
    <span class="actions twice" role="group" aria-label={say("setup.sure", { what: `${label} ${of}` })}>
      <button type="button" onClick={() => { ask(false); onSure(); }}>{say("setup.sure", { what: label })} <span class="hidden">{of}</span></button>
      <button type="button" class="plain" ref={focus} onClick={() => ask(false)}>{say("setup.leave")}</button>
    </span>
  );
}
