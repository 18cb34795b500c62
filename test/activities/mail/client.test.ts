import { createMailCarrier } from '../../../activities/mail/client';
import { Secret } from '../../../platform/secret';
import { freePort } from '../../../platform/free-port';
import { openMailServer } from '../../support/mail-server';
import type { MailServer } from '../../support/mail-server';
import { notice } from '../notices';

let server: MailServer | null = null;
let sender: ReturnType<typeof createMailCarrier> | null = null;

afterEach(async () => {
  sender?.close();
  await server?.close();
  server = null;
  sender = null;
});

async function open(credentials = '', options: Parameters<typeof openMailServer>[0] = {}) {
  const opened = await openMailServer(options);
  server = opened;
  const smtpUrl = new Secret(`smtp://${credentials}127.0.0.1:${opened.port}`);
  sender = createMailCarrier({ smtpUrl, from: 'Mainstay <mainstay@example.org>' });
  return { server: opened, sender };
}

test('a message goes out as text and HTML, marked as automatic, in the thread of its task', async () => {
  const { server: mx, sender: out } = await open();

  expect(await out.send(notice())).toEqual({ kind: 'sent' });

  const [mail] = mx.received;
  expect(mail?.from).toBe('mainstay@example.org');
  expect(mail?.to).toEqual(['anna@example.org']);
  expect(mail?.parsed).toMatchObject({
    subject: 'Approve? Release 1.2 [r1-1]',
    messageId: '<m1@example.org>',
    references: '<t1@example.org>',
    text: expect.stringContaining('APPROVE: https://m.example/votes/aa/approve'),
    html: expect.stringContaining('href="https://m.example/votes/aa/approve"'),
  });
  expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.parsed.headers.get('x-mainstay-notice')).toBe('m1');
  expect(mail?.parsed.replyTo?.text).toBe('approvals+tt@example.org');
});

test('what cannot wait is marked so, and nothing else is', async () => {
  const { server: mx, sender: out } = await open();

  await out.send(notice({ urgency: 'urgent' }));
  await out.send(notice());

  expect(mx.received.map(({ parsed }) => parsed.headers.get('priority'))).toEqual(['high', undefined]);
});

test('messages about the same thing are one thread, whatever happens between them', async () => {
  const { server: mx, sender: out } = await open();

  await out.send(notice());
  await out.send(notice({ kind: 'task.reminded', messageId: 'm2@example.org' }));
  await out.send(notice({ threadId: 't2@example.org', messageId: 'm3@example.org' }));

  expect(mx.received.map(({ parsed }) => [parsed.messageId, parsed.references])).toEqual([
    ['<m1@example.org>', '<t1@example.org>'],
    ['<m2@example.org>', '<t1@example.org>'],
    ['<m3@example.org>', '<t2@example.org>'],
  ]);
});

test('what is sent again, since the reply was lost, has the same message id: it is one mail', async () => {
  const { server: mx, sender: out } = await open();
  mx.loseNextReply();

  const first = await out.send(notice());
  const second = await out.send(notice());

  expect(first).toMatchObject({ kind: 'failed', code: 'MAIL_REFUSED_FOR_NOW' });
  expect(second).toEqual({ kind: 'sent' });
  expect(mx.received.map(({ parsed }) => parsed.messageId)).toEqual(['<m1@example.org>', '<m1@example.org>']);
});

test.each([
  [450, 'MAIL_REFUSED_FOR_NOW'],
  [550, 'MAIL_REFUSED'],
])('a recipient that is refused with %i is %s', async (code, expected) => {
  const { server: mx, sender: out } = await open();
  mx.refuseWith(code);

  expect(await out.send(notice())).toMatchObject({ kind: 'failed', code: expected });
  expect(mx.received).toEqual([]);
});

test('a mail server that is not there, or takes another password, is told apart', async () => {
  const nobody = createMailCarrier({
    smtpUrl: new Secret(`smtp://127.0.0.1:${await freePort()}`),
    from: 'mainstay@example.org',
  });
  const unreachable = await nobody.send(notice());
  nobody.close();
  const { sender: out } = await open('robot:wrong@', {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, callback) => callback(password === 'right' ? null : new Error('no'), { user: 1 }),
  });

  expect(unreachable).toMatchObject({ kind: 'failed', code: 'MAIL_UNREACHABLE' });
  expect(await out.send(notice())).toMatchObject({ kind: 'failed', code: 'MAIL_LOGIN_REJECTED' });
});

test('the connection is encrypted and its certificate checked, unless the setting says otherwise', async () => {
  const options = {
    secure: true,
    authOptional: false,
    onAuth: ({ password }, _session, callback) => callback(password === 'right' ? null : new Error('no'), { user: 1 }),
  } satisfies Parameters<typeof openMailServer>[0];
  // It warns that everybody knows the key of the certificate that comes with it.
  const warned = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  server = await openMailServer(options);
  warned.mockRestore();
  const url = `smtps://robot:right@127.0.0.1:${server.port}`;
  const from = 'mainstay@example.org';
  const strict = createMailCarrier({ smtpUrl: new Secret(url), from });
  const refused = await strict.send(notice());
  strict.close();
  sender = createMailCarrier({ smtpUrl: new Secret(`${url}?tls.rejectUnauthorized=false`), from });

  // The test server signs its own certificate.
  expect(refused).toMatchObject({ kind: 'failed', code: 'MAIL_UNREACHABLE' });
  expect(await sender.send(notice())).toEqual({ kind: 'sent' });
  expect(server.received).toHaveLength(1);
});
