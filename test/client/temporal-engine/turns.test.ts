import { Turns } from '../../../client/temporal-engine/turns';

/** Work that ends when it is told to. */
function held(): { readonly body: () => Promise<string>; end(): void; hasBegun(): boolean } {
  let begun = false;
  let resolve: (value: string) => void = () => {};
  const ended = new Promise<string>((done) => {
    resolve = done;
  });
  return {
    body: () => {
      begun = true;
      return ended;
    },
    end: () => resolve('ended'),
    hasBegun: () => begun,
  };
}

describe('turns', () => {
  test('the third of two at a time begins when one of the first has ended, another key at once (D9)', async () => {
    const turns = new Turns(2);
    const [first, second, third, other] = [held(), held(), held(), held()];
    const taken = [first, second, third].map(({ body }) => turns.take('run', body));
    const apart = turns.take('other', other.body);
    await Promise.resolve();

    const before = [first, second, third, other].map((one) => one.hasBegun());
    first.end();
    await taken[0];
    const after = third.hasBegun();

    expect({ before, after }).toEqual({ before: [true, true, false, true], after: true });
    for (const one of [second, third, other]) one.end();
    expect(await Promise.all([...taken, apart])).toEqual(['ended', 'ended', 'ended', 'ended']);
  });

  test('a failure gives its turn to the next', async () => {
    const turns = new Turns(1);
    const failed = turns.take('run', () => Promise.reject(new Error('Cannot send')));
    const next = turns.take('run', () => Promise.resolve('sent'));

    await expect(failed).rejects.toThrow('Cannot send');
    expect(await next).toBe('sent');
  });
});
