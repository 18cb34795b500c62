import { shortHash, summarise } from '../../../workflows/domain/task-summary';
import type { SummarySource } from '../../../workflows/domain/task-summary';
import type { Task } from '../../../workflows/domain/task';

const task: Task = {
  id: 't1',
  kind: 'approval',
  path: 'approve',
  title: 'Go on?',
  candidates: ['team/web'],
  options: ['approve', 'reject'],
  min: 1,
  rejectOn: 1,
  excludeRequester: true,
  form: null,
  show: {},
  planHash: 'sha256:0123456789abcdef',
  showHash: '',
  openedAt: 0,
  dueAt: null,
  onDue: null,
  hosts: [],
};

function factsOf(change: Partial<Task>, source: Partial<SummarySource> = {}) {
  const instant = (at: number, zone?: string): string => `<${at}${zone === undefined ? '' : ` ${zone}`}>`;
  const given = { task: { ...task, votes: [], ...change }, run: null, waves: [], asked: [], instant, ...source };
  return Object.fromEntries(summarise(given).facts.map(({ name, lines }) => [name, lines]));
}

test('summarise() names those who are asked, and says how they have voted', () => {
  const vote = { taskId: 't1', id: 'v', via: 'cli', comment: '', form: null, actor: 'user/ben', choice: 'approve' };
  const votes = [vote, { ...vote, onBehalfOf: 'user/carl' }];

  const facts = factsOf({}, { asked: ['user/anna', 'user/ben'], task: { ...task, votes } });

  expect(facts).toEqual({
    Asked: ['1 of user/anna, user/ben', 'user/ben: approve', 'user/ben for user/carl: approve'],
    Plan: ['0123456789ab'],
  });
});

test('summarise() leaves out votes that do not count any more', () => {
  const vote = { taskId: 't1', via: 'cli', comment: '', form: null, choice: 'approve' };
  const votes = [
    { ...vote, id: 'v1', actor: 'user/anna' },
    { ...vote, id: 'v2', actor: 'user/ben' },
  ];

  expect(factsOf({}, { task: { ...task, votes, standing: ['v2'] } })['Asked']).toEqual([
    '1 of team/web',
    'user/ben: approve',
  ]);
});

test('summarise() shows hosts of each wave, short where they are many', () => {
  const hosts = Array.from({ length: 14 }, (_, index) => `web${index + 1}`);
  const waves = [
    { step: 'deploy', index: 1, hosts: ['web1'] },
    { step: 'deploy', index: 2, hosts },
  ];

  expect(factsOf({}, { waves })['Waves']).toEqual([
    'wave 1: web1',
    'wave 2: web1, web2, web3, web4, web5, web6, web7, web8, web9, web10, web11, web12 and 2 more',
  ]);
});

test.each([
  ['text of several lines', 'a\nb', ['a', 'b']],
  ['a list of names', ['a', 'b'], ['a, b']],
  ['a list of records', [{ host: 'web1', was: '1.0' }, { host: 'web2' }], ['Host: web1, Was: 1.0', 'Host: web2']],
  ['an object', { hostsAdded: ['db1'], note: '' }, ['Hosts added: db1']],
  ['an object within an object', { window: { startMs: 1_800_000_000_000 } }, ['Window: Start: <1800000000000>']],
  [
    'an instant in a zone',
    { start: '2026-11-21T21:00:00Z', zone: 'Asia/Tokyo' },
    ['Start: <1795294800000 Asia/Tokyo>', 'Zone: Asia/Tokyo'],
  ],
  ['a number that is no instant', { sizeBytes: 1_800_000_000_000 }, ['Size bytes: 1800000000000']],
])('summarise() shows %s as lines', (_what, difference, lines) => {
  expect(factsOf({ show: { difference } })['Difference']).toEqual(lines);
});

test('summarise() cuts what is too long for a message', () => {
  const shown = factsOf({
    show: { log: Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n'), wide: 'x'.repeat(500) },
  });

  expect(shown['Log']).toHaveLength(41);
  expect(shown['Log']?.at(-1)).toBe('… 60 more lines');
  expect(shown['Wide']?.[0]).toHaveLength(201);
});

test('shortHash() leaves out the name of the algorithm', () => {
  expect(shortHash('sha256:0123456789abcdef')).toBe('0123456789ab');
});
