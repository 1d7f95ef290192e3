// Plain: a field for a few words that others will read, which points out what is better left out.

import { useState } from "preact/hooks";
import { say, type Name } from "../words/words";
import { Field } from "./Form";
import { looksPersonal, type Look } from "./personal";

interface PlainProps {
  label: string;
  name: string;
  maxlength: number;
  [attribute: string]: unknown;
}

export function Plain(field: PlainProps) {
  const [look, setLook] = useState<Look | null>(null);
  return (
    <>
      <Field {...field} hint={say("words.noNames")} autocomplete="off"
        onInput={(event: InputEvent) => setLook(looksPersonal((event.currentTarget as HTMLInputElement).value))} />
      <p class="says" role="status">{look && say(`personal.${look}` as Name)}</p>
    </>
  );
}
