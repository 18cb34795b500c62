import type { OperationWork } from '../../../workflows/backup/messages';
import { operationProcedure } from '../../../workflows/backup/operation';
import { Bed, knownSet, operationInput } from './bed';
import { healthyRoles } from './healthy-roles';

test.each<[OperationWork, string]>([
  [{ kind: 'backup', backup: 'nightly', wanted: 'full', slotMs: null, late: false }, 'cancelled'],
  [{ kind: 'restore', set: null, targetMs: 0, over: true, reason: 'lost rows' }, 'cancelled'],
  [{ kind: 'forget', sets: ['bset1'] }, 'cancelled'],
  [{ kind: 'drill', select: { how: 'latest' }, seed: 1, targetMs: 0, slotMs: null, late: false }, 'INTERRUPTED'],
])('an operation that was called off before it had its turn does nothing and ends: %j', async (work, outcome) => {
  const bed = new Bed({ sets: [knownSet()], roles: healthyRoles() });
  const calledOff = 'called off by user/ann: not now';

  const end = await bed.play({ ...operationInput(work), calledOff }, operationProcedure);

  expect(end).toMatchObject({ kind: work.kind, outcome, reason: calledOff, set: null });
  expect(bed.called).toEqual([]);
  expect(bed.journal.map(({ kind }) => kind)).toEqual(['backup.ended']);
  expect(bed.announced).toEqual([end]);
});
