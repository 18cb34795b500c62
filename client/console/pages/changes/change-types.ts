import type { AnswerOf } from '../../../typed/types';

export type ChangeView = AnswerOf<'GET /changes/:ref'>;
export type ChangePreview = AnswerOf<'GET /changes/:ref/plan'>;
export type ChangeModel = AnswerOf<'GET /change-models'>['models'][number];
