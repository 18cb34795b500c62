import { localPath } from '../../../../../client/console/pages/sign-in/local-path';

test.each([
  ['/runs/7?tab=output', '/runs/7?tab=output'],
  [undefined, '/'],
  ['', '/'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example/', '/'],
  ['/\\elsewhere.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?to=/runs', '/'],
])('localPath() leads %j to %s', (text, path) => {
  expect(localPath(text)).toBe(path);
});
