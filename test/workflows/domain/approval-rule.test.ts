import { requiredOf, ruleProblem } from '../../../workflows/domain/approval-rule';
import { level, rule } from './approval-given';

import type { ApprovalRule, Quorum } from '../../../workflows/domain/approval-rule';

test.each<[string, Quorum, number, number]>([
  ['any', { mode: 'any' }, 9, 1],
  ['all', { mode: 'all' }, 9, 9],
  ['all of nobody is still somebody', { mode: 'all' }, 0, 1],
  ['n', { mode: 'n', n: 3 }, 9, 3],
  ['n of fewer, which cannot be reached', { mode: 'n', n: 3 }, 2, 3],
  ['half of 4', { mode: 'percent', percent: 50 }, 4, 2],
  ['half of 5, rounded up', { mode: 'percent', percent: 50 }, 5, 3],
  ['a third of 3, rounded up', { mode: 'percent', percent: 33.334 }, 3, 2],
  ['1 % of 5', { mode: 'percent', percent: 1 }, 5, 1],
  ['7 % of 100, exactly', { mode: 'percent', percent: 7 }, 100, 7],
  ['100 % of 3', { mode: 'percent', percent: 100 }, 3, 3],
])('R-APPR-1: requiredOf() %s', (_name, quorum, people, required) => {
  expect(requiredOf(quorum, people)).toBe(required);
});

test.each<[string, ApprovalRule, string | null]>([
  ['a rule in order', rule([level('web')]), null],
  ['no level', rule([]), 'it has no level'],
  ['a level without slots', rule([{ ...level('web'), slots: [] }]), 'level "web" has no slot'],
  ['two slots of one name', rule([level('web'), level('web')]), 'two slots are called "web"'],
  [
    'a rejection quorum of 0',
    rule([level('web', { mode: 'any' }, { rejectOn: 0 })]),
    'level "web" could not be rejected by 0 people',
  ],
  ['none of them', rule([level('web', { mode: 'n', n: 0 })]), 'slot "web" has a quorum that means nothing'],
  ['one and a half', rule([level('web', { mode: 'n', n: 1.5 })]), 'slot "web" has a quorum that means nothing'],
  ['101 %', rule([level('web', { mode: 'percent', percent: 101 })]), 'slot "web" has a quorum that means nothing'],
  ['0 %', rule([level('web', { mode: 'percent', percent: 0 })]), 'slot "web" has a quorum that means nothing'],
  ['a negative lead', rule([level('web')], { leadMs: -1 }), 'the lead is negative'],
  ['no validity', rule([level('web')], { validForMs: 0 }), 'an approval would never be valid'],
])('ruleProblem() with %s', (_name, given, problem) => {
  expect(ruleProblem(given)).toBe(problem);
});
