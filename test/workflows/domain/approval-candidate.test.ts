import { principalsOf } from '../../../workflows/domain/approval-candidate';
import type { ApprovalFacts } from '../../../workflows/domain/approval-candidate';

const facts: ApprovalFacts = {
  type: 'normal',
  risk: 'high',
  requester: 'user/rita',
  runbook: 'upgrade',
  owner: 'team/web',
  items: ['host/web1'],
  inputs: {},
  labels: { service: 'shop' },
};

test.each<[string, readonly string[]]>([
  ['user/anna', ['user/anna']],
  ['on-call/shop', ['on-call/shop']],
  ["${{ facts.risk == 'high' ? 'team/cab' : facts.owner }}", ['team/cab']],
  ["${{ 'on-call/' + facts.labels.service }}", ['on-call/shop']],
  ["${{ facts.items.exists(i, i == 'host/web1') ? ['team/web', 'user/ben'] : [] }}", ['team/web', 'user/ben']],
])('principalsOf() %s', (candidate, principals) => {
  expect(principalsOf(candidate, facts)).toEqual({ principals, problem: null });
});

test.each([
  [
    'what is no principal',
    '${{ facts.risk }}',
    'Cannot ask "high": it is no user/<name>, team/<name> or on-call/<roster>',
  ],
  ['what is no text', '${{ 1 }}', 'Cannot ask 1: it is no user/<name>, team/<name> or on-call/<roster>'],
  ['an empty name', "${{ 'user/' }}", 'Cannot ask "user/": it is no user/<name>, team/<name> or on-call/<roster>'],
])('principalsOf() says what is wrong with %s', (_name, candidate, problem) => {
  expect(principalsOf(candidate, facts)).toEqual({ principals: [], problem });
});
