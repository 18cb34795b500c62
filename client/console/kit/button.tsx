import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { useId } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** Why it cannot be pressed now: shown, and read out. Null or absent: it can. */
  readonly refused?: string | null | undefined;
  /** Its answer is awaited. */
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

/** Stays reachable by keyboard when refused, so that everybody can learn why. */
export function Button(props: ButtonProps): ReactNode {
  const { tone = 'plain', refused, isBusy = false, children, onClick, className = '', ...rest } = props;
  const reasonId = useId();
  const isRefused = refused !== null && refused !== undefined;
  return (
    <span className="button-holder">
      <button
        type="button"
        {...rest}
        className={`button button-${tone} ${className}`}
        aria-disabled={isRefused || isBusy || undefined}
        aria-busy={isBusy || undefined}
        aria-describedby={isRefused ? reasonId : undefined}
        onClick={(event) => {
          if (isRefused || isBusy) event.preventDefault();
          else onClick?.(event);
        }}
      >
        {children}
      </button>
      {isRefused && (
        <span role="tooltip" id={reasonId} className="reason">
          {refused}
        </span>
      )}
    </span>
  );
}
