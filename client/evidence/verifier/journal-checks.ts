import { createHash } from 'node:crypto';

import { materialHashOf } from '../../../definitions/plan-hash';
import { isSignedBy } from '../../../platform/store/signing-key';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { signedOf } from '../format';
import type { PlanPart } from '../format';
import { isObject, memberOf, textIn } from '../payload';
import type { EvidenceSummary } from '../summary';
import { holds, open, wrong } from './finding';
import type { Finding } from './finding';
import type { EvidenceFile } from './read';
import type { Trust } from './trust';

/** The entries by themselves, and against what the trailer says of them. */
export function* journal({ header, journal: chain, trailer }: EvidenceFile): Generator<Finding> {
  const verdict = chain.verdict({ count: trailer.count, hash: trailer.head });
  if (!verdict.ok) for (const { kind, message, seq } of verdict.problems) yield wrong(kind, message, seq);
  // Entries of another stream than the first are named by the chain; here all of them may be of another than the header says.
  if (chain.stream !== null && chain.stream !== header.stream)
    yield wrong('added', `Cannot place entry 1: it is of the stream "${chain.stream}"`, 1);
  yield holds(`${chain.count} entries are whole, in order and chained`);
}

/** A payload may be gone only where an entry says by whom. */
export function* redactions({ summary }: EvidenceFile): Generator<Finding> {
  for (const { seq, saidBy, actor, at, reason } of summary.redactions) {
    const when = at === null ? '' : ` on ${new Date(at).toISOString()}`;
    if (saidBy === null)
      yield wrong(
        'unexplained',
        `Cannot read entry ${seq}: its payload was taken out, and nothing in the journal says by whom`,
        seq,
      );
    else yield open(`the content of entry ${seq}: ${actor} took it out${when} (${reason})`);
  }
}

/** Every plan against its digest, its hash, and the entries that name it. */
export function* plans({ plans: found, summary }: EvidenceFile): Generator<Finding> {
  for (const plan of found) yield* planFindings(plan, summary);
  for (const { planHash, planDigest } of summary.plans) {
    if (!found.some(({ digest }) => digest === planDigest))
      yield open(`plan ${planHash}: the journal names it, the file does not have it`);
  }
}

function* planFindings({ digest, planHash, plan }: PlanPart, summary: EvidenceSummary): Generator<Finding> {
  const named = summary.plans.filter(({ planDigest }) => planDigest === digest);
  const { name, version } = definitionOf(plan);
  if (named.length === 0) yield wrong('contradiction', `Cannot place plan ${digest}: no entry names it`);
  for (const { seq, planHash: said } of named) {
    const message = `Cannot verify plan ${digest}: entry ${seq} says that its hash is ${said}`;
    if (bare(said) !== bare(planHash)) yield wrong('contradiction', message);
  }
  if (createHash('sha256').update(canonicalJson(plan), 'utf8').digest('hex') !== digest)
    yield wrong('contradiction', `Cannot verify plan ${digest}: its content has another digest`);
  if (!isObject(plan) || materialHashOf(plan) !== planHash)
    yield wrong('contradiction', `Cannot verify plan ${digest}: its content does not have the hash ${planHash}`);
  yield holds(`plan ${planHash} of ${name}@${version} is whole, and is the one that the journal names`);
}

function definitionOf(plan: PlanPart['plan']): { readonly name: string; readonly version: string } {
  const definition = memberOf(memberOf(plan, 'program'), 'definition');
  return { name: textIn(definition, 'name'), version: textIn(definition, 'version') };
}

/** Hashes are written with and without `sha256:` in front. */
function bare(hash: string): string {
  return hash.replace(/^sha256:/, '');
}

/** Which of the votes were given to a plan that is in the file. */
export function* votes({ plans: found, summary: { approvals } }: EvidenceFile): Generator<Finding> {
  const given = approvals.filter(({ planHash }) => found.some((plan) => bare(plan.planHash) === bare(planHash)));
  for (const { actor, choice, via, standing } of given)
    yield holds(`${actor} chose "${choice}" (${standing}, by ${via}) for a plan in this file`);
  const others = approvals.length - given.length;
  if (others > 0)
    yield open(`what ${others} votes were given to: they signed a hash of something that is not in this file`);
}

export function* outputs({ summary, attested: { lostOutputs } }: EvidenceFile): Generator<Finding> {
  const { count, sizeBytes } = summary.outputs;
  if (count === 0) return;
  yield holds(`${count} digests of output, of ${sizeBytes} bytes, are those of the journal`);
  yield open('the output itself: only its digests are in this file');
  if (lostOutputs.length > 0)
    yield open(`${lostOutputs.length} outputs: the installation says that it has them no more`, 'attested.lostOutputs');
}

/** The signature of the installation over the whole file. */
export function* seal({ header, trailer, sealed }: EvidenceFile, { key }: Trust): Generator<Finding> {
  const { lines, digest, count, head, publicKey, signature } = trailer;
  if (lines !== sealed.lines)
    yield wrong('missing', `Cannot verify the file: ${sealed.lines} lines are before the trailer, not ${lines}`);
  if (digest !== sealed.digest)
    yield wrong('changed', 'Cannot verify the file: its digest is not the one in the trailer');
  if (key !== undefined && key.trim() !== publicKey.trim())
    yield wrong('unsigned', 'Cannot verify signature: it is by another key than the trusted one');
  if (!isSignedBy(canonicalJson(signedOf(header, { lines, digest, count, head })), signature, publicKey))
    yield wrong('unsigned', 'Cannot verify signature: it does not fit this file');
  yield key === undefined
    ? open('whose key has signed: name the one that you trust with --key FILE', 'trailer.publicKey')
    : holds('the signature is by the trusted key');
}

/** What has no other witness than the installation. */
export function* words({ header, attested: { calendars }, summary, checkpoint }: EvidenceFile): Generator<Finding> {
  yield open(
    `that it goes by the name "${header.name}", and was written so late by this version: the installation says so`,
    ...['name', 'mainstay', 'exportedAt'].map((member) => `header.${member}`),
  );
  const asked = new Set(summary.calendars.map(({ calendar, version }) => `${calendar}@${version}`));
  for (const { calendar, version } of calendars) {
    if (!asked.has(`${calendar}@${version}`))
      yield wrong('contradiction', `Cannot place calendar "${calendar}@${version}": the journal has not asked it`);
    else yield open(`the content of calendar ${calendar}@${version}: only its digest`, 'attested.calendars.digest');
  }
  if (checkpoint?.stamp != null)
    yield open(
      'the time stamp (RFC 3161) of the checkpoint: take it out with --stamp PREFIX, and check it with openssl',
      'checkpoint.stamp',
    );
}
