import { catalogue } from '../../../../../activities/index';
import { headingOf } from '../../../../../client/console/pages/definitions/version-model';
import { templateOf } from '../../../../../client/console/pages/definitions/template';
import { definitionKinds } from '../../../../../definitions/document';
import { loadText } from '../../../../../definitions/load';

describe('templateOf()', () => {
  it.each(definitionKinds)('says of a %s what it is', (kind) => {
    expect(headingOf(templateOf(kind))).toMatchObject({ kind, version: '1.0.0' });
  });

  it.each(['Runbook', 'Inventory', 'Team', 'Person', 'Grant', 'BackupPlan', 'ChangeModel'])(
    'of a %s is a whole document',
    (kind) => {
      const { problems } = loadText('new.yaml', templateOf(kind), { catalogue });

      expect(problems.map(({ message }) => message)).toEqual([]);
    },
  );
});
