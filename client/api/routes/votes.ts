import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

import { messageOf } from '../../../platform/system-error';
import { readTaskSummary } from '../../../platform/store/task-summary';
import { castTokenVote, earlierUse, readToken } from '../../channels/token-vote';
import type { TokenVote, VoteResult } from '../../channels/token-vote';
import { renderVotePage } from '../../channels/vote-page';
import type { VotePage } from '../../channels/vote-page';
import { pageHeaders } from '../../plain-page';
import type { ChannelContext } from '../context';

const Link = z.object({ token: z.string().max(100), choice: z.string().max(200) });
const Form = z.object({ comment: z.string().max(2_000).default('') });
const formLimitBytes = 16 * 1024;

/**
 * Pages behind the links of messages: no sign-in, the token in the address is all there is.
 *
 * - L1 GET shows and never votes: mail gateways and previews follow every link.
 */
export function addVotePages(app: FastifyInstance, context: ChannelContext): void {
  void app.register(async (pages) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formLimitBytes },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
    );
    pages.setErrorHandler((error, request, reply) => {
      request.log.warn({ error: messageOf(error) }, 'vote page not served');
      return sendPage(reply, { kind: 'failed' });
    });
    pages.get('/votes/:token/:choice', quiet, async (request, reply) => {
      const { token, choice } = Link.parse(request.params);
      const found = await readToken(context, token, { channel: 'mail', choice });
      return sendPage(reply, found === null ? unknown : await currentPage(context, found, choice));
    });
    pages.post('/votes/:token/:choice', quiet, async (request, reply) => {
      const { token, choice } = Link.parse(request.params);
      const { comment } = Form.parse(request.body ?? {});
      const found = await readToken(context, token, { channel: 'mail', choice });
      if (found === null) return sendPage(reply, unknown);
      const result = await castTokenVote(context, found, { choice, comment, via: 'link', by: null });
      return sendPage(reply, await resultPage(context, found, result));
    });
  });
}

/** The address of a request holds a token, which belongs in no log. */
const quiet = { logLevel: 'warn' } as const;

const unknown: VotePage = { kind: 'unknown' };

async function sendPage(reply: FastifyReply, page: VotePage): Promise<FastifyReply> {
  const status = { ask: 200, recorded: 200, closed: 200, refused: 409, unknown: 404, failed: 503 } as const;
  return reply.code(status[page.kind]).headers(pageHeaders).send(renderVotePage(page));
}

async function currentPage(context: ChannelContext, found: TokenVote, choice: string): Promise<VotePage> {
  const { claims, notice, task } = found;
  const earlier = await earlierUse(context, found);
  if (earlier !== null) return resultPage(context, found, earlier);
  const summary = await summaryOf(context, found);
  if (task.closed !== null) {
    const { choice: decided, by } = task.closed;
    return {
      kind: 'closed',
      summary,
      how: `It ended with "${decided}"${by.length === 0 ? '' : ` by ${by.join(', ')}`}.`,
    };
  }
  if (claims.expiresAt <= context.now()) return { kind: 'closed', summary, how: 'Its time is over.' };
  if (claims.planHash !== task.planHash || claims.showHash !== task.showHash)
    return { kind: 'refused', summary, reason: 'What is to be approved has changed since; there is a newer message.' };
  return { kind: 'ask', summary, choice, person: notice.recipient, onBehalfOf: notice.onBehalfOf };
}

async function resultPage(context: ChannelContext, found: TokenVote, result: VoteResult): Promise<VotePage> {
  const summary = await summaryOf(context, found);
  switch (result.kind) {
    case 'counted':
      return { kind: 'recorded', summary, vote: result.vote, isRepeat: false };
    case 'recorded':
      return { kind: 'recorded', summary, vote: result.vote, isRepeat: true };
    case 'refused':
      return { kind: 'refused', summary, reason: result.reason };
  }
}

async function summaryOf({ store, people }: ChannelContext, { notice, task }: TokenVote) {
  const { zone } = await people.find(notice.recipient);
  return readTaskSummary(store, task, zone);
}
