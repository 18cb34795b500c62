import type { SentOf } from '../../request';
import type { ChangeView } from './change-types';

type Review = SentOf<'POST /changes/:ref/review'>;

export interface ReviewForm {
  readonly outcome: Review['outcome'];
  readonly text: string;
  /** A ticket for each exception. */
  readonly tickets: { readonly [exception: string]: string };
}

/** What was not as planned: the question of the review names it, and each needs a ticket. */
export function exceptionsOf(
  tasks: readonly Pick<ChangeView['tasks'][number], 'closed' | 'show'>[],
): readonly string[] {
  const named = tasks.filter(({ closed }) => closed === null).map(({ show }) => show['exceptions']);
  return named.flatMap((exceptions) => (Array.isArray(exceptions) ? exceptions : [])).filter(isText);
}

/** Tickets that were not given are left out: the engine says which are missing. */
export function reviewBody({ outcome, text, tickets }: ReviewForm): Review {
  const given = Object.entries(tickets).filter(([, ticket]) => ticket.trim() !== '');
  return { outcome, text, tickets: Object.fromEntries(given) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
