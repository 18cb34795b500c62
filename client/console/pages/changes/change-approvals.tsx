import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { TaskRow } from '../../answers';
import { Badge } from '../../kit/badge';
import type { Tone } from '../../tone';
import { EmptyState } from '../../kit/empty-state';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { standingOf } from './approval-model';
import type { SlotStanding } from './approval-model';
import type { ChangeView } from './change-types';

const tones: { readonly [S in SlotStanding]: Tone } = {
  open: 'wait',
  approved: 'good',
  rejected: 'bad',
  withdrawn: 'neutral',
};

/** Who was asked, for which slot of the policy, and who has said what. */
export function ChangeApprovals({ change }: { readonly change: ChangeView }): ReactNode {
  const approvals = change.tasks.filter(({ kind }) => kind === 'approval');
  return (
    <Section title="Approvals">
      {change.hash !== '' && (
        <p className="hint">
          A vote signs everything material in the change: <span className="mono">{change.hash}</span>
        </p>
      )}
      {approvals.length === 0 ? (
        <EmptyState title="No approval was asked for">
          A standard change asks nobody; others ask when they are submitted, by the policy of their risk.
        </EmptyState>
      ) : (
        <ul className="approvals">
          {approvals.toReversed().map((task) => (
            <li key={task.id}>
              <Slot task={task} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Slot({ task }: { readonly task: TaskRow }): ReactNode {
  const { id, title, slot, min, asked = [], candidates, votes, closed, openedAt, dueAt } = task;
  const standing = standingOf(task);
  const people = asked.map(({ person, actor }) => (person === actor ? person : `${actor} for ${person}`));
  return (
    <>
      <p>
        <Badge tone={tones[standing]}>{standing}</Badge>{' '}
        <Link to="/tasks/$task" params={{ task: id }}>
          {slot === undefined || slot === '' ? title : slot}
        </Link>
      </p>
      <p className="hint">
        {min} of {(people.length > 0 ? people : candidates).join(', ') || 'nobody'}; asked <Time at={openedAt} />
        {closed === null && dueAt !== null && (
          <>
            , answers by <Time at={dueAt} />
          </>
        )}
      </p>
      <ul className="votes" aria-label={`Votes of ${slot ?? title}`}>
        {votes.map(({ id: vote, actor, via, choice, comment, onBehalfOf }) => (
          <li key={vote}>
            <strong>{actor}</strong>
            {onBehalfOf !== undefined && ` for ${onBehalfOf}`}: {choice} <span className="muted">by {via}</span>
            {comment !== '' && ` “${comment}”`}
          </li>
        ))}
      </ul>
    </>
  );
}
