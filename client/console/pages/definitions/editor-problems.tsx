import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import type { AuthoringProblem } from './yaml-editor';

export interface EditorProblemsProps {
  /** Null: not checked yet. */
  readonly problems: readonly AuthoringProblem[] | null;
  readonly onGo: (problem: AuthoringProblem) => void;
}

/** The same messages as in the text, one below the other: each leads to its place. */
export function EditorProblems({ problems, onGo }: EditorProblemsProps): ReactNode {
  if (problems === null)
    return (
      <p className="hint" role="status">
        Checking …
      </p>
    );
  return (
    <div role="status">
      {problems.length === 0 ? (
        <Badge tone="good">Nothing is wrong with it</Badge>
      ) : (
        <ul className="editor-problems" aria-label="Problems">
          {problems.map((problem) => (
            <li key={`${problem.line}:${problem.column} ${problem.code} ${problem.message}`}>
              <button type="button" className="button button-quiet" onClick={() => onGo(problem)}>
                Line {problem.line}
              </button>{' '}
              {problem.message}
              {problem.nearest !== null && (
                <>
                  {' '}
                  Did you mean <code>{problem.nearest}</code>?
                </>
              )}
              {problem.hint !== '' && <span className="muted"> {problem.hint}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
