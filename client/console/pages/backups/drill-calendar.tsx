import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useNow } from '../../clock';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { Calendar, useShownDays } from '../../kit/calendar';
import type { CalendarDayContent } from '../../kit/calendar';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { useZone } from '../../kit/time';
import { wallAt } from '../../kit/zone-days';
import { useRead } from '../../use-api';
import { drillWord } from './backup-words';
import { daysAhead, drillsByDay } from './drill-days';
import type { DayDrill } from './drill-days';

const fields: readonly FilterField[] = [{ kind: 'text', name: 'service', title: 'Service', placeholder: 'shop' }];

/** Drills that were, by their verdicts, and drills to come. */
export function DrillCalendar(): ReactNode {
  const [{ service = '' }] = useFilters();
  const zone = useZone();
  const shown = useShownDays();
  const now = useNow();
  const query = useRead('GET /backup-drills', { query: { days: daysAhead(shown.endMs, now) } }, { keep: true });
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {(drills) => {
          const days = drillsByDay(drills, { zone, service });
          return <Calendar label="Calendar of drills" shown={shown} day={(date) => contentOf(days.get(date) ?? [])} />;
        }}
      </Loaded>
    </>
  );
}

function contentOf(drills: readonly DayDrill[]): CalendarDayContent {
  return {
    label: drills.length === 1 ? '1 drill' : `${drills.length} drills`,
    content: (
      <ul>
        {drills.map((drill) => (
          <li key={`${drill.plan}-${drill.atMs}`}>
            <Drill drill={drill} />
          </li>
        ))}
      </ul>
    ),
  };
}

function Drill({ drill: { plan, service, atMs, operation, verdict } }: { readonly drill: DayDrill }): ReactNode {
  const zone = useZone();
  const time = wallAt(atMs, zone).slice(11);
  if (operation === null)
    return (
      <Link to="/backups/$plan" params={{ plan }} className="calendar-change tone-neutral">
        {time} {service}
      </Link>
    );
  const { word, tone } = drillWord(verdict ?? 'at work');
  return (
    <Link to="/backup-operations/$operation" params={{ operation }} className={`calendar-change tone-${tone}`}>
      {time} {service} <Badge tone={tone}>{word}</Badge>
    </Link>
  );
}
