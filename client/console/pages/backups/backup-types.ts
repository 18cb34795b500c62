import type { AnswerOf } from '../../../typed/types';

export type PlanSummary = AnswerOf<'GET /backups'>['plans'][number];
export type PlanView = AnswerOf<'GET /backups/:plan'>;
export type RestorePoint = AnswerOf<'GET /backups/:plan/sets'>['points'][number];
export type RetentionView = AnswerOf<'GET /backups/:plan/retention'>;
export type Operation = AnswerOf<'GET /backup-operations'>['operations'][number];
export type OperationView = AnswerOf<'GET /backup-operations/:ref'>;
export type PlanScore = AnswerOf<'GET /backup-scores'>['scores'][number];
