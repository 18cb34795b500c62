import type { AttestedPart } from '../format';
import type { EvidenceSummary } from '../summary';
import { checkpointFindings } from './checkpoint-findings';
import { bare } from './contents';
import type { Parts } from './sort-parts';
import type { Trust } from './trust';

interface Findings {
  readonly verified: readonly string[];
  readonly notVerified: readonly string[];
}

/** What a file without problems proves, and what it does not. */
export function findings(parts: Parts, trust: Trust): Findings {
  const [summary] = parts.summaries;
  const [attested] = parts.attested;
  if (summary === undefined || attested === undefined) return { verified: [], notVerified: [] };
  const all = [
    ofJournal(parts, summary),
    ofPlans(parts, summary),
    ofApprovals(parts, summary),
    ofOutputs(summary, attested),
    ofAttested(attested),
    checkpointFindings(parts, trust.checkpoints ?? null),
    ofKey(trust),
  ];
  return {
    verified: all.flatMap(({ verified }) => verified),
    notVerified: all.flatMap(({ notVerified }) => notVerified),
  };
}

function ofJournal({ entries }: Parts, { redactions }: EvidenceSummary): Findings {
  const said = redactions.map(
    ({ seq, actor, at, reason }) =>
      `the content of entry ${seq}: ${actor} took it out${at === null ? '' : ` on ${new Date(at).toISOString()}`} (${reason})`,
  );
  return { verified: [`${entries.length} entries are whole, in order and chained`], notVerified: said };
}

function ofPlans({ plans }: Parts, summary: EvidenceSummary): Findings {
  const missing = summary.plans.filter(({ planDigest }) => !plans.some(({ digest }) => digest === planDigest));
  return {
    verified: plans.map(({ planHash }) => `plan ${planHash} is whole, and is the one that the journal names`),
    notVerified: missing.map(({ planHash }) => `plan ${planHash}: the journal names it, the file does not have it`),
  };
}

function ofApprovals({ plans }: Parts, { approvals }: EvidenceSummary): Findings {
  const given = approvals.filter(({ planHash }) => plans.some((plan) => bare(plan.planHash) === bare(planHash)));
  const others = approvals.length - given.length;
  return {
    verified: given.map(
      ({ actor, choice, via, standing }) =>
        `${actor} chose "${choice}" (${standing}, by ${via}) for a plan in this file`,
    ),
    notVerified:
      others === 0
        ? []
        : [`what ${others} votes were given to: they signed a hash of something that is not in this file`],
  };
}

function ofOutputs({ outputs }: EvidenceSummary, { outputs: kept }: AttestedPart): Findings {
  if (outputs.length === 0) return { verified: [], notVerified: [] };
  const lost = kept.filter((output) => output.kept !== 'whole').length;
  return {
    verified: [`${outputs.length} digests of output are those of the journal`],
    notVerified: [
      'the output itself: only its digests are in this file',
      ...(lost === 0 ? [] : [`${lost} outputs: the installation says that it has them no more`]),
    ],
  };
}

function ofAttested({ children, definitions }: AttestedPart): Findings {
  return {
    verified: [],
    notVerified: [
      ...children.map(({ name }) => `the journal of ${name}: the file has its head only, export it by itself`),
      ...(definitions.length === 0 ? [] : [`${definitions.length} versions of definitions: the installation says so`]),
    ],
  };
}

function ofKey({ key }: Trust): Findings {
  return key === undefined
    ? { verified: [], notVerified: ['whose key has signed: name the one that you trust with --key FILE'] }
    : { verified: ['the signature is by the trusted key'], notVerified: [] };
}
