import type { TaskRow } from '../../answers';

/**
 * Why somebody's vote would not count, where that is plain to see: others are asked. Whoever has voted already may vote
 * anew; for everything else the engine has the last word.
 */
export function notAsked(
  { kind, asked = [], delegated = [], votes }: Pick<TaskRow, 'kind' | 'asked' | 'delegated' | 'votes'>,
  me: string | undefined,
): string | null {
  if (kind !== 'approval' || me === undefined || asked.length === 0) return null;
  if (asked.some(({ actor, person }) => actor === me || person === me)) return null;
  if (delegated.some(({ to }) => to === me)) return null;
  if (votes.some(({ actor }) => actor === me)) return null;
  return `${asked.map(({ person }) => person).join(', ')} ${asked.length === 1 ? 'is' : 'are'} asked, and you are not.`;
}
