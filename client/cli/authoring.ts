import { formatProblem } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import { Unsuccessful } from './failure';
import type { Terminal } from './terminal';
import { printJson, styled } from './terminal';
import { countText } from './wording';

/** All problems of all files, as compilers print them: `file:line:column code message`, and what to do. */
export function printProblems(terminal: Terminal, problems: readonly Problem[]): void {
  for (const problem of problems) {
    terminal.out(formatProblem(problem));
    if (problem.accepted.length > 0)
      terminal.out(styled(terminal, 'dim', `    accepted: ${problem.accepted.join(', ')}`));
    if (problem.hint !== '') terminal.out(styled(terminal, 'dim', `    ${problem.hint}`));
  }
}

/** For verbs whose data is something else: problems are then not data. */
export function refuseForProblems(terminal: Terminal, problems: readonly Problem[], json: boolean): never {
  if (json) printJson(terminal, { problems });
  else printProblems({ ...terminal, out: terminal.note }, problems);
  terminal.note(countText(problems.length, 'problem'));
  throw new Unsuccessful('problems');
}
