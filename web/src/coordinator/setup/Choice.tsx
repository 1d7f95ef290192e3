// Choice: one of a few in a form.

import { useId } from "preact/hooks";

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  options: [string, string][];
  onChoose?: (value: string) => void;
}

export function Choice({ label, name, value, options, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} dir="auto" onChange={(event) => onChoose?.(event.currentTarget.value)}>
        {options.map(([code, said]) => <option key={code} value={code} selected={code === value}>{said}</option>)}
      </select>
    </div>
  );
}

export const text = (values: FormData, name: string): string => String(values.get(name) ?? "").trim();
