import { useMutation } from '@tanstack/react-query';

import type { AnswerOf } from '../../../typed/types';
import { readApi } from '../../api';
import type { ApiProblem } from '../../api';
import type { DraftForm } from './draft-model';
import { instantOf } from '../../kit/wall-time';
import { lengthOf, windowFrom } from './window-model';

interface NextSlot {
  /** Why nobody can say; null: it can be asked for. */
  readonly refused: string | null;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** What was found. */
  readonly text: string;
  readonly find: (take: (window: Pick<DraftForm, 'start' | 'end'>) => void) => void;
}

type Slots = AnswerOf<'GET /calendars/:name/slots'>;

/** The next stretch in which all calendars of the model have room for the window, from its start on. */
export function useNextSlot(calendars: readonly string[], form: DraftForm): NextSlot {
  const [first, ...others] = calendars;
  const lengthMs = lengthOf(form);
  const search = useMutation<Slots, ApiProblem, string>({
    mutationFn: (name) =>
      readApi('GET /calendars/:name/slots', {
        params: { name },
        query: {
          from: instantOf(form.start, form.zone),
          length: `${Math.ceil((lengthMs ?? 0) / 60_000)}m`,
          count: 1,
          ...(others.length === 0 ? {} : { and: others.join(',') }),
        },
      }),
  });
  return {
    refused: first === undefined ? 'The model has no calendars: every time is free of them.' : null,
    isBusy: search.isPending,
    error: search.error,
    text: search.data?.slots.length === 0 ? 'Within a year there is none.' : '',
    find(take) {
      if (first === undefined || lengthMs === null) return;
      search.mutate(first, {
        onSuccess({ slots: [slot] }) {
          if (slot !== undefined) take(windowFrom(slot.startMs, lengthMs, form.zone));
        },
      });
    },
  };
}
