/** One message of a stream of Server-Sent Events. */
export interface StreamMessage {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Reads messages from bytes that are cut anywhere; comments are passed over, and so is a last message without its end. */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = messageOf(block);
      if (message !== null) yield message;
    }
  }
}

function messageOf(block: string): StreamMessage | null {
  const fields = block.split('\n').flatMap((line) => {
    const match = /^(id|event|data): ?(.*)$/.exec(line);
    return match === null ? [] : [[match[1], match[2] ?? ''] as const];
  });
  const data = fields.filter(([name]) => name === 'data').map(([, text]) => text);
  const found = new Map(fields);
  // One without data still says where the listener is.
  if (data.length === 0 && !found.has('id')) return null;
  return { id: found.get('id') ?? null, event: found.get('event') ?? 'message', data: data.join('\n') };
}
