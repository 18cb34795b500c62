import { sendPastJournal } from '../../client/journal-ahead';
import type { Delivery, RunMessage } from '../../client/run-gateway';

const message: RunMessage = { runId: 'k1', name: 'backupAct', payload: { id: 'a1' }, id: 'a1' };
const answered: Delivery<object> = { kind: 'answered', result: { accepted: true } };
const refused: Delivery<object> = { kind: 'rejected', code: 'PLAN_NOT_PUBLISHED', reason: '' };

async function send(deliveries: readonly Delivery<object>[], allowed = false): Promise<[Delivery<object>, string[]]> {
  const sent: string[] = [];
  const gateway = {
    async send<R>({ id }: RunMessage): Promise<Delivery<R>> {
      sent.push(id);
      const next: unknown = deliveries[sent.length - 1];
      if (!isDelivery<R>(next)) throw new Error('Cannot answer: the test has no more deliveries');
      return next;
    },
  };
  return [await sendPastJournal<object>(gateway, message, async () => allowed), sent];
}

function isDelivery<R>(value: unknown): value is Delivery<R> {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

describe('sendPastJournal()', () => {
  test('sends what was not answered again, under the same id', async () => {
    const moved: Delivery<object> = { kind: 'answered', result: { accepted: false, code: 'TRY_AGAIN', reason: '' } };

    await expect(send([moved, moved, answered])).resolves.toEqual([answered, ['a1', 'a1', 'a1']]);
  });

  test('sends again what the journal allows', async () => {
    await expect(send([refused, answered], true)).resolves.toEqual([answered, ['a1', 'a1']]);
  });

  test.each<[string, Delivery<object>]>([
    ['an answer', answered],
    ['another refusal as an answer', { kind: 'answered', result: { accepted: false, code: 'SET_NOT_FOUND' } }],
    ['a refusal that the journal does not gainsay', refused],
    ['nobody there', { kind: 'closed' }],
  ])('leaves it at %s', async (_name, delivery) => {
    await expect(send([delivery])).resolves.toEqual([delivery, ['a1']]);
  });
});
