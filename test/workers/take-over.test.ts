import { takeOver } from '../../workers/take-over';
import { runRow } from '../support/client/run-view';

function placeWith(refuse: (workflowId: string) => number | null) {
  const released: string[] = [];
  const asked: unknown[] = [];
  return {
    released,
    asked,
    release(workflowId: string) {
      const code = refuse(workflowId);
      if (code !== null) return Promise.reject(Object.assign(new Error('refused'), { code }));
      released.push(workflowId);
      return Promise.resolve({});
    },
    views: {
      runs(filter: unknown) {
        asked.push(filter);
        return Promise.resolve([runRow({ id: 'ra' }), runRow({ id: 'rb' }), runRow({ id: 'rc' })]);
      },
    },
  };
}

test('takeOver() frees the runs at work from the worker that died, the ones that ended meanwhile aside (D11)', async () => {
  const place = placeWith((id) => (id === 'run/rb' ? 5 : null));

  await takeOver(place);

  expect(place.released).toEqual(['run/ra', 'run/rc']);
  expect(place.asked).toMatchObject([{ state: 'running' }]);
});

test('takeOver() says so when the server does not answer', async () => {
  await expect(takeOver(placeWith(() => 14))).rejects.toThrow('refused');
});
