import type { ReactNode } from 'react';
import { useId } from 'react';

export interface FieldProps {
  readonly title: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value. */
  readonly problem?: string | null | undefined;
  readonly isRequired?: boolean;
  /** Gets what connects the control with its label, hint and problem. */
  readonly children: (control: ControlAttributes) => ReactNode;
}

export interface ControlAttributes {
  readonly id: string;
  readonly required: boolean;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

export function Field({ title, hint, problem, isRequired = false, children }: FieldProps): ReactNode {
  const id = useId();
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const hasProblem = problem !== null && problem !== undefined && problem !== '';
  const describedBy = [...(hint === undefined ? [] : [hintId]), ...(hasProblem ? [problemId] : [])].join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>
        {title}
        {isRequired && (
          <span aria-hidden="true" className="required">
            {' '}
            *
          </span>
        )}
      </label>
      {children({
        id,
        required: isRequired,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': hasProblem || undefined,
      })}
      {hint !== undefined && (
        <p id={hintId} className="hint">
          {hint}
        </p>
      )}
      {hasProblem && (
        <p id={problemId} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
