// Choices: one question, one tap for an answer; buttons of the same size and colour.

import { useId } from "preact/hooks";

interface ChoicesProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: string }[];
  value: T | null | undefined;
  onChoose: (value: T) => void;
}

export function Choices<T extends string>({ legend, options, value, onChoose }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
