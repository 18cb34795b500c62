import type { ApprovalFacts } from '../../../workflows/domain/approval-candidate';
import type { Quorum } from '../../../workflows/domain/approval-rule';
import { scriptedElectorate } from '../../../workflows/rehearsal/electorate';

const facts: ApprovalFacts = {
  type: 'run',
  risk: 'low',
  requester: 'user/rita',
  runbook: 'upgrade',
  owner: 'team/web',
  items: [],
  inputs: {},
  labels: {},
};
const people = ['user/anna', 'user/ben'];

function asked(candidates: readonly string[], quorum: Quorum = { mode: 'any' }) {
  return { slots: [{ id: 's', candidates, quorum }], people: [], facts, at: 0 };
}

test.each<[string, readonly string[], Quorum, readonly string[]]>([
  ['people who are named are just these', ['user/eve'], { mode: 'any' }, ['user/eve']],
  [
    'a team is whoever answers, and one more who may stay silent',
    ['team/web'],
    { mode: 'any' },
    [...people, 'user/s-1'],
  ],
  ['as many more as the quorum could want', ['on-call/db'], { mode: 'n', n: 2 }, [...people, 'user/s-1', 'user/s-2']],
  ['with all nobody more, or the script could never fill it', ['team/web'], { mode: 'all' }, people],
  ['an expression is evaluated', ['${{ facts.requester }}'], { mode: 'any' }, ['user/rita']],
])('scriptedElectorate(): %s', (_name, candidates, quorum, expected) => {
  expect(scriptedElectorate({ people, left: [] }, asked(candidates, quorum)).slots).toEqual({ s: expected });
});

test('R-APPR-4: whoever has left is asked no more', () => {
  const found = scriptedElectorate({ people, left: ['user/anna'] }, asked(['team/web', 'user/anna']));

  expect(found).toMatchObject({ slots: { s: ['user/ben', 'user/s-1'] }, inactive: ['user/anna'] });
});
