import { startRequest } from '../../../../../client/console/pages/start/start-request';

const runbook = { name: 'web/upgrade', version: '1.0.0' };
const choice = { texts: {}, inventory: '', limit: '', isCheck: false };

test('startRequest() asks for the version that the form was made from, and for nothing that was not chosen', () => {
  expect(startRequest(runbook, choice, { version: '2' }).body).toEqual({
    definition: 'web/upgrade@1.0.0',
    inputs: { version: '2' },
  });
});

test('startRequest() takes hosts apart by commas and spaces', () => {
  const { body } = startRequest(runbook, { ...choice, inventory: 'lab', limit: 'web1, web2  web3', isCheck: true }, {});

  expect(body).toEqual({
    definition: 'web/upgrade@1.0.0',
    inputs: {},
    inventory: 'lab',
    limit: ['web1', 'web2', 'web3'],
    check: true,
  });
});

test('startRequest() has one key for what gives one plan: a check has the plan of the run', () => {
  const key = (parts: Partial<typeof choice>): string => startRequest(runbook, { ...choice, ...parts }, {}).key;

  expect(key({ isCheck: true })).toBe(key({}));
  expect(key({ limit: 'web1' })).not.toBe(key({}));
});
