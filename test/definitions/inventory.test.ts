import { createServer } from 'node:http';
import type { Server } from 'node:http';

import type { LoadedInventory } from '../../definitions/document';
import { resolveInventory } from '../../definitions/inventory';
import type { InventoryResult } from '../../definitions/inventory';
import { loadText } from '../../definitions/load';
import { documentText } from './documents';

function inventory(...lines: readonly string[]): LoadedInventory {
  const { documents, problems } = loadText('hosts.yaml', documentText('Inventory', ...lines));
  const [document] = documents;
  if (document?.kind !== 'Inventory') throw new Error(JSON.stringify(problems));
  return document;
}

function owned(document: LoadedInventory): LoadedInventory {
  return { ...document, metadata: { ...document.metadata, owner: 'team/web' } };
}

function reasons(result: InventoryResult): readonly string[] {
  return result.ok
    ? []
    : result.problems.map(({ message }) => message.replace('Cannot read the inventory from its source: ', ''));
}

describe('resolveInventory() of a document', () => {
  test('keeps the order of hosts and fills in what they inherit', async () => {
    const document = inventory(
      'connection: fleet',
      'vars: {tier: none, zone: eu}',
      'groups:',
      '  site: {children: [web, db], vars: {tier: site, region: west}}',
      '  web: {vars: {tier: web}}',
      '  db: {}',
      'hosts:',
      '  - {name: web2, groups: [web], labels: {role: web, rack: 010}, vars: {zone: us}}',
      "  - {name: db1, address: 10.0.0.9, port: 2222, user: ops, groups: [db], connection: other, hostKey: 'ssh-ed25519 AAAA', jobDir: /var/jobs, jobDirVolatile: true, become: {password: {secret: 'vault:ops/db#sudo'}}}",
      '  - {name: alone}',
    );

    expect(await resolveInventory(document)).toEqual({
      ok: true,
      inventory: {
        hosts: [
          {
            name: 'web2',
            address: 'web2',
            labels: { role: 'web', rack: '010' },
            groups: ['site', 'web'],
            vars: { tier: 'web', zone: 'us', region: 'west' },
            connection: 'fleet',
          },
          {
            name: 'db1',
            address: '10.0.0.9',
            port: 2222,
            user: 'ops',
            labels: {},
            groups: ['db', 'site'],
            vars: { tier: 'site', zone: 'eu', region: 'west' },
            connection: 'other',
            hostKey: 'ssh-ed25519 AAAA',
            jobDir: '/var/jobs',
            jobDirVolatile: true,
            become: { method: 'sudo', password: 'vault:ops/db#sudo' },
          },
          {
            name: 'alone',
            address: 'alone',
            labels: {},
            groups: [],
            vars: { tier: 'none', zone: 'eu' },
            connection: 'fleet',
          },
        ],
        groups: { site: ['web2', 'db1'], web: ['web2'], db: ['db1'] },
        vars: { tier: 'none', zone: 'eu' },
        redundancy: {},
        items: {},
      },
    });
  });

  test.each([
    ['a child group wins over its parent', '{p: {children: [c], vars: {x: p}}, c: {vars: {x: c}}}', '[c]', 'c'],
    ['at equal depth the later name wins', '{b: {vars: {x: b}}, a: {vars: {x: a}}}', '[b, a]', 'b'],
    [
      'depth is the longest way down',
      '{a: {children: [b, c]}, b: {children: [c], vars: {x: b}}, c: {vars: {x: c}}}',
      '[b, c]',
      'c',
    ],
  ])('%s', async (_, groups, of, expected) => {
    const result = await resolveInventory(inventory(`groups: ${groups}`, `hosts: [{name: h, groups: ${of}}]`));

    expect(result.ok ? result.inventory.hosts[0]?.vars : result).toEqual({ x: expected });
  });
});

test('resolveInventory() follows a chain of groups that is longer than the call stack', async () => {
  const groups = Array.from({ length: 20_000 }, (_, index) => `g${index}: {children: [g${index + 1}]}`);
  const document = inventory(
    `groups: {${groups.join(', ')}, g20000: {vars: {x: 1}}}`,
    'hosts: [{name: h, groups: [g20000]}]',
  );

  const result = await resolveInventory(document);

  expect(result.ok ? result.inventory.hosts[0]?.groups.length : result).toBe(20_001);
});

