import type { PageAction } from './command-model';

/** Asked when it is needed: a page does not announce its buttons. */
export function pageActions(): readonly PageAction[] {
  const found = document.querySelectorAll<HTMLElement>('.page-actions a, .page-actions button');
  return [...found].map((element) => ({
    title: element.textContent.trim(),
    refused: element.getAttribute('aria-disabled') === 'true' ? reasonOf(element) : null,
    act() {
      // What it opens gives the focus back to it.
      element.focus();
      element.click();
    },
  }));
}

function reasonOf(element: HTMLElement): string {
  const id = element.getAttribute('aria-describedby');
  return (id === null ? null : document.getElementById(id)?.textContent) ?? 'Not now.';
}
