import type { infer as Infer } from 'zod';

import type * as backup from '../../../api/backup-schema';

export type PlanList = Infer<typeof backup.PlanList>;
export type PlanSummary = PlanList['plans'][number];
export type PlanView = Infer<typeof backup.PlanView>;
export type RestorePoints = Infer<typeof backup.RestorePoints>;
export type RestorePoint = RestorePoints['points'][number];
export type RetentionView = Infer<typeof backup.RetentionView>;
export type OperationList = Infer<typeof backup.OperationList>;
export type Operation = OperationList['operations'][number];
export type OperationView = Infer<typeof backup.OperationView>;
export type ScoreList = Infer<typeof backup.ScoreList>;
export type PlanScore = ScoreList['scores'][number];
export type BackupActed = Infer<typeof backup.BackupActed>;
