import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import type { LogLevel } from './config';
import { redacted } from './secret';

export type { Logger };

/** Names of fields that never reach a log, at the top and up to two levels down. */
export const redactedFields = [
  'apiKey',
  'authorization',
  'cookie',
  'databaseUrl',
  'passphrase',
  'password',
  'passwordValue',
  'privateKey',
  'secret',
  'secrets',
  'token',
] as const;

/** Logs go to standard error: standard output belongs to data. */
export function createLogger(
  name: string,
  level: LogLevel,
  destination: DestinationStream = pino.destination(2),
): Logger {
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: redacted },
    },
    destination,
  );
}
