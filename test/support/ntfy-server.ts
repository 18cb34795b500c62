import { z } from 'zod';

import { openPushServer } from './push-server';
import type { PushAnswer, PushedCall, PushServer } from './push-server';

/** As the server reads a message in JSON. */
const Published = z.object({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string().default(''),
  message: z.string().default(''),
  priority: z.int().min(1).max(5).default(3),
  sequence_id: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  click: z.url().optional(),
});
type NtfyMessage = z.infer<typeof Published>;

/** The part of ntfy that takes messages: one token, and what is too long would become a file. */
export interface NtfyServer extends PushServer {
  /** Newest of each sequence. */
  readonly messages: readonly NtfyMessage[];
}

const mostMessageBytes = 4_096;

export async function openNtfyServer(token: string | null): Promise<NtfyServer> {
  const messages = new Map<string, NtfyMessage>();
  function take({ method, path, headers, text }: PushedCall): PushAnswer {
    if (method !== 'POST' || path !== '/') return refusal(404, 40_401);
    if (token !== null && headers.authorization !== `Bearer ${token}`) return refusal(401, 40_101);
    const message = Published.safeParse(JSON.parse(text)).data;
    if (message === undefined) return refusal(400, 40_024);
    if (Buffer.byteLength(message.message) > mostMessageBytes) return refusal(400, 40_014);
    messages.set(message.sequence_id, message);
    return { status: 200, body: { id: 'x', event: 'message', topic: message.topic } };
  }
  const server = await openPushServer(take);
  return {
    ...server,
    get messages() {
      return [...messages.values()];
    },
  };
}

function refusal(http: number, code: number): PushAnswer {
  return { status: http, body: { http, code, error: 'no' } };
}
