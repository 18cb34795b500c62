import type { RunView } from '../../answers';

/** What people have approved, against what ran. */
export type ApprovedPlan = 'approved' | 'other' | 'nobody-asked' | 'not-yet';

/** Every vote names the plan that the voter saw; one for another plan would be a vote for something else. */
export function approvedPlan({ planHash, tasks }: Pick<RunView, 'planHash' | 'tasks'>): ApprovedPlan {
  const approvals = tasks.filter(({ kind }) => kind === 'approval');
  if (approvals.length === 0) return 'nobody-asked';
  const votes = approvals.flatMap((task) =>
    task.votes.filter(({ choice }) => choice === 'approve').map((vote) => vote.planHash ?? task.planHash),
  );
  if (votes.length === 0) return 'not-yet';
  return votes.every((hash) => hash === planHash) ? 'approved' : 'other';
}
