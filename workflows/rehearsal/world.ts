import type { ResolvedCalendar } from '../domain/calendar';
import { hostPath, segment } from '../domain/effect-path';
import { evaluateExpression } from '../domain/expression';
import { codeOfStatus, recordOfRow, replyOf } from '../domain/host-row';
import type { HostRow } from '../domain/journal';
import type { Json, JsonObject } from '../domain/json';
import { isJsonObject } from '../domain/json-shape';
import type { CancelReply, CancelRequest, OperationReply } from '../domain/operation';
import { judge, judgeSample, keepAsIs } from '../domain/outcome';
import type { Judged, Observed } from '../domain/outcome';
import { rowsNeeded, withHosts } from '../domain/roster';
import type { Scope } from '../domain/value';
import type { OperationCall } from '../effects';
import type { OperationPlan, PlanHost, Program } from '../runbook/plan';
import type { Part, VirtualClock } from './clock';
import { plannedCalls } from './planned';
import type { PlannedCall } from './planned';
import type { Outcome } from './schema';
import { scripted } from './script';
import type { Happening } from './script';
import { builtIn, expired, idOf, inWorker, keyOf, namesOf, renderProblem, rowOf, timedOut } from './unit';
import type { Unit } from './unit';

/** One effect that stands on a target: the same key is never applied twice. */
export interface Applied {
  readonly key: string;
  readonly step: string;
  readonly host: string | null;
  readonly phase: string;
  times: number;
}

export interface WorldScript {
  readonly program: Program;
  /** Hosts of each target set of the plan. */
  readonly hosts: { readonly [set: string]: readonly PlanHost[] };
  readonly outcomes: readonly Outcome[];
  /** Resolved for as long as the rehearsal can take. */
  readonly calendars?: readonly ResolvedCalendar[];
}

interface Job {
  readonly row: HostRow;
  readonly endsAt: number;
  killed: boolean;
  ended: boolean;
}

/** Targets that do what the script says, fenced as the real ones are: a call under a known key re-attaches to its job. */
export class ScriptedWorld {
  readonly rows: HostRow[] = [];
  readonly applied = new Map<string, Applied>();
  readonly problems: string[] = [];
  readonly #calls: ReadonlyMap<string, PlannedCall>;
  readonly #jobs = new Map<string, Job>();
  /** Newest first-phase rows of each host, by step id. */
  readonly #records = new Map<string, { [id: string]: Json }>();

  constructor(
    readonly script: WorldScript,
    readonly clock: VirtualClock,
  ) {
    this.#calls = plannedCalls(script.program);
  }

  async perform(call: OperationCall, part: Part): Promise<OperationReply> {
    const { request } = call;
    const planned = this.#plannedAt(request.at);
    const hosts = request.hosts === undefined ? [null] : this.#hosts(request.hosts.set, request.hosts.indices);
    const rows: (readonly HostRow[])[] = [];
    let failures = 0;
    for (let from = 0; from < hosts.length; from += request.parallel) {
      const group = hosts.slice(from, from + request.parallel);
      if (request.stopAfterFailures !== null && failures >= request.stopAfterFailures) {
        rows.push(...group.map(() => []));
        continue;
      }
      const ended = await this.#runGroup(call, { planned, group }, part);
      failures += ended.filter((each) => each.some(({ status }) => status === 'failed' || status === 'unknown')).length;
      rows.push(...ended);
    }
    return replyOf(rows, planned.keep, `rows:${request.path}@${request.generation}`);
  }

  cancelJobs({ request }: OperationCall<CancelRequest>): CancelReply {
    const hosts = request.hosts === undefined ? [null] : this.#hosts(request.hosts.set, request.hosts.indices);
    const planned = this.#plannedAt(request.at);
    let statuses = '';
    for (const host of hosts) {
      const jobs = this.#units(host, planned, request.path).map((unit) => this.#jobs.get(keyOf(request, unit)));
      statuses += jobs.some((job) => job !== undefined) ? this.#kill(jobs) : 'n';
    }
    return { statuses };
  }

  /** The scope with `steps.x.hosts` put in, as a worker does it. */
  withHosts(source: string, scope: Scope): Scope {
    const { sets, steps } = rowsNeeded(source, scope);
    const names = sets.map((set) => [set, (this.script.hosts[set] ?? []).map(({ name }) => name)] as const);
    const records = steps.map((step) => {
      const own = this.rows.filter((row) => row.step === step && row.phase === 'do');
      return [step, new Map(own.map((row) => [row.host, recordOfRow(row)]))] as const;
    });
    return withHosts(source, scope, { names: new Map(names), records: new Map(records) });
  }

