import fc from 'fast-check';

import { mayRunBeside, startable } from '../../../workflows/backup/keeper-queue';
import type { OperationKind } from '../../../workflows/backup/messages';

const kinds = ['backup', 'verify', 'forget', 'restore', 'drill', 'watch'] as const;

function named(queue: readonly OperationKind[]): readonly { readonly id: string; readonly kind: OperationKind }[] {
  return queue.map((kind, index) => ({ id: String(index), kind }));
}

describe('mayRunBeside()', () => {
  test.each<[OperationKind, readonly OperationKind[]]>([
    ['backup', ['restore', 'drill', 'watch']],
    ['verify', ['restore', 'drill', 'watch']],
    ['forget', []],
    ['restore', ['backup', 'verify', 'restore', 'drill', 'watch']],
    ['drill', ['backup', 'verify', 'restore', 'drill', 'watch']],
    ['watch', ['backup', 'verify', 'restore', 'drill', 'watch']],
  ])('lets %s run beside %p and nothing else', (kind, others) => {
    expect(kinds.filter((other) => mayRunBeside(kind, other)).toSorted()).toEqual(others.toSorted());
    expect(kinds.filter((other) => mayRunBeside(other, kind)).toSorted()).toEqual(others.toSorted());
  });
});

describe('startable()', () => {
  test.each<[readonly OperationKind[], readonly OperationKind[], readonly string[]]>([
    [['backup', 'verify'], [], ['0']],
    [['backup', 'drill', 'restore'], [], ['0', '1', '2']],
    [['verify'], ['backup'], []],
    [['drill', 'drill'], ['backup'], ['0', '1']],
    [['forget', 'backup', 'watch'], [], ['0']],
    [['forget', 'backup', 'drill'], ['drill'], []],
    [['backup', 'forget', 'drill'], [], ['0']],
  ])('of %p beside %p begins %p', (queue, running, ready) => {
    expect(startable(named(queue), running)).toEqual(ready);
  });

  const anyKind = fc.constantFrom(...kinds);

  test('never lets two run that may not, and whoever is first does not wait for anybody behind (R-BKP-10)', () => {
    fc.assert(
      fc.property(fc.array(anyKind, { maxLength: 8 }), fc.array(anyKind, { maxLength: 3 }), (queue, running) => {
        const ready = startable(named(queue), running).map((id) => queue[Number(id)] ?? 'forget');
        const all = [
          ...ready.map((kind) => ({ kind, isNew: true })),
          ...running.map((kind) => ({ kind, isNew: false })),
        ];
        for (const [index, one] of all.entries())
          for (const other of all.slice(index + 1))
            if (one.isNew || other.isNew) expect(mayRunBeside(one.kind, other.kind)).toBe(true);
        const [first] = queue;
        if (first !== undefined && running.every((kind) => mayRunBeside(first, kind)))
          expect(startable(named(queue), running)[0]).toBe('0');
      }),
    );
  });

  test('lets everything have its turn, however much comes after it', () => {
    fc.assert(
      fc.property(fc.array(anyKind, { minLength: 1, maxLength: 30 }), (arrivals) => {
        let queue = named(arrivals.slice(0, 4));
        let running: typeof queue = [];
        const began: string[] = [];
        for (let turn = 4; began.length < arrivals.length; turn += 1) {
          expect(turn).toBeLessThan(100);
          const ids = startable(
            queue,
            running.map(({ kind }) => kind),
          );
          running = [...running, ...queue.filter(({ id }) => ids.includes(id))].slice(ids.length > 0 ? 0 : 1);
          queue = queue.filter(({ id }) => !ids.includes(id));
          began.push(...ids);
          queue = [...queue, ...named(arrivals).slice(turn, turn + 1)];
        }
        expect(new Set(began).size).toBe(arrivals.length);
      }),
    );
  });
});
