import type { ReactNode } from 'react';

import { GrantText } from '../../kit/grant-text';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { useMe } from '../../me';

export function OwnAccess(): ReactNode {
  const me = useMe();
  return (
    <Section title="What I may do">
      <Loaded query={me}>
        {({ actor, name, via, grants, zone, installation }) => (
          <dl className="facts">
            <dt>I am</dt>
            <dd>
              {name} <span className="muted">{actor}</span>
            </dd>
            <dt>Known by</dt>
            <dd>{via}</dd>
            <dt>My roles</dt>
            <dd>
              <GrantText grants={grants} />
            </dd>
            <dt>Times are shown in</dt>
            <dd>{zone}</dd>
            <dt>Installation</dt>
            <dd className="mono">{installation}</dd>
          </dl>
        )}
      </Loaded>
    </Section>
  );
}
