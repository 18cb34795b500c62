import type { ReactNode } from 'react';

import type { Channel } from '../../../../workflows/domain/notice';
import { channelWords } from './channel-words';
import { offeredChannels, toggled } from './preference-model';
import type { Chosen } from './preference-model';

export interface ChannelChoiceProps {
  readonly title: string;
  readonly chosen: Chosen;
  /** Null: every one that reaches the person. */
  readonly value: readonly Channel[] | null;
  readonly onChange: (value: readonly Channel[] | null) => void;
}

/** Every channel, or some. */
export function ChannelChoice({ title, chosen, value, onChange }: ChannelChoiceProps): ReactNode {
  return (
    <fieldset>
      <legend>{title}</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={value === null}
          onChange={(event) => onChange(event.target.checked ? null : chosen.reachable)}
        />{' '}
        By everything that reaches me
      </label>
      {value !== null && <ChannelChecks chosen={chosen} value={value} onChange={onChange} />}
    </fieldset>
  );
}

export interface ChannelChecksProps {
  readonly chosen: Chosen;
  readonly value: readonly Channel[];
  readonly onChange: (value: readonly Channel[]) => void;
}

export function ChannelChecks({ chosen, value, onChange }: ChannelChecksProps): ReactNode {
  return offeredChannels(chosen).map((channel) => (
    <label key={channel} className="check">
      <input
        type="checkbox"
        checked={value.includes(channel)}
        onChange={(event) => onChange(toggled(value, channel, event.target.checked))}
      />{' '}
      {channelWords[channel]}
      {!chosen.reachable.includes(channel) && <span className="muted"> (does not reach you)</span>}
    </label>
  ));
}
