import {
  digestProblem,
  kindsWithoutChannel,
  offeredChannels,
  quietProblem,
  toggled,
  wayOf,
  waysOf,
  withChannels,
  withWay,
} from '../../../../../client/console/pages/notifications/preference-model';
import { defaultPreferences } from '../../../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../../../workflows/domain/notice-delivery';

const reachable = ['mail', 'ntfy'] as const;

function chosen(change: Partial<NoticePreferences> = {}) {
  return { preferences: { ...defaultPreferences, ...change }, reachable };
}

test('a kind is told as everything, until it is given a way of its own, and again after that', () => {
  const own = withWay(chosen({ channels: ['ntfy'] }), 'run.failed', 'own');
  const off = withWay({ preferences: own, reachable }, 'run.failed', 'off');
  const usual = withWay({ preferences: off, reachable }, 'run.failed', 'usual');

  expect([own, off, usual].map(({ kinds }) => kinds)).toEqual([
    { 'run.failed': ['ntfy'] },
    { 'run.failed': 'off' },
    {},
  ]);
  expect([own, off, usual].map((each) => wayOf(each, 'run.failed'))).toEqual(['own', 'off', 'usual']);
});

test.each([
  ['run.failed', chosen(), ['usual', 'own', 'off']],
  ['task.opened', chosen(), ['usual', 'own']],
  ['task.opened', chosen({ kinds: { 'task.opened': 'off' } }), ['usual', 'own', 'off']],
  ['run.failed', { ...chosen(), reachable: [] }, ['usual', 'off']],
] as const)('for %s are offered the ways that make a difference', (kind, of, ways) => {
  expect(waysOf(of, kind)).toEqual(ways);
});

test('channels that were chosen before are offered though they reach nobody now', () => {
  const of = chosen({ channels: ['teams'], kinds: { 'run.failed': ['matrix'], 'run.recovered': 'off' } });

  expect(offeredChannels(of)).toEqual(['mail', 'teams', 'matrix', 'ntfy']);
});

test('channels are taken and left one by one, for everything or for one kind', () => {
  expect(toggled(['ntfy'], 'mail', true)).toEqual(['mail', 'ntfy']);
  expect(toggled(['mail', 'ntfy'], 'mail', false)).toEqual(['ntfy']);
  expect(withChannels(defaultPreferences, null, ['mail']).channels).toEqual(['mail']);
  expect(withChannels(defaultPreferences, 'run.failed', ['mail']).kinds).toEqual({ 'run.failed': ['mail'] });
});

test.each([
  [null, null],
  [{ from: '22:00', to: '07:00' }, null],
  [{ from: '08:00', to: '08:00' }, null],
  [{ from: '', to: '07:00' }, 'Say from when'],
  [{ from: '08:00', to: '07:00' }, 'At most 16 hours'],
])('of the quiet hours %j it is told what is wrong with them', (quiet, problem) => {
  const told = quietProblem({ ...defaultPreferences, quiet });

  if (problem === null) expect(told).toBeNull();
  else expect(told).toContain(problem);
});

test('a daily digest needs its time, and a way of its own a channel', () => {
  expect(digestProblem({ ...defaultPreferences, digest: 'daily', digestAt: '' })).toBe('Say when.');
  expect(digestProblem({ ...defaultPreferences, digest: 'hourly', digestAt: '' })).toBeNull();
  expect(kindsWithoutChannel({ ...defaultPreferences, kinds: { 'run.failed': [], 'run.recovered': 'off' } })).toEqual([
    'run.failed',
  ]);
});
