import { drillDecision } from '../domain/drill-verdict';
import type { DrillFacts, DrillStep } from '../domain/drill-verdict';
import type { DrillSelection } from '../domain/drill-selection';
import type { RecoveryTimes } from '../domain/recovery-objectives';
import type { JsonObject } from '../domain/json';
import { isInterruption } from '../effects';
import type { Here } from './here';
import type { DrillInForce, KnownSet, OperationWork } from './messages';
import type { Closing, PlaceSpec } from './place';
import { timed } from './step-times';
import type { StepTime } from './step-times';

export type DrillWork = Extract<OperationWork, { kind: 'drill' }>;

/** What every part of a drill is given. */
export interface Drilling extends Here {
  readonly work: DrillWork;
  readonly policy: DrillInForce;
  readonly record: DrillRecord;
}

/** What is drilled with. */
export interface Chosen {
  readonly set: KnownSet;
  /** All of the plan. */
  readonly sets: readonly KnownSet[];
  readonly manifest: JsonObject;
}

/** All that a drill has found out so far; changed between awaits only. */
export interface DrillRecord {
  facts: DrillFacts;
  selection: DrillSelection | null;
  set: KnownSet | null;
  readonly steps: StepTime[];
  measured: DrillMeasure | null;
  fingerprint: string;
  mutations: readonly MutationEvidence[];
  /** Null: nobody has looked yet. */
  leftovers: readonly string[] | null;
}

export interface DrillMeasure {
  readonly times: RecoveryTimes;
  readonly rtoMs: number | null;
  readonly rpoMs: number | null;
  /** Which figures these are, and how they stand against the objectives. */
  readonly recoveryTime: string;
  readonly recoveryPoint: string;
  readonly missed: readonly string[];
}

export interface MutationEvidence {
  readonly mutation: string;
  readonly what: string;
  readonly result: 'noticed' | 'unnoticed' | 'not-made' | 'left-out';
  /** What noticed it, or why it was left out. */
  readonly by: string;
}

export function newRecord({ targetMs }: DrillWork): DrillRecord {
  return {
    facts: blankFacts(targetMs),
    selection: null,
    set: null,
    steps: [],
    measured: null,
    fingerprint: '',
    mutations: [],
    leftovers: null,
  };
}

/** Nothing is known yet. */
export function blankFacts(targetMs: number): DrillFacts {
  return {
    interrupted: null,
    faulted: null,
    selected: null,
    opened: null,
    restored: null,
    replayed: null,
    targetMs,
    asserted: null,
    wantedLevels: [],
    mutations: [],
    isolation: null,
  };
}

/** One step, with its times; whoever interrupts it is noted as having done so there. */
export async function takeStep<T>(
  { step, name = step }: { readonly step: DrillStep; readonly name?: string },
  { record, state, effects }: Drilling,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await timed(name, { steps: record.steps, effects }, work);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') {
      const interrupted = { step, reason: state.calledOff ?? 'it was called off' };
      record.facts = { ...record.facts, interrupted: record.facts.interrupted ?? interrupted };
    }
    throw error;
  }
}

/** The surroundings failed; what failed first stands. */
export function fault(step: DrillStep, reason: string, { record }: Drilling): void {
  record.facts = { ...record.facts, faulted: record.facts.faulted ?? { step, reason } };
}

/** Nothing speaks against it so far. */
export function isSound({ record }: Drilling): boolean {
  return drillDecision(record.facts).verdict === 'PASS';
}

/** Of every place: what left one of them has left the drill. */
export function noteClosing(closing: Closing, isolate: boolean, drilling: Drilling): void {
  const { record } = drilling;
  const { sunk, escaped, leftovers, faults } = closing;
  const unseen = faults.map(({ step, reason }) => `nobody could ${step} it: ${reason}`);
  record.leftovers = [...(record.leftovers ?? []), ...leftovers, ...unseen];
  for (const { step, reason } of faults) fault(step, reason, drilling);
  if (!isolate || faults.some(({ step }) => step === 'close')) return;
  const { isolation } = record.facts;
  record.facts = {
    ...record.facts,
    isolation:
      isolation === null
        ? { sunk, escaped }
        : { sunk: Math.min(isolation.sunk, sunk), escaped: isolation.escaped + escaped },
  };
}

/** The first place of a drill has its id; those of its mutations have something to tell them apart. */
export function drillPlace({ policy, input }: Drilling, suffix = ''): PlaceSpec {
  const { host, inventory, directory: parent, isolate, identity } = policy;
  return { label: `${input.operation.id}${suffix}`, host, inventory, parent, isolate, identity: { ...identity } };
}
