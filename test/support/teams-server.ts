import { z } from 'zod';

import { openPushServer } from './push-server';
import type { PushAnswer, PushedCall, PushServer } from './push-server';

/** What our cards are made of: whatever knows Markdown is not among it. */
const TextRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string(),
  weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
  color: z.enum(['Default', 'Attention']).optional(),
  isSubtle: z.boolean().optional(),
});
const RichTextBlock = z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(TextRun).min(1) });
const OpenUrl = z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() });
const Card = z.strictObject({
  $schema: z.string(),
  type: z.literal('AdaptiveCard'),
  version: z.literal('1.4'),
  msteams: z.object({ width: z.literal('Full') }),
  body: z.array(RichTextBlock),
  actions: z.array(OpenUrl),
});
type Card = z.infer<typeof Card>;

export const TeamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: Card,
    }),
  ]),
});

/** A workflow of Teams that posts cards. */
export interface TeamsServer extends PushServer {
  readonly webhookUrl: string;
  readonly cards: Card[];
}

const mostBytes = 28 * 1024;

export async function openTeamsServer(): Promise<TeamsServer> {
  const cards: Card[] = [];
  function take({ method, path, text }: PushedCall): PushAnswer {
    if (method !== 'POST' || path !== '/workflows/abc?sig=tops3cret') return { status: 401 };
    if (Buffer.byteLength(text) > mostBytes) return { status: 413 };
    const message = TeamsMessage.safeParse(JSON.parse(text)).data;
    if (message === undefined) return { status: 400 };
    cards.push(message.attachments[0].content);
    return { status: 202 };
  }
  const server = await openPushServer(take);
  return { ...server, webhookUrl: `${server.url}/workflows/abc?sig=tops3cret`, cards };
}
