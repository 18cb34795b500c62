import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';

import { wording } from '../wording';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot; the one that closes is always there. */
  readonly actions?: ReactNode;
  readonly isWide?: boolean;
}

/** The browser's own modal dialog: it keeps the focus inside and closes by Escape. */
export function Dialog({ title, isOpen, onClose, children, actions, isWide = false }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || !isOpen) return undefined;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    return () => {
      dialog.close();
      // The browser gives the focus back only where the dialog still stands in the page.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [isOpen]);
  return (
    <dialog ref={ref} className={isWide ? 'dialog dialog-wide' : 'dialog'} aria-labelledby={titleId} onClose={onClose}>
      {isOpen && (
        <>
          <h2 id={titleId}>{title}</h2>
          <div className="dialog-body">{children}</div>
          <footer className="dialog-foot">
            <button type="button" className="button button-plain" onClick={onClose}>
              {wording.close}
            </button>
            {actions}
          </footer>
        </>
      )}
    </dialog>
  );
}
