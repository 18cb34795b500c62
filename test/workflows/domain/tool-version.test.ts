import { versionProblem } from '../../../workflows/domain/tool-version';

test.each<[string, string, string | null]>([
  ['15.14', '15.8', null],
  ['pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', '15.8 (Debian 15.8-0+deb12u1)', null],
  ['16', '15.8', null],
  ['15.99', '16.0', 'the tool "15.99" is older than the server "16.0"'],
  ['9.6.24', '15.8', 'the tool "9.6.24" is older than the server "15.8"'],
  ['restic 0.14.0 compiled with go1.19', '', null],
  ['', '15.8', 'the versions "" of the tool and "15.8" of the server cannot be compared'],
  ['15.8', 'unknown', 'the versions "15.8" of the tool and "unknown" of the server cannot be compared'],
])('R-BKP-11: the tool "%s" for the server "%s": %s', (tool, server, problem) => {
  expect(versionProblem({ tool, server })).toBe(problem);
});
