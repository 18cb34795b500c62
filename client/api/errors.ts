import type { Json, JsonObject } from '../../workflows/domain/json';

/** The one table of everything that a request can be refused for. Codes are never reused. */
export const requestErrors = {
  UNAUTHENTICATED: {
    status: 401,
    hint: 'Sign in, or send a token as "Authorization: Bearer <token>": one of the API, or that of the data directory.',
  },
  FORBIDDEN: { status: 403, hint: 'Ask whoever administers this installation for a grant: "mainstay me" shows yours.' },
  FORGERY_SUSPECTED: {
    status: 403,
    hint: 'Read "csrf" of GET /api/v1/me and send it as the header "x-csrf-token"; in the console, reload the page.',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    hint: 'Make a new link with "mainstay sign-in": each is good once, for ten minutes.',
  },
  LOGIN_TAKEN: {
    status: 403,
    hint: 'Whoever administers Mainstay sees with "mainstay person logins" whose it is, and frees it with "mainstay person unbind LOGIN".',
  },
  LOGIN_NOT_FOUND: { status: 404, hint: 'List the logins that are bound with "mainstay person logins".' },
  TOKEN_MADE_BEFORE: {
    status: 409,
    hint: 'Its secret was in the first answer, and is nowhere else: revoke the token, and make another with a new idempotency key.',
  },
  TOKEN_NOT_FOUND: { status: 404, hint: 'List your tokens with "mainstay token list".' },
  SESSION_NOT_FOUND: { status: 404, hint: 'List the sessions that are open with GET /api/v1/sessions.' },
  SIGNATURE_INVALID: {
    status: 401,
    hint: 'Compare MAINSTAY_CHAT_SIGNING_SECRET with the one of the chat, and the clocks of both machines.',
  },
  HOOK_NOT_FOUND: {
    status: 404,
    hint: 'List the hooks with "mainstay hook list"; publish one with "mainstay apply FILE".',
  },
  DELIVERY_NOT_FOUND: { status: 404, hint: 'List the deliveries with "mainstay hook deliveries".' },
  DELIVERY_NOT_DEAD: { status: 409, hint: 'Only what was given up is tried again by hand: the rest is under way.' },
  HOOK_REFUSED: {
    status: 401,
    hint: 'Compare the secret of the sender with the one that the hook names, and the clocks of both machines.',
  },
  HOOK_FAILED: { status: 422, hint: 'Compare the expressions of the hook with what was sent.' },
  HOOK_SECRET_UNAVAILABLE: {
    status: 503,
    hint: 'Put the secret where the hook says, on the machine of the API, and grant it to the team that owns the hook.',
  },
  HOST_UNKNOWN: {
    status: 421,
    hint: 'Use the address that Mainstay told, or set MAINSTAY_PUBLIC_URL to the one that is used.',
  },
  PLAINTEXT_REFUSED: {
    status: 403,
    hint: 'Use https, or come through a proxy that MAINSTAY_TRUSTED_PROXIES names.',
  },
  RATE_LIMITED: {
    status: 429,
    hint: 'Wait as long as the header Retry-After says; listen to events instead of asking.',
  },
  REQUEST_INVALID: { status: 400, hint: 'Compare the request with /api/v1/openapi.json.' },
  HEADERS_TOO_LARGE: { status: 431, hint: 'Send a shorter address: fewer filters, a shorter cursor.' },
  BODY_TOO_LARGE: { status: 413, hint: 'Send a plan of fewer hosts, or smaller files.' },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    hint: 'Ask for bytes that are there; "content-range" of an answer tells how many.',
  },
  ROUTE_NOT_FOUND: { status: 404, hint: 'See /api/v1/openapi.json for the routes there are.' },
  RUN_NOT_FOUND: {
    status: 404,
    hint: 'List the runs with "mainstay runs"; a number, an id or an unambiguous beginning of one is accepted.',
  },
  CHANGE_NOT_FOUND: {
    status: 404,
    hint: 'List the changes with "mainstay change list"; CHG-12, 12, an id or an unambiguous beginning of one is accepted.',
  },
  CHANGE_INVALID: { status: 422, hint: 'Correct what is named, then open or edit the change again.' },
  CHANGE_REFUSED: { status: 409, hint: 'Look at the change with "mainstay change show CHG-N".' },
  BACKUP_PLAN_NOT_FOUND: {
    status: 404,
    hint: 'List the plans with "mainstay backup plan"; publish one with "mainstay apply FILE".',
  },
  BACKUP_SET_NOT_FOUND: {
    status: 404,
    hint: 'List the sets with "mainstay backup list PLAN"; an id or an unambiguous beginning of one is accepted.',
  },
  BACKUP_OPERATION_NOT_FOUND: {
    status: 404,
    hint: 'List the operations with "mainstay backup list --operations"; one that waits for its turn is not among them yet.',
  },
  BACKUP_REFUSED: { status: 409, hint: 'Look at the plan with "mainstay backup plan PLAN".' },
  TASK_NOT_FOUND: { status: 404, hint: 'List open tasks with "mainstay tasks".' },
  TASK_CLOSED: { status: 409, hint: 'Look at it with "mainstay tasks --all".' },
  NOTIFICATIONS_NOT_FOUND: {
    status: 404,
    hint: 'Only people are told by mail, chat and the like: programs subscribe, see docs/webhooks.md.',
  },
  LOCK_NOT_FOUND: { status: 404, hint: 'List the locks with "mainstay locks".' },
  LOCK_HELD: {
    status: 409,
    hint: 'Its run is at work: wait for it, or cancel it. Only a lock of a run that is over can be freed by hand.',
  },
  DEFINITION_NOT_FOUND: { status: 404, hint: 'Publish it with "mainstay apply FILE".' },
  CALENDAR_NOT_FOUND: {
    status: 404,
    hint: 'List them with "mainstay calendar list"; publish one with "mainstay apply FILE".',
  },
  DOCUMENT_INVALID: { status: 422, hint: 'Run "mainstay check" on the files.' },
  VERSION_EXISTS: { status: 409, hint: 'A published version is immutable: raise metadata.version.' },
  PLAN_INVALID: { status: 422, hint: 'Make the plan again with "mainstay plan".' },
  PLAN_CHANGED: { status: 409, hint: 'Look at the difference, have the new plan approved, and pass its hash.' },
  BLOB_NOT_FOUND: { status: 404, hint: 'Digests are 64 hexadecimal digits, as in the plan.' },
  BLOB_MISSING: { status: 422, hint: 'Send every host shard and file that the plan names.' },
  IDEMPOTENCY_CONFLICT: { status: 409, hint: 'Use a new idempotency key for another plan.' },
  RUN_CLOSED: { status: 409, hint: 'Use "mainstay resume" to go on from where it ended.' },
  RUN_OPEN: { status: 409, hint: 'Wait until the run has ended, or cancel it first.' },
  RUN_OF_CHANGE: {
    status: 409,
    hint: 'Open another change for what is left, or take back what was done with "mainstay undo".',
  },
  NOTHING_TO_RESUME: { status: 409, hint: 'Start a new run, or say with --from where this one is to go on.' },
  ANSWER_REFUSED: { status: 409, hint: 'Look at the task with "mainstay tasks --json".' },
  CONTROL_REFUSED: { status: 409, hint: 'Look at the run with "mainstay show RUN".' },
  ENTRY_NOT_FOUND: { status: 404, hint: 'Entries are numbered from 1: "mainstay audit export RUN" shows them.' },
  REDACTION_REFUSED: {
    status: 409,
    hint: 'Redact what people have written or caused to be printed, and after the end: see docs/evidence.md.',
  },
  ENGINE_UNAVAILABLE: {
    status: 503,
    hint: 'Check with "mainstay status" that server and worker are up, then try again.',
  },
  NOT_CONNECTED: { status: 503, hint: 'Start it with "mainstay up", or name its data directory with --data DIR.' },
  INTERNAL: { status: 500, hint: 'Look for the request id in the log of the API.' },
} as const satisfies Record<string, { readonly status: number; readonly hint: string }>;

