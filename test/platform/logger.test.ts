import { createLogger, redactedFields } from '../../platform/logger';
import { Secret } from '../../platform/secret';

describe('the logger', () => {
  test.each(
    redactedFields.flatMap((field) => [
      [{ [field]: 'hunter2' }],
      [{ request: { [field]: 'hunter2' } }],
      [{ a: { b: { [field]: 'hunter2' } } }],
    ]),
  )('shows nothing of %j', (fields) => {
    const lines = logged((log) => log.info(fields, 'told'));

    expect(lines).not.toContain('hunter2');
    expect(lines).toContain('[redacted]');
  });

  test('prints a secret as redacted under any name', () => {
    expect(logged((log) => log.info({ anything: new Secret('hunter2') }, 'told'))).toContain('"anything":"[redacted]"');
  });

  test('writes fields, a level by name, an ISO time and a constant message', () => {
    const line: unknown = JSON.parse(logged((log) => log.warn({ runId: 'r1' }, 'step finished')));

    expect(line).toMatchObject({ level: 'warn', name: 'test', runId: 'r1', msg: 'step finished' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT/));
  });
});

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('test', 'info', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}
