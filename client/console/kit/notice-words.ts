import { noticeKinds } from '../../../workflows/domain/notice';
import type { Notice } from '../answers';
import type { StateWord } from '../state-words';

const states: { readonly [S in Notice['state']]: StateWord & { readonly meaning: string } } = {
  open: { word: 'Not decided', tone: 'neutral', meaning: 'Who is told, and by which way, is about to be decided.' },
  pending: { word: 'Waiting', tone: 'wait', meaning: 'It is sent as soon as its time has come.' },
  sent: {
    word: 'Sent',
    tone: 'good',
    meaning: 'It was handed over. Nobody knows whether it has arrived, or was read.',
  },
  failed: { word: 'Failed', tone: 'bad', meaning: 'It could not be handed over.' },
  dropped: { word: 'Not sent', tone: 'neutral', meaning: 'There was no reason left to send it.' },
};

export function noticeWord(state: Notice['state']): StateWord & { readonly meaning: string } {
  return states[state];
}

/** Of what somebody is told: `A vote or an answer of yours is wanted`. */
export function noticeKindWords(kind: Notice['kind']): string {
  return noticeKinds[kind].words;
}