  #kill(jobs: readonly (Job | undefined)[]): string {
    let code = 's';
    for (const job of jobs) {
      if (job === undefined) continue;
      if (job.endsAt > this.clock.now) {
        job.killed = true;
        code = 'c';
      } else if (code === 's') code = codeOfStatus(job.row.status);
    }
    return code;
  }

  #plannedAt(at: string): PlannedCall {
    const planned = this.#calls.get(at);
    if (planned === undefined) throw new Error(`Cannot rehearse: the plan has no step at "${at}"`);
    return planned;
  }

  #hosts(set: string, indices: readonly number[]): readonly PlanHost[] {
    return indices.map((index) => {
      const host = this.script.hosts[set]?.[index];
      if (host === undefined) throw new Error(`Cannot rehearse: target set "${set}" has no host ${index}`);
      return host;
    });
  }

  #units(host: PlanHost | null, planned: PlannedCall, path: string): readonly Unit[] {
    if (host === null) return [{ host, delegate: null, path }];
    const own = host.steps[planned.step?.at ?? '']?.delegates;
    if (planned.delegates === null) return [{ host, delegate: null, path: hostPath(path, host.name) }];
    const all = this.script.hosts[planned.delegates] ?? [];
    const delegates = own === undefined ? all : this.#hosts(planned.delegates, own);
    return delegates.map((delegate) => ({ host, delegate, path: hostPath(path, host.name, delegate.name) }));
  }

  async #runGroup(
    call: OperationCall,
    about: { planned: PlannedCall; group: readonly (PlanHost | null)[] },
    part: Part,
  ): Promise<readonly (readonly HostRow[])[]> {
    const { planned, group } = about;
    const jobs = group.map((host) =>
      this.#units(host, planned, call.request.path).map((unit) => this.#startOrAttach(call, planned, unit)),
    );
    const endsAt = Math.max(this.clock.now, ...jobs.flat().map((job) => job.endsAt));
    if (endsAt > this.clock.now) await this.clock.wait(part, () => false, endsAt);
    return jobs.map((list) => list.map((job) => this.#end(job)));
  }

  #startOrAttach(call: OperationCall, planned: PlannedCall, unit: Unit): Job {
    const key = keyOf(call.request, unit);
    const known = this.#jobs.get(key);
    if (known !== undefined) return known;
    const job = this.#start(call, planned, unit);
    this.#jobs.set(key, job);
    return job;
  }

  #start(call: OperationCall, planned: PlannedCall, unit: Unit): Job {
    const scope = this.#scopeOf(call, unit);
    const now = this.clock.now;
    const done = (judged: Partial<HostRow>, takesMs = 0): Job => ({
      row: rowOf(call, unit, { judged, now, takesMs }),
      endsAt: now + takesMs,
      killed: false,
      ended: false,
    });
    if (planned.condition !== null && call.request.phase === 'do') {
      const wanted = evaluateExpression(planned.condition, scope);
      if (!wanted.ok) return done({ status: 'failed', error: wanted.failure });
      if (wanted.value !== true) return done({ status: 'skipped' });
    }
    if (planned.step?.kind === 'assert' || planned.step?.kind === 'set') return done(inWorker(planned.step, scope));
    if (planned.operation === null) return done({ status: 'skipped' });
    if (call.request.check === true && planned.operation.effect !== 'read') return done({ status: 'skipped' });
    const refused = renderProblem(planned.operation, scope);
    if (refused !== null) return done({ status: 'failed', error: refused });
    return this.#carryOut(call, { planned, operation: planned.operation, unit, scope }, done);
  }

  #carryOut(
    call: OperationCall,
    about: { planned: PlannedCall; operation: OperationPlan; unit: Unit; scope: Scope },
    done: (judged: Partial<HostRow>, takesMs?: number) => Job,
  ): Job {
    const { planned, operation, unit, scope } = about;
    const context = { scope, keeping: keepAsIs };
    if (planned.probe !== null && call.request.phase === 'do') {
      const before = this.#observe(call, { operation: planned.probe, unit, phase: 'probe', sample: 'before' });
      const there = before === null ? null : judge(before.observed, planned.probe, context);
      if (there?.status === 'succeeded') return done({ ...there, changed: false }, before?.takesMs);
    }
    let takesMs = 0;
    let inRow = 0;
    for (let sample = 1; ; sample += 1) {
      const found = this.#observe(call, {
        operation,
        unit,
        phase: call.request.phase,
        sample: planned.poll === null ? null : String(sample),
      });
      if (found === null)
        return done({
          status: 'failed',
          error: { code: 'REHEARSAL_UNMATCHED', message: 'Cannot rehearse: no outcome matches' },
        });
      takesMs += found.takesMs;
      const judged =
        planned.metric === null
          ? judge(found.observed, operation, context)
          : judgeSample(found.observed, planned.metric, context);
      if (planned.poll === null && takesMs > operation.timeoutMs)
        return done({ ...judged, status: 'failed', error: timedOut(operation) }, operation.timeoutMs);
      if (planned.poll === null)
        return done(
          this.#probed(call, about, { judged, applied: found.applied }),
          Math.min(takesMs, operation.timeoutMs),
        );
      inRow = judged.status === 'succeeded' ? inRow + 1 : 0;
      if (inRow >= planned.poll.consecutive) return done(judged, takesMs);
      if (sample * planned.poll.everyMs > planned.poll.withinMs)
        return done({ ...judged, status: 'failed', error: expired }, planned.poll.withinMs);
      takesMs = Math.max(takesMs, sample * planned.poll.everyMs);
    }
  }

  /** A probe tells what a lost reply would have told: whether the effect stands. */
  #probed(
    call: OperationCall,
    about: { planned: PlannedCall; unit: Unit; scope: Scope },
    found: { judged: Judged; applied: boolean },
  ): Judged {
    const { judged, applied } = found;
    const { probe } = about.planned;
    if (judged.status !== 'unknown' || probe === null || call.request.phase !== 'do') return judged;
    const after = this.#observe(call, { operation: probe, unit: about.unit, phase: 'probe', sample: 'after' });
    const stands =
      after === null
        ? applied
        : judge(after.observed, probe, { scope: about.scope, keeping: keepAsIs }).status === 'succeeded';
    return stands ? { ...judged, status: 'succeeded', changed: true, error: null } : { ...judged, status: 'failed' };
  }

  #observe(
    call: OperationCall,
    about: { operation: OperationPlan; unit: Unit; phase: Happening['phase']; sample: string | null },
  ): { observed: Observed; takesMs: number; applied: boolean } | null {
    const { operation, unit, phase, sample } = about;
    const { request } = call;
    const step = idOf(request.path, unit);
    const path = sample === null ? unit.path : `${unit.path}/${segment('sample', sample)}`;
    const host = (unit.host ?? unit.delegate)?.name ?? null;
    const happening: Happening = {
      step,
      path,
      host,
      phase,
      attempt: request.generation,
      operation: operation.name,
      effect: operation.effect,
    };
    const { outcomes } = this.script;
    const named = outcomes.filter(({ step: name }) => name !== '*');
    const found =
      scripted(named, happening) ?? builtIn(operation, this.#scopeOf(call, unit)) ?? scripted(outcomes, happening);
    if (found === null) {
      if (phase !== 'probe')
        this.problems.push(
          `Cannot rehearse step "${step}"${host === null ? '' : ` on ${host}`} (${phase}): no outcome matches`,
        );
      return null;
    }
    if (found.applied && operation.effect !== 'read')
      this.#apply(`${keyOf(request, unit)}${sample === null ? '' : `#${sample}`}`, { step, host, phase });
    return found;
  }

  #apply(key: string, about: Omit<Applied, 'key' | 'times'>): void {
    const known = this.applied.get(key);
    if (known === undefined) this.applied.set(key, { key, ...about, times: 1 });
    else known.times += 1;
  }

  #end(job: Job): HostRow {
    const row: HostRow = job.killed ? { ...job.row, status: 'cancelled' } : job.row;
    if (job.ended) return row;
    job.ended = true;
    this.rows.push(row);
    if (row.phase === 'do' && row.host !== '') {
      const records = this.#records.get(row.host) ?? {};
      records[row.step.split('/').at(-1) ?? ''] = recordOfRow(row);
      this.#records.set(row.host, records);
    }
    return row;
  }

  #scopeOf({ request }: OperationCall, { host, delegate }: Unit): Scope {
    const readsSteps = request.scope['steps'] !== undefined;
    const source = readsSteps ? JSON.stringify(this.#plannedAt(request.at).operation) : '';
    const scope = this.withHosts(source, request.scope);
    if (host === null) return scope;
    const records: JsonObject = this.#records.get(host.name) ?? {};
    const outer = scope['steps'];
    const steps = isJsonObject(outer) ? { ...outer, ...records } : records;
    return {
      ...scope,
      steps,
      host: { ...namesOf(host), steps: records },
      ...(delegate === null ? {} : { delegate: namesOf(delegate) }),
    };
  }
}
