import type {
  AnswerRequest,
  ControlRequest,
  Engine,
  ResumeCommand,
  RunView,
  SignalRequest,
  StartRequest,
} from '../../../client/engine';
import type { RunRow, TaskRow } from '../../../platform/store/store';
import type { AnswerResult } from '../../../workflows/domain/task';
import type { ControlResult } from '../../../workflows/runbook/messages';
import { RequestError } from '../../../client/api/errors';

export interface FakeEngine extends Engine {
  readonly started: StartRequest[];
  readonly answers: AnswerRequest[];
  readonly controls: { readonly reference: string; readonly request: ControlRequest }[];
  readonly resumes: { readonly reference: string; readonly request: ResumeCommand }[];
  wakings: number;
  readonly signals: { readonly reference: string; readonly request: SignalRequest }[];
}

export interface FakeAnswers {
  readonly runs?: readonly RunRow[];
  readonly views?: readonly RunView[];
  readonly tasks?: readonly TaskRow[];
  readonly answer?: AnswerResult;
  readonly control?: ControlResult;
  readonly failure?: unknown;
}

/** Remembers what it was asked, and answers what it was told to. */
export function fakeEngine(given: FakeAnswers = {}): FakeEngine {
  const engine: FakeEngine = {
    started: [],
    answers: [],
    controls: [],
    resumes: [],
    signals: [],
    wakings: 0,
    async start(request) {
      fail();
      engine.started.push(request);
      return requireOne(given.runs?.[0]);
    },
    async show(reference) {
      return given.views?.find((view) => view.id === reference || String(view.number) === reference) ?? null;
    },
    async runs() {
      fail();
      return given.runs ?? [];
    },
    async tasks() {
      return given.tasks ?? [];
    },
    async answer(request) {
      engine.answers.push(request);
      return given.answer ?? { accepted: true, decided: true, choice: request.choice };
    },
    async control(reference, request) {
      engine.controls.push({ reference, request });
      return given.control ?? { accepted: true, state: 'paused' };
    },
    async resume(reference, request) {
      engine.resumes.push({ reference, request });
      return requireOne(given.runs?.[0]);
    },
    async wakeWaiting() {
      engine.wakings += 1;
    },
    async signal(reference, request) {
      engine.signals.push({ reference, request });
    },
  };
  function fail(): void {
    if (given.failure !== undefined) throw given.failure;
  }
  return engine;
}

function requireOne(run: RunRow | undefined): RunRow {
  if (run === undefined) throw new RequestError('RUN_NOT_FOUND', 'Cannot find run: none was given to the fake');
  return run;
}
