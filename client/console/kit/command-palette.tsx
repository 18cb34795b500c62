import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent as ReactKeyboardEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';

import { useCommands } from '../shell/commands';
import { Dialog } from './dialog';

/** Ctrl K: type a few letters, press Enter. */
export function CommandPalette(): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setIsOpen((now) => !now);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <Dialog title="Go to" isOpen={isOpen} onClose={() => setIsOpen(false)}>
      <Palette onDone={() => setIsOpen(false)} />
    </Dialog>
  );
}

function Palette({ onDone }: { readonly onDone: () => void }): ReactNode {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const commands = useCommands(text);
  const navigate = useNavigate();
  function go(index: number): void {
    const command = commands[index];
    if (command === undefined) return;
    onDone();
    void navigate({ href: command.href });
  }
  function press(event: ReactKeyboardEvent): void {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) setChosen((now) => Math.min(commands.length - 1, Math.max(0, now + move)));
    if (event.key === 'Enter') go(chosen);
    if (move !== 0 || event.key === 'Enter') event.preventDefault();
  }
  return (
    <div className="palette">
      <input
        autoFocus
        type="search"
        role="combobox"
        aria-label="Find"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={commands[chosen] === undefined ? undefined : `palette-${chosen}`}
        placeholder="Page, run number, runbook …"
        value={text}
        onKeyDown={press}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Found">
        {commands.map((command, index) => (
          <li
            key={command.href}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => go(index)}
          >
            {command.title} <span className="muted">{command.kind}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
