import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useState } from 'react';

import { wording } from '../wording';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Long enough to be read twice. */
const shownMs = 6_000;

/** Tells that something was done; what was refused stays where it was asked for. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const dismiss = useCallback((id: number) => setToasts((now) => now.filter((toast) => toast.id !== id)), []);
  const tell = useCallback(
    (text: string) => {
      const id = performance.now();
      setToasts((now) => [...now.slice(-3), { id, text }]);
      window.setTimeout(() => dismiss(id), shownMs);
    },
    [dismiss],
  );
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text }) => (
          <div key={id} className="toast">
            {text}
            <button
              type="button"
              className="button button-quiet"
              aria-label={wording.dismiss}
              onClick={() => dismiss(id)}
            >
              ✕
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
