import { windowOfDraft } from '../domain/change-window';
import type { ChangeWindow } from '../domain/window';
import type { ChangeDraft } from './schema';
import type { ChangeState } from './state';

export function initialState(draft: ChangeDraft): ChangeState {
  return {
    phase: 'draft',
    draft,
    window: windowOf(draft),
    model: null,
    assessment: null,
    plan: null,
    signed: null,
    hash: '',
    approval: null,
    freeze: { desk: null, asked: [], passed: [] },
    extension: null,
    hold: null,
    run: null,
    tasks: {},
    acts: [],
    replies: {},
    news: 0,
    said: {},
    counters: { tasks: 0, states: 0, plans: 0, facts: 0 },
    review: null,
    outcome: null,
    flags: { overrun: false, unauthorised: false, unregularised: false, late: false },
  };
}

export function windowOf({ window }: ChangeDraft): ChangeWindow {
  return windowOfDraft(window);
}
