// mainstay change plan CHANGE|FILE.yaml [--model M …]
import type { Command } from 'commander';

import type { ChangePreview as Preview, PlannedPreview } from '../../../../activities/changes/preview';
import { ChangePreview } from '../../../api/change-schema';
import { apiPath } from '../../../typed/path';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { Unsuccessful } from '../../failure';
import { printJson, styled } from '../../terminal';
import type { Terminal } from '../../terminal';
import { countText, durationText } from '../../wording';
import { utcText } from '../calendar/times';
import type { ActOptions } from './act';
import { completeDraft, draftOfFile, withDraft } from './draft';
import type { DraftOptions } from './draft';

type Options = ActOptions & DraftOptions;

export function registerChangePlan(change: Command, cli: Cli): void {
  withDraft(
    withPerson(
      change
        .command('plan')
        .description(
          'what submitting would say now: plan, risk, approvers, window, conflicts; nothing is kept and nobody is asked',
        )
        .addHelpText('after', examples('mainstay change plan CHG-12', 'mainstay change plan upgrade.yaml --as anna')),
    ),
  )
    .argument('[what]', 'CHG-12, 12, an id, or a draft as YAML; without it the options are the draft')
    .action((what: string | undefined, options: Options) => plan(cli, what, options));
}

/** Exit code 1 when it would be refused. */
async function plan(cli: Cli, what: string | undefined, options: Options): Promise<void> {
  const preview = await previewOf(cli, what, options);
  if (options.json === true) printJson(cli.terminal, preview);
  else for (const line of previewText(preview, cli.terminal)) cli.terminal.out(line);
  if (preview.problems.length > 0) throw new Unsuccessful('it would be refused');
}

async function previewOf(cli: Cli, what: string | undefined, options: Options): Promise<Preview> {
  if (what !== undefined && !/\.ya?ml$/i.test(what)) {
    const api = await cli.connect(options);
    return api.get(apiPath`/changes/${what}/plan`, {}, ChangePreview);
  }
  const draft = completeDraft(draftOfFile(cli, what, options), options);
  const api = await cli.connect(options);
  return api.post('/changes/plan', { body: { draft, requester: cli.person(options.as) } }, ChangePreview);
}

function previewText({ problems, planned }: Preview, terminal: Terminal): readonly string[] {
  return [
    ...(planned === null ? [] : plannedText(planned)),
    ...(problems.length === 0
      ? [styled(terminal, 'green', 'It can be submitted')]
      : [
          styled(terminal, 'red', `It would be refused: ${countText(problems.length, 'problem')}`),
          ...problems.map(({ code, message }) => `  ${code}: ${message}`),
        ]),
  ];
}

function plannedText({
  model,
  assessment,
  plan,
  items,
  times,
  approvers,
  conflicts,
}: PlannedPreview): readonly string[] {
  const { work, source, definition } = plan;
  return [
    `${definition.title} (${definition.name} ${definition.version}) on ${countText(plan.hosts, 'host')}`,
    `  plan       ${plan.planHash}`,
    `  model      ${model.name} ${model.version}, ${model.type}`,
    `  risk       ${assessment.risk} (score ${assessment.score})`,
    `  takes      ${durationText(work.p95Ms)}, and ${durationText(work.backOutP95Ms)} to go back (p95, from ${source})`,
    `  cutoff     nothing starts after ${utcText(times.cutoffAtMs)}`,
    `  T_decide   the duty manager is asked at ${utcText(times.askAtMs)}, the back-out starts at ${utcText(times.decideAtMs)}`,
    `  items      ${items.length === 0 ? 'none' : items.slice(0, 10).join(' ')}${items.length > 10 ? ` and ${items.length - 10} more` : ''}`,
    ...approvers.map(({ level, slot, quorum, candidates, people }) => {
      const names = people.length === 0 ? 'nobody' : people.slice(0, 8).join(', ');
      const more = people.length > 8 ? ` and ${people.length - 8} more` : '';
      return `  approval   ${level === slot ? level : `${level}/${slot}`}: ${quorum} of ${candidates.join(', ')}: ${names}${more}`;
    }),
    `  conflicts  ${conflicts.verdict}`,
    ...conflicts.lines.map((line) => `    ${line}`),
  ];
}
