import { postWebhook } from '../platform/webhook-post';
import type { WebhookAnswer } from '../platform/webhook-post';
import type { CarrierFailureCode, CarrierResult } from './notice-message';

interface NoticePost {
  readonly url: URL;
  /** Absent: POST. */
  readonly method?: 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly json: string;
  /** Absent: allowed, since whoever runs us has written the address into the settings. */
  readonly privateAddresses?: 'allow' | 'refuse';
  /** As reasons name the receiver: `the homeserver`. Its address may be a secret. */
  readonly receiver: string;
  readonly codes: NoticePostCodes;
}

/** What the channel calls each way to fail. */
interface NoticePostCodes {
  /** Nothing is answered in time, or that it does not work at all. */
  readonly unreachable: CarrierFailureCode;
  /** Later, please. */
  readonly busy: CarrierFailureCode;
  /** Who are you? */
  readonly unknown: CarrierFailureCode;
  /** No. */
  readonly refused: CarrierFailureCode;
}

/** What a service says of a failure besides the status. */
export interface AnswerDetail {
  /** Belongs into the reason. */
  readonly said?: string;
  readonly retryAfterMs?: number;
}

/** One message to the service of a channel, and what became of it. */
export async function postNotice(
  { receiver, codes, json, headers, privateAddresses = 'allow', ...rest }: NoticePost,
  detail: (answer: WebhookAnswer) => AnswerDetail = () => ({}),
): Promise<CarrierResult> {
  const answer = await postWebhook({
    ...rest,
    headers: { 'content-type': 'application/json', 'user-agent': 'Mainstay', ...headers },
    body: json,
    privateAddresses,
    signal: neverAborted,
  });
  const { status, retryAfterMs } = answer;
  if (status === null) return { kind: 'failed', code: codes.unreachable, reason: answer.answer };
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const { said, ...more } = detail(answer);
  return {
    kind: 'failed',
    code: codes[wayOf(status)],
    // Nothing else of the answer: a page that says what is missing says the address, which is a secret.
    reason: `${receiver} answers with status ${status}${said === undefined ? '' : ` (${said})`}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...more,
  };
}

const neverAborted = new AbortController().signal;
const later = [408, 425, 429];

function wayOf(status: number): keyof NoticePostCodes {
  if (later.includes(status)) return 'busy';
  if (status >= 500) return 'unreachable';
  return status === 401 ? 'unknown' : 'refused';
}
