/** What stands in lists and leads somewhere, row by row as it is seen. */
function rowLinks(): readonly HTMLElement[] {
  const rows = document.querySelectorAll<HTMLElement>('main tbody tr, main .rows > li');
  return [...rows].flatMap((row) => row.querySelector<HTMLElement>('a[href]') ?? []);
}

/** Moves the focus to the next row of the lists on the page, or the one before; Enter then follows it as it does everywhere. */
export function moveRow(step: 1 | -1): void {
  const links = rowLinks();
  const at = links.findIndex((link) => link.closest('tr, li')?.contains(document.activeElement));
  const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
  links[next]?.scrollIntoView({ block: 'nearest' });
}

/** Leaves the row, or the search, that has the focus. */
export function leaveRow(target: EventTarget | undefined): void {
  const isSearch = target instanceof HTMLInputElement && target.type === 'search';
  if (isSearch || target instanceof HTMLAnchorElement) target.blur();
}
