/** One export for each workflow type: the name is what clients start. */
export { backupKeeper } from './backup/keeper-workflow';
export { backupOperation } from './backup/operation-workflow';
export { changeProcess } from './change/workflow';
export { runbookRun } from './runbook/workflow';
export { webhookDelivery } from './webhook/workflow';
