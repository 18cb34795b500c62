/** One export for each workflow type: the name is what clients start. */
export { runbookRun } from './runbook/workflow';