export type RequestErrorCode = keyof typeof requestErrors;

/** A request that cannot be served: expected, explained, never a stack trace. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: RequestErrorCode,
    message: string,
    readonly extra: { readonly detail?: JsonObject; readonly cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? {} : { cause: extra.cause });
  }
}

/** By shape, not by class: errors also come from other realms and from answers of the API. */
export function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && error.name === 'RequestError' && 'code' in error;
}

/** What a run says of a refusal is a whole sentence already, or the state that it found. */
export function refusalText(attempt: string, reason: string): string {
  return reason.startsWith('Cannot ') ? reason : `Cannot ${attempt}: ${reason}`;
}

/** RFC 9457. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly [extension: string]: Json;
}

/** The funnel: any error becomes a problem document here and nowhere else. */
export function problemOf(error: unknown, requestId: string): ProblemDocument {
  if (isRequestError(error)) return problem(error.code, error.message, { requestId, detail: error.extra.detail ?? {} });
  const { code, statusCode, message } = shapeOf(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return problem('BODY_TOO_LARGE', 'Cannot read the request: body too large', { requestId, detail: {} });
  if (statusCode >= 400 && statusCode < 500)
    return problem('REQUEST_INVALID', `Cannot read the request: ${message}`, { requestId, detail: {} });
  return problem('INTERNAL', 'Cannot serve the request: unexpected error', { requestId, detail: {} });
}

function problem(
  code: RequestErrorCode,
  detail: string,
  rest: { readonly requestId: string; readonly detail: JsonObject },
): ProblemDocument {
  const { status, hint } = requestErrors[code];
  return {
    ...rest.detail,
    type: `urn:mainstay:problem:${code}`,
    title: code,
    status,
    detail,
    code: typeof rest.detail.code === 'string' ? rest.detail.code : code,
    hint: typeof rest.detail['hint'] === 'string' ? rest.detail['hint'] : hint,
    requestId: rest.requestId,
  };
}

function shapeOf(error: unknown): { readonly code: string; readonly statusCode: number; readonly message: string } {
  const object = typeof error === 'object' && error !== null ? error : {};
  return {
    code: 'code' in object && typeof object.code === 'string' ? object.code : '',
    statusCode: 'statusCode' in object && typeof object.statusCode === 'number' ? object.statusCode : 500,
    message: 'message' in object && typeof object.message === 'string' ? object.message : 'unknown error',
  };
}
