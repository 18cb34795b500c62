import type { ReactNode } from 'react';
import { useState } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { Button } from '../../kit/button';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useRead, useSend } from '../../use-api';
import { wording } from '../../wording';
import { ChannelChoice } from './channel-choice';
import { KindTable } from './kind-table';
import { digestProblem, kindsWithoutChannel, quietProblem, withChannels } from './preference-model';
import { TimeFields } from './time-fields';

type Notifications = AnswerOf<'GET /me/notifications'>;

/** What whoever is signed in wants to be told, how and when. */
export function NotificationsPage(): ReactNode {
  const query = useRead('GET /me/notifications', {});
  return (
    <Page title={wording.notifications}>
      <Loaded query={query}>{(found) => <Preferences found={found} />}</Loaded>
    </Page>
  );
}

function Preferences({ found: { preferences: kept, reachable, zone } }: { readonly found: Notifications }): ReactNode {
  const [preferences, setPreferences] = useState(kept);
  const [wasTried, setWasTried] = useState(false);
  const tell = useToast();
  const send = useSend('POST /me/notifications', {}, () => tell('You are told so from now on'));
  const [quiet, digest] = [quietProblem(preferences), digestProblem(preferences)];
  const isSound = quiet === null && digest === null && kindsWithoutChannel(preferences).length === 0;
  const chosen = { preferences, reachable };
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setWasTried(true);
        if (isSound) send.mutate(preferences);
      }}
    >
      <Section title="How you are told">
        {reachable.length === 0 && (
          <EmptyState title="Nothing reaches you">
            Mail, a chat, Teams, Matrix, ntfy or a webhook have to be set up, and your Person document has to say where
            you are found. Until then what waits for you stands on the first page.
          </EmptyState>
        )}
        <ChannelChoice
          title="Everything, unless said otherwise below"
          chosen={chosen}
          value={preferences.channels}
          onChange={(channels) =>
            setPreferences(channels === null ? { ...preferences, channels } : withChannels(preferences, null, channels))
          }
        />
      </Section>
      <TimeFields
        preferences={preferences}
        zone={zone}
        problems={wasTried ? { quiet, digest } : { quiet: null, digest: null }}
        onChange={setPreferences}
      />
      <KindTable chosen={chosen} onChange={setPreferences} />
      <Problem error={send.error} />
      {wasTried && !isSound && <p className="field-problem">Something above is not right yet.</p>}
      <Button type="submit" tone="primary" isBusy={send.isPending}>
        Save
      </Button>
    </form>
  );
}
