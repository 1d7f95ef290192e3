// Form: fields with their labels, a button that waits, and what went wrong in words.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Trouble } from "../api/client";
import { say, sayKnown } from "../words/words";

interface FieldProps {
  label: string;
  name: string;
  hint?: string;
  wrong?: string | undefined;
  autofocus?: boolean;
  [attribute: string]: unknown;
}

/** A field with its label; whatever else is given goes to the input. */
export function Field({ label, hint, wrong, autofocus, ...input }: FieldProps) {
  const id = useId();
  const own = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autofocus) own.current?.focus();
  }, []);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  const more = { ...input, ...(described && { "aria-describedby": described }), ...(wrong && { "aria-invalid": true }) };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      <input dir="auto" {...more} id={id} ref={own} />
      {wrong && <span class="wrong" id={`${id}-wrong`}>{wrong}</span>}
    </div>
  );
}

interface FormProps {
  onSubmit: (values: FormData) => Promise<void>;
  button: string;
  also?: ComponentChildren;
  children: ComponentChildren;
}

export function Form({ onSubmit, button, also, children }: FormProps) {
  const [told, setTold] = useState("");
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setTold("");
    try {
      await onSubmit(new FormData(event.target as HTMLFormElement));
    } catch (error) {
      setTold(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      {children}
      <p class="actions">
        <button type="submit" aria-disabled={isBusy}>{button}</button>
        {also}
      </p>
      <p class="says" role="status">{told}</p>
    </form>
  );
}

/** A `ref` for what takes the place of a pressed button. */
export const focus = (element: HTMLElement | null) => element?.focus();

/** What to tell a person: that nobody answered, our words for what is usual, else the server's own. */
export function sentence(error: unknown): string {
  if (!(error instanceof Trouble)) return say("trouble.own");
  if (error.isSilence) return say("trouble.silence");
  const known = sayKnown("problem", error.code);
  if (known) return known;
  const fields = Object.values(error.more.fields ?? {}).flat();
  return fields.length ? fields.join(" ") : error.message;
}
