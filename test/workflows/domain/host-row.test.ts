import { recordOfRow, replyOf } from '../../../workflows/domain/host-row';
import type { HostRow } from '../../../workflows/domain/journal';

function row(host: string, over: Partial<HostRow> = {}): HostRow {
  return {
    path: `up/host:${host}/install`,
    step: 'up/install',
    host,
    delegate: null,
    phase: 'do',
    generation: 1,
    status: 'succeeded',
    changed: true,
    exitCode: 0,
    startedAt: 0,
    endedAt: 1000,
    durationMs: 1000,
    error: null,
    captured: { stdout: 'x' },
    output: null,
    ...over,
  };
}

const failed = { status: 'failed', error: { code: 'EXIT_CODE', message: 'exit code 1' } } as const;

test('replyOf() answers one character for each position, and none started where there is no row', () => {
  const reply = replyOf([[row('a')], [row('b', failed)], []], [], 'd');

  expect(reply).toEqual({
    statuses: 'sfn',
    changed: '110',
    failures: [{ code: 'EXIT_CODE', message: 'exit code 1', positions: [1] }],
    record: {},
    digest: 'd',
  });
});

test('replyOf() takes the worst of the delegates', () => {
  expect(replyOf([[row('a'), row('a', { delegate: 'lb2', ...failed })]], [], 'd').statuses).toBe('f');
});

test('replyOf() sends the kept fields back only where there was one target', () => {
  expect(replyOf([[row('a')]], ['stdout', 'ok'], 'd').record).toEqual({ stdout: 'x', ok: true });
  expect(replyOf([[row('a')], [row('b')]], ['stdout'], 'd').record).toEqual({});
});

test('replyOf() has at most ten groups, and every failed position is in one', () => {
  const rows = Array.from({ length: 15 }, (_, index) => [
    row(`h${index}`, { status: 'failed', error: { code: `C${index}`, message: '' } }),
  ]);

  const { failures } = replyOf(rows, [], 'd');

  expect(failures).toHaveLength(10);
  expect(failures.flatMap(({ positions }) => positions).sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
});

test('replyOf() stays below 64 KiB however long the messages of a hundred hosts are (D5)', () => {
  const rows = Array.from({ length: 100 }, (_, index) => [
    row(`h${index}`, { status: 'failed', error: { code: `C${index}`, message: 'ö'.repeat(10_000) } }),
  ]);

  expect(Buffer.byteLength(JSON.stringify(replyOf(rows, [], 'd')))).toBeLessThan(64 * 1024);
});

test('recordOfRow() has every field that an expression may name', () => {
  expect(recordOfRow(row('a', { captured: {} }))).toMatchObject({
    ok: true,
    exitCode: 0,
    stdout: null,
    json: null,
    result: null,
    startedAt: '1970-01-01T00:00:00.000Z',
  });
});
