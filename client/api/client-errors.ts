import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

import { problemOf, RequestError } from './errors';

/** What comes in and is no request at all: whoever sent it is told so in the same way as everybody else. */
export function refuseBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const found = isLarge
    ? new RequestError('HEADERS_TOO_LARGE', 'Cannot read the request: its address or its headers are too large')
    : new RequestError('REQUEST_INVALID', 'Cannot read the request: it is no HTTP');
  const problem = problemOf(found, randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}
