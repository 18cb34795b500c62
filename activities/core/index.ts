import type { ConnectorManifest } from '../connector';
import { EchoInput, FailInput, FailOutput, SleepInput, SleepOutput } from './schema';

export const coreManifest: ConnectorManifest = {
  name: 'core',
  title: 'Small operations on the worker, for tests and rehearsals',
  operations: {
    echo: {
      title: 'Answers its input',
      on: 'worker',
      input: EchoInput,
      output: EchoInput,
      effect: 'read',
      light: true,
      timeoutMs: 5000,
    },
    fail: {
      title: 'Fails with a code',
      on: 'worker',
      input: FailInput,
      output: FailOutput,
      effect: 'read',
      light: true,
      timeoutMs: 5000,
    },
    sleep: {
      title: 'Waits on the worker',
      on: 'worker',
      input: SleepInput,
      output: SleepOutput,
      effect: 'read',
      light: false,
      timeoutMs: 600_000,
    },
  },
};
