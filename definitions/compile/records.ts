/** Fields of a step's record that expressions may read (`language.md` section 8). */
const common = ['status', 'ok', 'changed', 'attempts', 'startedAt', 'endedAt', 'durationMs', 'error', 'rescued'];
const command = ['exitCode', 'stdout', 'stderr', 'json', 'lines', 'signal'];
const many = ['counts', 'failedHosts', 'hosts'];
const task = ['choice', 'form', 'by', 'comment'];

export type RecordKind = 'command' | 'operation' | 'many' | 'outputs' | 'task' | 'event' | 'counts' | 'plain';

export function recordFields(kind: RecordKind): readonly string[] {
  switch (kind) {
    case 'command':
      return [...common, ...command];
    case 'operation':
      return [...common, 'result'];
    case 'many':
      return [...common, ...many];
    case 'outputs':
      return [...common, 'outputs'];
    case 'task':
      return [...common, ...task];
    case 'event':
      return [...common, 'event'];
    case 'counts':
      return [...common, 'counts'];
    case 'plain':
      return common;
  }
}

/** Fields that hold what a step has printed or answered. */
export function isOutput(field: string | undefined): boolean {
  return field !== undefined && ['stdout', 'json', 'lines', 'result'].includes(field);
}

/** In a check nobody knows whether targets are one host or many. */
export function eitherRecord(first: RecordKind, second: RecordKind): readonly string[] {
  return [...new Set([...recordFields(first), ...recordFields(second)])];
}
