import type { ReactNode } from 'react';
import { useEffect } from 'react';

export interface PageProps {
  readonly title: string;
  /** In place of the title where it is more than words. */
  readonly heading?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, heading, actions, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Mainstay`;
  }, [title]);
  return (
    <>
      <header className="page-head">
        <h1>{heading ?? title}</h1>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page, a landmark of its own. */
export function Section({ title, aside, children }: SectionProps): ReactNode {
  return (
    <section className="section" aria-label={title}>
      <header className="section-head">
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
