/** Why a keeper does not do what it is asked for, and what would allow it. */
export const backupRefusals: { readonly [code: string]: string } = {
  OPERATION_NOT_QUEUED: 'Look where it stands: "mainstay backup show OPERATION".',
  OPERATION_OVER: 'Look at how it ended: "mainstay backup show OPERATION".',
  PLAN_NOT_PUBLISHED: 'Publish the plan: "mainstay apply FILE".',
  PLAN_PAUSED: 'Let it go on with "mainstay backup resume PLAN"; what is asked for runs all the same.',
  PLAN_NOT_PAUSED: 'Look at the plan with "mainstay backup plan PLAN".',
  BACKUP_UNKNOWN: 'Name one of the backups of the plan: "mainstay backup plan PLAN".',
  SET_NOT_FOUND: 'List the sets with "mainstay backup list PLAN".',
  SET_GOING: 'Choose another set: this one is being deleted.',
  PERCENT_INVALID: 'Give a whole percentage from 1 to 100.',
  RETENTION_EMPTY: 'Give the plan a retention: with an empty one nothing is ever deleted.',
  RETENTION_UNKNOWN: 'Look at the alarms of the plan with "mainstay backup plan PLAN".',
  DRILL_NOT_PLANNED: 'Give the plan a drill policy, a place and an identity of its host among it.',
  HOLD_EXISTS: 'Give the hold another name, or release the one that is there.',
  HOLD_NOT_FOUND: 'List the holds with "mainstay backup list PLAN".',
  RELEASE_ASKED: 'Wait for the two people who are asked already: "mainstay tasks".',
};
