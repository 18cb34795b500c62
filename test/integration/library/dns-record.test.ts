import { findProgram } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { startNamed } from '../../support/named';
import type { Named } from '../../support/named';
import { openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const zone = 'app.test';
const www = `www.${zone}.`;

let fleet: Fleet;
let named: Named;
let library: LibraryStage;

beforeAll(async () => {
  findProgram('nsupdate', 'bind9-dnsutils');
  fleet = await startFleet({ hosts: 1, names: ['ns1'] });
  named = await startNamed(zone, ['www 60 A 127.0.10.1']);
  library = await openLibrary({ fleet, groups: { ns1: ['dns'] } });
}, 60_000);

afterAll(async () => {
  await library.close();
  await named.stop();
  await fleet.stop();
});

interface Change {
  readonly values: readonly string[];
  readonly servers?: readonly string[];
  readonly keyFile?: string;
}

function change({ values, servers = [named.primary, named.secondary], keyFile = named.keyFile }: Change) {
  return library.run('dns/record-change-tsig', {
    host: 'ns1',
    primary: named.primary,
    servers,
    keyFile,
    zone,
    name: www,
    ttl: 30,
    values,
    within: 'PT3S',
  });
}

const answers = (): Promise<readonly (readonly string[])[]> =>
  Promise.all([named.primary, named.secondary].map((server) => named.ask(server, www, 'A')));

test('a server that never gives the new answer takes the change back everywhere (R-ROLL-8)', async () => {
  const run = await change({ values: ['127.0.20.9'], servers: [named.primary, named.secondary, named.stale] });

  expect([run.outcome, run.error?.code]).toEqual(['undone', 'POLL_EXPIRED']);
  expect(await answers()).toEqual([['127.0.10.1'], ['127.0.10.1']]);
}, 60_000);

test('an update that the primary refuses changes nothing', async () => {
  const run = await change({ values: ['127.0.20.9'], keyFile: named.strangeKeyFile });

  expect([run.outcome, run.error?.code]).toEqual(['undone', 'EXIT_CODE']);
  expect(await answers()).toEqual([['127.0.10.1'], ['127.0.10.1']]);
}, 60_000);

test('every server answers the new values, and what was there is told', async () => {
  const run = await change({ values: ['127.0.20.1', '127.0.20.2'] });

  expect([run.outcome, run.outputs['before']]).toEqual([
    'succeeded',
    expect.stringMatching(/60\s+IN\s+A\s+127\.0\.10\.1$/),
  ]);
  expect(await answers()).toEqual([
    ['127.0.20.1', '127.0.20.2'],
    ['127.0.20.1', '127.0.20.2'],
  ]);
}, 60_000);

test('without values the record set is gone from every server', async () => {
  const run = await change({ values: [] });

  expect(run.outcome).toBe('succeeded');
  expect(await answers()).toEqual([[], []]);
}, 60_000);
