import type { ReactNode } from 'react';

import type { NoticePreferences } from '../../../../workflows/domain/notice-delivery';
import { Field } from '../../kit/field';
import { Section } from '../../kit/page';

export interface TimeFieldsProps {
  readonly preferences: NoticePreferences;
  /** IANA name. */
  readonly zone: string;
  readonly problems: { readonly quiet: string | null; readonly digest: string | null };
  readonly onChange: (preferences: NoticePreferences) => void;
}

const night = { from: '22:00', to: '07:00' };

/** When: quiet hours, and what is gathered. */
export function TimeFields(props: TimeFieldsProps): ReactNode {
  return (
    <Section title="When you are told">
      <div className="form">
        <QuietFields {...props} />
        <DigestFields {...props} />
      </div>
    </Section>
  );
}

function QuietFields({ preferences, zone, problems, onChange }: TimeFieldsProps): ReactNode {
  const { quiet } = preferences;
  return (
    <fieldset>
      <legend>Quiet hours</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={(event) => onChange({ ...preferences, quiet: event.target.checked ? night : null })}
        />{' '}
        Keep quiet for some hours of each day
      </label>
      {quiet !== null && (
        <div className="form">
          <Field title="From" hint={`By the clock of ${zone}`} problem={problems.quiet}>
            {(control) => (
              <input
                {...control}
                type="time"
                value={quiet.from}
                onChange={(event) => onChange({ ...preferences, quiet: { ...quiet, from: event.target.value } })}
              />
            )}
          </Field>
          <Field title="To" hint="What comes up meanwhile is told then; what is urgent comes at once">
            {(control) => (
              <input
                {...control}
                type="time"
                value={quiet.to}
                onChange={(event) => onChange({ ...preferences, quiet: { ...quiet, to: event.target.value } })}
              />
            )}
          </Field>
        </div>
      )}
    </fieldset>
  );
}

function DigestFields({ preferences, zone, problems, onChange }: TimeFieldsProps): ReactNode {
  const { digest, digestAt } = preferences;
  return (
    <>
      <Field title="What can wait" hint="Marked so below">
        {(control) => (
          <select
            {...control}
            value={digest}
            onChange={(event) => onChange({ ...preferences, digest: digestOf(event.target.value) })}
          >
            <option value="off">comes at once, one by one</option>
            <option value="hourly">comes every hour, all in one message</option>
            <option value="daily">comes once a day, all in one message</option>
          </select>
        )}
      </Field>
      {digest === 'daily' && (
        <Field title="Each day at" hint={`By the clock of ${zone}`} problem={problems.digest}>
          {(control) => (
            <input
              {...control}
              type="time"
              value={digestAt}
              onChange={(event) => onChange({ ...preferences, digestAt: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function digestOf(text: string): NoticePreferences['digest'] {
  return text === 'hourly' || text === 'daily' ? text : 'off';
}
