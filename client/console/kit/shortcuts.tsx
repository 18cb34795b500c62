import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';

import { leaveRow, moveRow } from '../shell/list-keys';
import { navigation } from '../shell/navigation';
import { Dialog } from './dialog';

/** How long `g` waits for the letter that says where to. */
const chordMs = 1_200;

/** Keys that work everywhere; `?` lists them. */
export function Shortcuts(): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const navigate = useNavigate();
  const chordUntil = useRef(0);
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      // A dialog has the page to itself.
      if (document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'Escape') leaveRow(event.composedPath()[0]);
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const goal = navigation.find(({ key }) => key === event.key);
      if (performance.now() < chordUntil.current && goal !== undefined) void navigate({ to: goal.to });
      chordUntil.current = event.key === 'g' ? performance.now() + chordMs : 0;
      if (event.key === '?') setIsOpen(true);
      if (event.key === 'j') moveRow(1);
      if (event.key === 'k') moveRow(-1);
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
        if (search !== null) event.preventDefault();
        search?.focus();
      }
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate]);
  return (
    <Dialog title="Keyboard" isOpen={isOpen} onClose={() => setIsOpen(false)}>
      <dl className="keys">
        <Key keys="Ctrl K" text="Do something here, or find a page, a run, a definition" />
        <Key keys="j k" text="Next and previous row of a list" />
        <Key keys="Enter" text="Open it" />
        <Key keys="Esc" text="Close, or leave the row or the search" />
        <Key keys="/" text="Search in the list" />
        {navigation.map(({ key, title }) => (
          <Key key={key} keys={`g ${key}`} text={title} />
        ))}
        <Key keys="?" text="This list" />
      </dl>
    </Dialog>
  );
}

function Key({ keys, text }: { readonly keys: string; readonly text: string }): ReactNode {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{text}</dd>
    </div>
  );
}

/** Letters belong to whoever writes. */
function isTyping(event: KeyboardEvent): boolean {
  // Of what stands in a shadow root, as the editor does, the event itself tells no more than the host.
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
