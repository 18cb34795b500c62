import type { ReactNode } from 'react';

import { Field } from '../kit/field';
import type { ControlAttributes } from '../kit/field';
import { controlOf, hintOf, isRequired } from './form-model';
import type { Declared, DeclaredInput, Texts } from './form-model';

export interface DeclaredFormProps {
  readonly declared: Declared;
  readonly texts: Texts;
  /** Shown beside their fields; empty until somebody has tried. */
  readonly problems: { readonly [name: string]: string };
  readonly onChange: (texts: Texts) => void;
}

/** One field for each declared input, in the order of the declaration. */
export function DeclaredForm({ declared, texts, problems, onChange }: DeclaredFormProps): ReactNode {
  return Object.entries(declared).map(([name, input]) => (
    <Field
      key={name}
      title={input.title ?? name}
      hint={hintOf(input)}
      isRequired={isRequired(input)}
      problem={problems[name]}
    >
      {(control) => (
        <InputControl
          input={input}
          value={texts[name] ?? ''}
          control={control}
          onChange={(value) => onChange({ ...texts, [name]: value })}
        />
      )}
    </Field>
  ));
}

interface InputControlProps {
  readonly input: DeclaredInput;
  readonly value: string;
  readonly control: ControlAttributes;
  readonly onChange: (value: string) => void;
}

function InputControl({ input, value, control, onChange }: InputControlProps): ReactNode {
  const kind = controlOf(input);
  switch (kind.kind) {
    case 'choice':
      return (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {(value === '' || !control.required) && <option value="">–</option>}
          {kind.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    case 'toggle':
      return (
        <input
          {...control}
          type="checkbox"
          checked={value === 'true'}
          onChange={(event) => onChange(String(event.target.checked))}
        />
      );
    case 'lines':
    case 'json':
      return <textarea {...control} value={value} onChange={(event) => onChange(event.target.value)} />;
    case 'number':
    case 'line':
    case 'time':
    case 'secret':
      return (
        <input
          {...control}
          type="text"
          inputMode={kind.kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
