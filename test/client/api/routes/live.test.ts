import type { TestApi } from '../../../support/client/api';
import { authorized, testApi } from '../../../support/client/api';
import { fakeEngine } from '../../../support/client/fake-engine';
import { runCreated, runEnded } from '../../../support/client/journal';

let api: TestApi;
let address: string;

beforeEach(async () => {
  api = await testApi(fakeEngine());
  await api.store.journal.append('run/r1', [runCreated({ number: 1 })]);
  address = await api.app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  // The client keeps one at hand that it has never used.
  api.app.server.closeAllConnections();
  await api.close();
});

/** What is told until so many messages have come; then the listener goes. */
async function messages(count: number, url: string, headers: Readonly<Record<string, string>> = {}, then = noop) {
  const gone = new AbortController();
  const response = await fetch(`${address}/api/v1/events${url}`, {
    headers: { ...authorized, ...headers },
    signal: gone.signal,
  });
  const decoder = new TextDecoder();
  let text = '';
  if (response.body === null) throw new Error('Cannot listen: the answer is empty');
  for await (const part of response.body) {
    text += decoder.decode(part);
    if (text.split('\n\n').length - 1 === 2) await then();
    if (text.split('\n\n').length - 1 >= count) break;
  }
  gone.abort();
  return text
    .split('\n\n')
    .slice(0, count)
    .map((message) => message.replaceAll('\n', ' '));
}

function noop(): Promise<void> {
  return Promise.resolve();
}

test('a listener begins now, and knows from the start where that is', async () => {
  const told = await messages(3, '', {}, async () => {
    await api.store.journal.append('run/r1', [runEnded()]);
  });

  expect(told).toEqual([
    ': open',
    'id: 1 : quiet',
    expect.stringMatching(/^id: 2 event: events data: \[\{.*"run.ended"/),
  ]);
});

test('a listener that comes back is told what came after what it had, whatever its address says', async () => {
  await api.store.journal.append('run/r1', [runEnded()]);

  const told = await messages(3, '?after=2&kinds=run.', { 'last-event-id': '1' });

  expect(told[2]).toMatch(/^id: 2 event: events .*"run.ended"/);
});

test('a listener that asks after what is not kept is told so', async () => {
  const told = await messages(3, '?after=77');

  expect(told[2]).toBe('id: 1 event: gap data: {}');
});

test('whoever has gone is not told any more', async () => {
  await messages(2, '');

  for (const giveUpAt = Date.now() + 10_000; api.live.listeners() > 0 && Date.now() < giveUpAt;)
    await new Promise(setImmediate);

  expect(api.live.listeners()).toBe(0);
});
