/** The board of changes: columns by where a change stands, in the order in which a change passes them. */

export interface BoardColumn<C> {
  readonly title: string;
  readonly phases: readonly string[];
  /** What moves from here needs next; shown where the column is empty. */
  readonly teaches: string;
  readonly changes: readonly C[];
}

interface ColumnSpec {
  readonly title: string;
  readonly phases: readonly string[];
  readonly teaches: string;
}

export const boardColumns: readonly ColumnSpec[] = [
  { title: 'Draft', phases: ['draft'], teaches: 'Drafts wait here until somebody submits them.' },
  {
    title: 'Asking',
    phases: ['assessing', 'authorising'],
    teaches: 'Submitted changes wait here for assessors and approvers.',
  },
  { title: 'Scheduled', phases: ['scheduled'], teaches: 'Approved changes wait here for their window.' },
  { title: 'Held', phases: ['held'], teaches: 'A freeze, another change or a changed plan holds what stands here.' },
  {
    title: 'Under way',
    phases: ['implementing', 'backing-out'],
    teaches: 'The run of a change works while it stands here.',
  },
  {
    title: 'Review',
    phases: ['backed-out', 'back-out-failed', 'reviewing'],
    teaches: 'What was carried out waits here for its review.',
  },
  { title: 'Over', phases: ['closed', 'cancelled', 'expired'], teaches: 'Closed, cancelled and expired changes.' },
];

export function boardOf<C extends { readonly phase: string }>(changes: readonly C[]): readonly BoardColumn<C>[] {
  return boardColumns.map((column) => ({
    ...column,
    changes: changes.filter(({ phase }) => column.phases.includes(phase)),
  }));
}

/** One place of the line above a change: the way that it takes, and where it is on it. */
export interface Station {
  readonly title: string;
  readonly state: 'passed' | 'here' | 'ahead' | 'left-out';
}

const way = [
  { title: 'Draft', phases: ['draft'] },
  { title: 'Assessing', phases: ['assessing'] },
  { title: 'Authorising', phases: ['authorising'] },
  { title: 'Scheduled', phases: ['scheduled', 'held'] },
  { title: 'Implementing', phases: ['implementing'] },
  { title: 'Reviewing', phases: ['backing-out', 'backed-out', 'back-out-failed', 'reviewing'] },
  { title: 'Closed', phases: ['closed', 'cancelled', 'expired'] },
] as const;

/** By type a change leaves stations out: a standard one asks nobody, an emergency is not assessed. */
export function stationsOf(phase: string, type: string | null): readonly Station[] {
  const here = way.findIndex(({ phases }) => phases.some((known) => known === phase));
  const skipped = leftOut(type);
  return way.map(({ title }, index) => ({
    title,
    state: index === here ? 'here' : skipped.includes(title) ? 'left-out' : index < here ? 'passed' : 'ahead',
  }));
}

function leftOut(type: string | null): readonly string[] {
  if (type === 'standard') return ['Assessing', 'Authorising'];
  return type === 'emergency' ? ['Assessing'] : [];
}
