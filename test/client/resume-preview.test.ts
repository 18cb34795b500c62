import { previewResume } from '../../client/resume-preview';
import type { PreviewSources } from '../../client/resume-preview';
import type { StepRow } from '../../platform/store/store';
import type { HostRow } from '../../workflows/domain/journal';
import { runRow, stepView } from '../support/client/run-view';

function step(path: string, status: StepRow['status']): StepRow {
  const { hosts: _hosts, ...row } = stepView({ path, id: path, status });
  return { ...row, runId: 'rabcdefghijkl', startedAt: 1, endedAt: 2 };
}

function host(name: string, status: HostRow['status']): HostRow {
  return {
    path: `install/host:${name}`,
    step: 'install',
    host: name,
    delegate: null,
    phase: 'do',
    generation: 1,
    status,
    changed: false,
    exitCode: 0,
    startedAt: 1,
    endedAt: 2,
    durationMs: 1,
    error: null,
    captured: {},
    output: null,
  };
}

const sources: PreviewSources = {
  run: runRow({ state: 'closed', outcome: 'failed', stateDigest: 'ss' }),
  program: {
    steps: [
      { id: 'check', verb: 'assert' },
      { id: 'install', verb: 'exec' },
      { id: 'report', verb: 'uses' },
    ],
    finally: [{ id: 'clean', verb: 'exec' }],
  },
  steps: [step('check', 'succeeded'), step('install', 'failed')],
  hosts: [host('web1', 'succeeded'), host('web2', 'failed'), host('web3', 'unknown')],
};

test('a resume keeps what is through, goes on from the failed step on the hosts that failed, and always runs finally', () => {
  const preview = previewResume(sources, {});

  expect(preview).toEqual({
    refusal: null,
    keeps: [{ path: 'check', id: 'check', verb: 'assert', status: 'succeeded' }],
    runs: [
      { path: 'install', id: 'install', verb: 'exec', status: 'failed' },
      { path: 'report', id: 'report', verb: 'uses', status: 'pending' },
    ],
    finally: [{ path: 'finally/clean', id: 'clean', verb: 'exec', status: 'pending' }],
    hosts: ['web2', 'web3'],
  });
});

test('a resume from a step runs it and all that follows, on the named hosts only', () => {
  const preview = previewResume(sources, { from: 'install/host:web3', hosts: ['web3'] });

  expect(preview.runs.map(({ id }) => id)).toEqual(['install', 'report']);
  expect(preview.hosts).toEqual(['web3']);
});

test.each([
  ['RUN_OPEN', { state: 'running' }, {}],
  ['NOTHING_TO_RESUME', { outcome: 'succeeded' }, {}],
  ['NOTHING_TO_RESUME', { parent: 'rparent' }, {}],
  ['NOTHING_TO_RESUME', { stateDigest: null }, {}],
  ['RESUME_REFUSED', {}, { from: 'nowhere' }],
] as const)('%s is told beforehand, for a run with %j asked with %j', (code, change, request) => {
  const preview = previewResume({ ...sources, run: { ...sources.run, ...change } }, request);

  expect(preview).toMatchObject({ refusal: { code }, runs: [], hosts: [] });
});

test('a run that succeeded may be resumed from a step that is named', () => {
  const run = { ...sources.run, outcome: 'succeeded' as const };

  expect(previewResume({ ...sources, run }, { from: 'report' })).toMatchObject({
    refusal: null,
    runs: [{ id: 'report' }],
  });
});