describe('resolveInventory() of a source', () => {
  const answer = {
    _meta: {
      hostvars: {
        web2: { ansible_host: '10.0.0.2', ansible_port: '2222', role: 'web', env: 3 },
        web1: { role: 'web' },
      },
    },
    all: { children: ['web', 'ungrouped'], vars: { ansible_user: 'deploy', dns: ['a'] } },
    web: { hosts: ['web2', 'web1'], vars: { tier: 'front' } },
    db: ['db1'],
  };
  const command = (script: string, timeout = '30s'): string =>
    `source: {command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(script)}], timeout: ${timeout}}`;
  const printing = (value: unknown): string =>
    command(`process.stdout.write(${JSON.stringify(JSON.stringify(value))})`);

  const expected = {
    ok: true,
    inventory: {
      hosts: [
        { name: 'db1', address: 'db1', user: 'deploy', labels: {}, groups: ['db'], vars: { dns: ['a'], site: 'one' } },
        {
          name: 'web1',
          address: 'web1',
          user: 'deploy',
          labels: { role: 'web' },
          groups: ['web'],
          vars: { dns: ['a'], site: 'one', tier: 'front', role: 'web' },
        },
        {
          name: 'web2',
          address: '10.0.0.2',
          port: 2222,
          user: 'deploy',
          labels: { role: 'web', env: '3' },
          groups: ['web'],
          vars: { dns: ['a'], site: 'one', tier: 'front', role: 'web', env: 3 },
        },
      ],
      groups: { web: ['web1', 'web2'], db: ['db1'] },
      vars: { ansible_user: 'deploy', dns: ['a'], site: 'one' },
      redundancy: {},
      items: {},
    },
  };

  test('reads Ansible’s JSON from a command, in the order of names', async () => {
    const document = inventory(printing(answer), 'labelsFrom: [role, env]', 'vars: {site: one}');

    expect(await resolveInventory(document)).toEqual(expected);
  });

  describe('over HTTP', () => {
    let server: Server;
    let url = '';
    const seen: (string | undefined)[] = [];

    beforeAll(async () => {
      server = createServer((request, response) => {
        seen.push(request.headers['x-token']?.toString(), request.headers.authorization);
        if (request.url === '/moved') response.writeHead(302, { location: '/hosts' });
        if (request.url === '/down') response.statusCode = 503;
        if (request.url !== '/silent') response.end(JSON.stringify(answer));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    });
    afterAll(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    test('reads the same', async () => {
      const document = inventory(
        `source: {url: '${url}/hosts', headers: {x-token: abc}}`,
        'labelsFrom: [role, env]',
        'vars: {site: one}',
      );

      expect(await resolveInventory(document)).toEqual(expected);
      expect(seen).toContain('abc');
    });

    const secrets = (reference: string, owner: string): Promise<string> =>
      owner === 'team/web' && reference === 'vault:ops/cmdb#token'
        ? Promise.resolve('s3cret')
        : Promise.reject(new Error(`Cannot use the secret "${reference}": "${owner}" holds no grant on it`));

    // Section 10: resolved where the source is asked, at the last moment.
    test.each([
      ['headers: {x-token: vault:ops/cmdb#token}', 's3cret'],
      ['headers: {x-token: {secret: vault:ops/cmdb#token}}', 's3cret'],
      ['auth: {bearer: vault:ops/cmdb#token}', 'Bearer s3cret'],
      ['auth: {username: ops, password: {secret: vault:ops/cmdb#token}}', `Basic ${btoa('ops:s3cret')}`],
    ])('sends a secret by reference: %s', async (fields, sent) => {
      seen.length = 0;
      const document = owned(inventory(`source: {url: '${url}/hosts', ${fields}}`));

      expect(await resolveInventory(document, secrets)).toMatchObject({ ok: true });
      expect(seen).toContain(sent);
    });

    test('asks nobody when a secret cannot be resolved, and names the reference alone', async () => {
      seen.length = 0;
      const document = inventory(`source: {url: '${url}/hosts', headers: {x-token: vault:ops/cmdb#token}}`);

      expect(reasons(await resolveInventory(document, secrets))).toEqual([
        'Cannot use the secret "vault:ops/cmdb#token": "" holds no grant on it',
      ]);
      expect(seen).toEqual([]);
    });

    test('follows no redirect with a secret at hand', async () => {
      const headers = 'headers: {x-token: vault:ops/cmdb#token}';
      const guarded = owned(inventory(`source: {url: '${url}/moved', ${headers}}`));
      const open = inventory(`source: {url: '${url}/moved'}`);

      expect(reasons(await resolveInventory(guarded, secrets))).toEqual(['it answered with status 302']);
      expect(await resolveInventory(open, secrets)).toMatchObject({ ok: true });
    });

    test('tells of an answer that is none, and of no answer', async () => {
      expect(reasons(await resolveInventory(inventory(`source: {url: '${url}/down'}`)))).toEqual([
        'it answered with status 503',
      ]);
      expect(reasons(await resolveInventory(inventory(`source: {url: '${url}/silent', timeout: 50ms}`)))).toEqual([
        'it did not answer within 0.05 s',
      ]);
    });
  });

  test.each([
    [
      'fails',
      command('console.error("no such account"); process.exit(3)'),
      'it ended with exit code 3: no such account',
    ],
    ['does not end', command('setInterval(() => {}, 1000)', '50ms'), 'it did not end within 0.05 s'],
    ['is not there', 'source: {command: [./no-such-program]}', 'there is no such program'],
    ['answers no JSON', command('console.log("hosts")'), 'it answered something that is not JSON'],
    ['answers a list', printing([]), 'it answered JSON that is not a map'],
    [
      'answers a group of another shape',
      printing({ web: 3 }),
      'the group "web" is neither a list of hosts nor a map of hosts, children and vars',
    ],
    ['has a host name with a blank', printing({ web: ['a b'] }), 'the host name "a b" holds white space or "/"'],
    [
      'has groups in a cycle',
      printing({ a: { children: ['b'] }, b: { children: ['a'] } }),
      'a group is within itself: a, b, a',
    ],
    [
      'tells a password',
      printing({ _meta: { hostvars: { h: { ansible_password: 'x' } } } }),
      'the host "h" has the variable "ansible_password": write `password: vault:…` in a Connection of type ssh',
    ],
    [
      'means the worker itself',
      printing({ all: { vars: { ansible_connection: 'local' } } }),
      'the group "all" has the variable "ansible_connection": work on the worker itself is a step with `uses`',
    ],
  ])('tells of a source that %s', async (_, source, reason) => {
    expect(reasons(await resolveInventory(inventory(source)))).toEqual([reason]);
  });

  test('tells of a label that would be a list', async () => {
    const document = inventory(printing(answer), 'labelsFrom: [dns]');

    expect(reasons(await resolveInventory(document))).toEqual(
      ['db1', 'web1', 'web2'].map(
        (host) => `the variable "dns" of the host "${host}" is a list or a map and cannot be a label`,
      ),
    );
  });
});
