import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '../../../workflows/domain/json';
import { findProgram } from '../../support/component';
import { failedAssertions, listAt, openBackups, textAt } from './backup-stage';
import type { BackupStage } from './backup-stage';

/** Scripts as somebody has them who has always used tar. */
const commands = {
  preflight: `jq -nc --argjson free "$(df --output=avail -B1 "$REPOSITORY" | tail -n 1)" --argjson now "$(date +%s%3N)" \\
    '{toolVersion: "1.34", serverVersion: "", freeBytes: $free, neededBytes: 0, clockMs: $now, lagSeconds: -1, locks: []}'`,
  backup: `now=$(date +%s%3N); tar -czf "$REPOSITORY/$LABEL.tgz" -C / "$(echo "$SOURCE" | jq -r '.[0][1:]')"
    jq -nc --arg set "$LABEL.tgz" --argjson size "$(stat -c %s "$REPOSITORY/$LABEL.tgz")" --argjson now "$now" \\
      --arg digest "$(sha256sum <"$REPOSITORY/$LABEL.tgz" | tee "$REPOSITORY/$LABEL.sum")" '
      {exitCode: 0, setId: $set, kind: "full", parent: "", sizeBytes: $size, storedBytes: $size, startedAtMs: $now, endedAtMs: $now, digest: $digest,
       manifest: {takenAtMs: $now, files: 1}}'`,
  verify: `if sha256sum <"$REPOSITORY/$SET" | cmp -s - "$REPOSITORY/\${SET%.tgz}.sum"; then ok=true; else ok=false; fi
    jq -nc --argjson ok $ok '{intact: $ok, readPercent: 100, problems: []}'`,
  list: `ls "$REPOSITORY" | grep tgz | jq -Rnc '{sets: [inputs | {setId: ., label: "", atMs: 1, kind: "full", parent: "", sizeBytes: 1}]}'`,
  restore: `mkdir "$DIRECTORY/data"; tar -xzf "$REPOSITORY/$SET" -C "$DIRECTORY/data"
    jq -nc --arg path "$DIRECTORY/data" '{restored: true, fault: "", reason: "", path: $path, bytes: 1, earliestMs: 0, latestMs: 0}'`,
  assert: `jq -nc --argjson found "$(find "$DIRECTORY/data" -type f | wc -l)" --argjson manifest "$MANIFEST" '
    {results: [{name: "files", level: "V3", ok: ($found == $manifest.files), detail: "\\($found)"}], heartbeatAtMs: 0}'`,
};

jest.setTimeout(60_000);

let stage: BackupStage;
let base: JsonObject;

beforeAll(async () => {
  findProgram('jq', 'jq');
  stage = await openBackups();
  const source = join(stage.directory, 'srv');
  const repository = join(stage.directory, 'repository');
  for (const folder of [source, repository]) await mkdir(folder);
  await writeFile(join(source, 'file'), 'content');
  base = { service: 'shop', repository, source: [source] };
}, 60_000);

afterAll(() => stage.close());

function role(name: string, inputs: JsonObject = {}): Promise<JsonObject> {
  return stage.role(`command/${name}`, { commands, ...base, ...inputs });
}

test('commands of your own are a provider: backed up, verified, listed, restored and asserted (R-DRILL-1)', async () => {
  const { service, source } = base;
  const taken = await role('backup', { kind: 'full', label: 'b1' });
  const set = textAt(taken, 'setId');
  const verified = await role('verify', { set, level: 'V1', readPercent: 100, seed: 1 });
  const place = await stage.place('own');

  const restored = await role('restore', { ...place, set, targetMs: 0 });
  const told = { commands, service: service ?? '', ...place };
  const about = { ...told, source: source ?? [], atManifest: true, fromLevel: 'V3' };
  const sound = await stage.role('command/assert', { ...about, manifest: taken['manifest'] ?? {} });
  const unsound = await stage.role('command/assert', { ...about, manifest: { files: 2 } });
  const destroyed = await stage.role('command/destroy', told);
  await stage.closed('own');

  expect(await role('preflight')).toMatchObject({ toolVersion: '1.34' });
  expect(verified).toEqual({ intact: true, readPercent: 100, problems: [] });
  expect(listAt(await role('list'), 'sets').map(({ setId }) => setId)).toEqual(['b1.tgz']);
  expect(restored).toMatchObject({ restored: true, path: join(place.directory, 'data') });
  expect([failedAssertions(sound), failedAssertions(unsound)]).toEqual([[], ['files']]);
  expect(destroyed).toEqual({ leftovers: [] });
});

test.each([
  ['none at all', {}, 'the plan has none under commands'],
  ['no JSON', { list: 'echo done' }, 'expected one JSON object, found done'],
  ['two answers', { list: 'echo "{}{}"' }, 'expected one JSON object'],
  ['an answer without the field', { list: 'echo "{}"' }, 'sets is null, expected array'],
  ['an answer of another type', { list: `echo '{"sets": "b1"}'` }, 'sets is string, expected array'],
  ['a failure', { list: 'exit 3' }, 'it ended with 3'],
])('a command that gives %s fails and says why', async (_what, given, reason) => {
  await expect(role('list', { commands: given })).rejects.toThrow(`Cannot use the command of the role list: ${reason}`);
});

test('with the marker of another place the command is not even called (R-DRILL-1)', async () => {
  const place = await stage.place('theirs');
  const about = { ...place, label: 'ours', set: 'b1.tgz' };

  const outcome = await role('restore', { ...about, targetMs: 0 });

  expect(outcome).toMatchObject({ restored: false, fault: 'place' });
  expect(await readdir(place.directory)).toEqual(['.mainstay-place']);
  expect(await readFile(join(place.directory, '.mainstay-place'), 'utf8')).toBe('theirs\n');
  await stage.closed('theirs');
});
