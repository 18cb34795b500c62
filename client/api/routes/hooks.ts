import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { messageOf } from '../../../platform/system-error';
import { isFromChat, voteByButton } from '../../channels/chat-vote';
import type { ChannelContext } from '../context';
import { RequestError } from '../errors';

const bodyLimitBytes = 256 * 1024;

/** What others call: no token of ours, but a signature over the body as it came. */
export function addHooks(app: FastifyInstance, context: ChannelContext): void {
  const { chat } = context;
  if (chat === null) return;
  void app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyLimitBytes }, (_request, body, done) =>
      done(null, body),
    );
    hooks.post('/hooks/chat', async (request, reply) => {
      const body = typeof request.body === 'string' ? request.body : '';
      const signed = {
        body,
        timestamp: String(request.headers['x-slack-request-timestamp'] ?? ''),
        signature: String(request.headers['x-slack-signature'] ?? ''),
      };
      if (!isFromChat(signed, chat.secret, context.now()))
        throw new RequestError('SIGNATURE_INVALID', 'Cannot take the request: its signature is missing, wrong or old');
      const payload = payloadOf(body);
      const outcome = {
        response_type: 'ephemeral',
        replace_original: false,
        text: await voteByButton(context, payload),
      };
      // The chat waits three seconds for the reply, and some chats show only what is sent to the address that they give.
      void tellOutcome(payload, chat.origin, outcome).catch((error: unknown) => {
        request.log.warn({ error: messageOf(error) }, 'outcome of a vote not told in the chat');
      });
      return reply.send(outcome);
    });
  });
}

const Replied = z.object({ response_url: z.url() });
const tellWithinMs = 10_000;

/** The body is signed, and still no address outside of the chat is called. */
async function tellOutcome(payload: unknown, origin: string, outcome: object): Promise<void> {
  const address = Replied.safeParse(payload).data?.response_url;
  if (address === undefined || new URL(address).origin !== origin) return;
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(outcome),
    redirect: 'error',
    signal: AbortSignal.timeout(tellWithinMs),
  });
  await response.body?.cancel();
}

/** A form with one field that holds JSON. */
function payloadOf(body: string): unknown {
  try {
    return JSON.parse(new URLSearchParams(body).get('payload') ?? '');
  } catch {
    return null;
  }
}
