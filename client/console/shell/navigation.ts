import { wording } from '../wording';

/** Where one can go from everywhere: side bar, palette and `g` shortcuts read it. */
export const navigation = [
  { to: '/', title: wording.nav.home, key: 'h' },
  { to: '/runs', title: wording.nav.runs, key: 'r' },
  { to: '/tasks', title: wording.nav.tasks, key: 't' },
  { to: '/changes', title: wording.nav.changes, key: 'c' },
  { to: '/backups', title: wording.nav.backups, key: 'b' },
  { to: '/definitions', title: wording.nav.definitions, key: 'd' },
  { to: '/inventory', title: wording.nav.inventory, key: 'i' },
  { to: '/schedules', title: wording.nav.schedules, key: 's' },
  { to: '/locks', title: wording.nav.locks, key: 'l' },
  { to: '/audit', title: wording.nav.audit, key: 'a' },
  { to: '/access', title: wording.nav.access, key: 'p' },
] as const;
