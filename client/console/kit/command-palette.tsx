import { useNavigate } from '@tanstack/react-router';
import type { KeyboardEvent as ReactKeyboardEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';

import type { Command } from '../shell/command-model';
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
    switch (command.goal.kind) {
      case 'page':
        onDone();
        return void navigate({ href: command.goal.href });
      case 'action':
        onDone();
        // Closed first: what it opens may be a dialog of its own, and gets the focus.
        return void window.setTimeout(command.goal.act);
      case 'refused':
        return;
    }
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
        placeholder="Action, page, number, runbook …"
        value={text}
        onKeyDown={press}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Found">
        {commands.map((command, index) => (
          <Option
            key={`${command.kind} ${command.title}`}
            id={`palette-${index}`}
            command={command}
            isChosen={index === chosen}
            onChoose={() => go(index)}
          />
        ))}
      </ul>
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Option({ id, command: { kind, title, goal }, isChosen, onChoose }: OptionProps): ReactNode {
  const isRefused = goal.kind === 'refused';
  return (
    <li id={id} role="option" aria-selected={isChosen} aria-disabled={isRefused || undefined} onClick={onChoose}>
      {title} <span className="muted">{kind}</span>
      {isRefused && <div className="muted small">{goal.reason}</div>}
    </li>
  );
}
