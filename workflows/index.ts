/** One export for each workflow type: the name is what clients start. */
export { changeProcess } from './change/workflow';
export { runbookRun } from './runbook/workflow';
