import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import { NoBackups } from './no-backups';
import type { PlanScore } from './backup-types';
import { drillWord, riskWord, trendText, verdictMeanings } from './backup-words';

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

/** One card for each service: what would be lost now, and what was proven. */
export function ScoreCards(): ReactNode {
  const [{ service }] = useFilters();
  const query = useRead('GET /backup-scores', { filters: { service } }, { keep: true });
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ scores }) =>
          scores.length === 0 ? (
            <NoBackups />
          ) : (
            <div className="columns">
              {scores.map((score) => (
                <Card key={score.plan} score={score} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function Card({ score }: { readonly score: PlanScore }): ReactNode {
  const { plan, service, card, sets } = score;
  const risk = riskWord(score);
  return (
    <Section
      title={service}
      aside={
        <Link to="/backups/$plan" params={{ plan }}>
          {plan}
        </Link>
      }
    >
      <p>
        <Badge tone={card.findings.length === 0 ? 'good' : 'bad'}>
          {card.findings.length === 0 ? 'All is well' : 'See to it'}
        </Badge>
      </p>
      {card.findings.length > 0 && (
        <ul className="findings">
          {card.findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <dt>Would be lost now</dt>
        <dd>
          <Badge tone={risk.tone}>{risk.word}</Badge>
        </dd>
        <dt>Last backup</dt>
        <dd>{scoredSet(card.lastBackup)}</dd>
        <dt>Last verified</dt>
        <dd>{scoredSet(card.lastVerified)}</dd>
        <dt>Last proven</dt>
        <dd>{scoredSet(card.lastProven)}</dd>
        <dt>Last drill</dt>
        <dd>
          <LastDrill card={card} />
        </dd>
        <dt>Time to recover</dt>
        <dd>{trendText(card.recoveryTime)}</dd>
        <dt>Data lost in drills</dt>
        <dd>{trendText(card.recoveryPoint)}</dd>
        <dt>Sets</dt>
        <dd>
          {sets}
          {card.broken.length > 0 && `, ${card.broken.length} broken`}
          {card.holds.length > 0 && `, ${card.holds.length} held`}
        </dd>
      </dl>
    </Section>
  );
}

function scoredSet(set: PlanScore['card']['lastBackup']): ReactNode {
  if (set === null) return 'none';
  return (
    <>
      <Time at={set.atMs} /> {set.level !== null && <span className="muted">{set.level}</span>}
    </>
  );
}

function LastDrill({ card: { lastDrill, lastPassAtMs } }: Pick<PlanScore, 'card'>): ReactNode {
  if (lastDrill === null) return 'none';
  const { word, tone } = drillWord(lastDrill.verdict);
  return (
    <>
      <Link
        to="/backup-operations/$operation"
        params={{ operation: lastDrill.id }}
        title={verdictMeanings[lastDrill.verdict]}
      >
        <Badge tone={tone}>{word}</Badge>
      </Link>{' '}
      {lastPassAtMs !== null && lastDrill.verdict !== 'PASS' && (
        <>
          passed <Time at={lastPassAtMs} />
        </>
      )}
    </>
  );
}
