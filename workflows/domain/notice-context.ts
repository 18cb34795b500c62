import type { NameTypes } from './expression-problems';
import type { NoticeKind, Urgency } from './notice';

/** What expressions of a template know. */
export interface NoticeContext {
  /** `at`: when it happened, as `2026-11-21T10:00:00Z`. */
  readonly notice: { readonly kind: NoticeKind; readonly urgency: Urgency; readonly at: string };
  readonly person: { readonly name: string; readonly login: string };
  /** `link`: empty where there is no page. */
  readonly about: {
    readonly title: string;
    readonly facts: { readonly [name: string]: string };
    readonly link: string;
  };
  /** Of kinds that are about a run; `error` and `outcome` are empty where there is none. */
  readonly run?: {
    readonly number: number;
    readonly definition: string;
    readonly title: string;
    readonly requester: string;
    readonly outcome: string;
    readonly error: string;
  };
  /** Of kinds that are about a change. */
  readonly change?: {
    readonly number: number;
    readonly title: string;
    readonly model: string;
    readonly requester: string;
    readonly phase: string;
    readonly reason: string;
  };
}

const everywhere = {
  notice: { kind: 'string', urgency: 'string', at: 'string' },
  person: { name: 'string', login: 'string' },
  about: { title: 'string', facts: 'map', link: 'string' },
} as const satisfies NameTypes;

const ofRuns = {
  ...everywhere,
  run: {
    number: 'int',
    definition: 'string',
    title: 'string',
    requester: 'string',
    outcome: 'string',
    error: 'string',
  },
} as const satisfies NameTypes;

const ofChanges = {
  ...everywhere,
  change: { number: 'int', title: 'string', model: 'string', requester: 'string', phase: 'string', reason: 'string' },
} as const satisfies NameTypes;

/** What expressions of a template for that kind may name. */
export function namesOfNotice(kind: NoticeKind): NameTypes {
  if (kind.startsWith('run.')) return ofRuns;
  return kind.startsWith('change.') ? ofChanges : everywhere;
}
