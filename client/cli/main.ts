#!/usr/bin/env node
import { readConfig } from '../../platform/config';
import { processCli } from './process-cli';
import { runCli } from './program';

/** A reader that closes the pipe early (`mainstay runs | head -1`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

void runCli(process.argv.slice(2), processCli(readConfig)).then((exitCode) => {
  process.exitCode = exitCode;
});
