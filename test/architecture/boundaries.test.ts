import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { root, sourceFiles } from './source';

describe('folder boundaries', () => {
  test.each([
    ['workflows/domain/probe.ts', "import { readFileSync } from 'node:fs'; void readFileSync;"],
    ['workflows/domain/probe.ts', "import { z } from 'zod'; void z;"],
    ['workflows/domain/probe.ts', "import { isInterruption } from '../effects'; void isInterruption;"],
    ['workflows/domain/probe.ts', "import { parse } from '@marcbachmann/cel-js'; void parse;"],
    ['workflows/runbook/probe.ts', "import { sleep } from '@temporalio/workflow'; void sleep;"],
    ['workflows/runbook/probe.ts', "import { catalogue } from '../../activities/index'; void catalogue;"],
    ['workflows/runbook/probe.ts', "import { Runbook } from './schema'; void Runbook;"],
    ['workflows/runbook/probe.ts', 'void process.env;'],
    // D6: what loses a raw race goes on behind the back of the procedure, and of whoever cancels it.
    ['workflows/runbook/probe.ts', 'export const first = Promise.race([]);'],
    ['workflows/runbook/probe.ts', 'export const whole = Promise.all([]);'],
    ['workflows/change/procedure.ts', 'export const first = Promise.any([]);'],
    ['platform/probe.ts', "import { load } from '../definitions/load'; void load;"],
    ['activities/http/probe.ts', "import { manifest } from '../ssh/index'; void manifest;"],
    ['activities/probe.ts', "import { main } from '../workers/main'; void main;"],
    ['definitions/probe.ts', "import { Client } from '@temporalio/client'; void Client;"],
    // D6: what is compiled and linted is given the catalogue; only plans, made in an activity, may compile.
    ['definitions/probe.ts', "import { catalogue } from '../activities/index'; void catalogue;"],
    ['activities/core/probe.ts', "import { load } from '../../definitions/load'; void load;"],
    ['workers/probe.ts', "import { app } from '../client/api/app'; void app;"],
    ['client/probe.ts', "import { Client } from '@temporalio/client'; void Client;"],
    ['client/probe.ts', "import { pool } from '../activities/ssh/pool'; void pool;"],
    ['client/console/probe.ts', "import { createClient } from '../typed/client'; void createClient;"],
    ['platform/probe.ts', 'async function work(): Promise<void> {}\nwork();'],
    ['platform/probe.ts', 'export const wide: any = 1;'],
    // D17: without `verbatimModuleSyntax`, lint alone keeps a type from being imported as a value.
    ['platform/probe.ts', "import { Config } from './config';\nexport type Known = Config;"],
  ])('lint refuses in %s: %s', (path, text) => {
    expect(lintErrors(path, text)).not.toEqual('');
  });

  test('lint accepts a type import from the outside in the sandbox', () => {
    const text = "import type { Catalogue } from '../../activities/connector';\nexport type Known = Catalogue;\n";

    expect(lintErrors('workflows/runbook/probe.ts', text)).toEqual('');
  });

  test('lint accepts the types and the paths of the typed client in the browser', () => {
    const text =
      "import { filledPath } from '../typed/path';\nimport type { AnswerOf } from '../typed/types';\n\n" +
      "export type Me = AnswerOf<'GET /me'>;\nexport const path = filledPath('/me', {});\n";

    expect(lintErrors('client/console/probe.ts', text)).toEqual('');
  });

  test('lint accepts a race of promises where Effects are bound (D6)', () => {
    expect(lintErrors('workflows/temporal-effects/probe.ts', 'export const first = Promise.race([]);')).toEqual('');
  });

  test('platform/config.ts alone reads the environment (C1)', () => {
    const readers = sourceFiles('workflows', 'activities', 'definitions', 'platform', 'workers', 'client')
      .filter((file) => /process\.env\b/.test(file.text))
      .map((file) => file.path);

    expect(readers).toEqual(['platform/config.ts']);
  });

  test('one file alone knows CEL (D6, D12)', () => {
    const importers = sourceFiles('workflows', 'activities', 'definitions', 'platform', 'workers', 'client')
      .filter((file) => /from '@marcbachmann\/cel-js'|require\('@marcbachmann\/cel-js'\)/.test(file.text))
      .map((file) => file.path);

    expect(importers).toEqual(['workflows/domain/expression.ts']);
  });
});

/** Lints one file under the project's own rules, in a tree of its own. */
function lintErrors(path: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-lint-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    copyFileSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    execFileSync(join(root, 'node_modules/.bin/oxlint'), ['--type-aware', '--deny-warnings', path], {
      cwd: folder,
      encoding: 'utf8',
    });
    return '';
  } catch (error) {
    return outputOf(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : String(error);
}
