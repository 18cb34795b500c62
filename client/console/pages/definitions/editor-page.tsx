import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Loaded } from '../../kit/loaded';
import { Page } from '../../kit/page';
import { useRead } from '../../use-api';
import { Editor } from './editor';
import { templateOf } from './template';
import { useFiles } from './use-files';

/** A definition that is there, or the beginning of a new one. */
export function EditorPage(): ReactNode {
  const [{ kind = 'Runbook', name }] = useFilters();
  return (
    <Page title={name === undefined ? `New ${kind}` : `Edit ${name}`}>
      {name === undefined ? (
        <Editor key={kind} text={templateOf(kind)} files={{}} newest={null} />
      ) : (
        <Published key={`${kind} ${name}`} kind={kind} name={name} />
      )}
    </Page>
  );
}

function Published({ kind, name }: { readonly kind: string; readonly name: string }): ReactNode {
  const [{ version }] = useFilters();
  const newest = useRead('GET /definitions/:kind/:name', { params: { kind, name } });
  const chosen = useRead('GET /definitions/:kind/:name', { params: { kind, name }, filters: { version } });
  const files = useFiles(chosen.data);
  return (
    <Loaded query={newest}>
      {(last) => (
        <Loaded query={chosen}>
          {({ text }) => files !== null && <Editor text={text} files={files} newest={last} />}
        </Loaded>
      )}
    </Loaded>
  );
}
