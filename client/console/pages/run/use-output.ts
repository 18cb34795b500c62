import { useEffect, useRef, useState } from 'react';

import { apiUrl } from '../../api';
import type { OutputChunk } from '../../answers';
import { OutputBuffer } from './output-buffer';
import type { OutputLine } from './output-buffer';

export interface LiveOutput {
  readonly lines: readonly OutputLine[];
  readonly leftOut: number;
  /** `open`: more may come; `lost`: the line was cut, the browser tries again. */
  readonly state: 'connecting' | 'open' | 'lost' | 'ended';
}

export interface OutputOf {
  readonly runId: string;
  readonly step: string;
  readonly host: string;
}

const askAgainMs = 5_000;
const nothing: LiveOutput = { lines: [], leftOut: 0, state: 'connecting' };

/**
 * Output as it arrives. However many pieces a second come, the screen is drawn once for each of its frames; after a lost
 * line the browser brings back the last position, so nothing is missed and nothing comes twice.
 */
export function useOutput({ runId, step, host }: OutputOf): LiveOutput {
  const [shown, setShown] = useState<LiveOutput>(nothing);
  const frame = useRef(0);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setShown(nothing);
    const buffer = new OutputBuffer();
    const chosen = { ...(step === '' ? {} : { step }), ...(host === '' ? {} : { host }) };
    const address = apiUrl('GET /runs/:ref/logs/events', {
      params: { ref: runId },
      query: { lists: 'true', ...chosen },
    });
    const source = new EventSource(address);
    function draw(state: LiveOutput['state']): void {
      cancelAnimationFrame(frame.current);
      frame.current = requestAnimationFrame(() =>
        setShown({ lines: [...buffer.lines()], leftOut: buffer.leftOut(), state }),
      );
    }
    source.onopen = () => draw('open');
    let again = 0;
    source.onerror = () => {
      draw('lost');
      // A line that was cut is taken up again by the browser; one that was refused is not.
      if (source.readyState === EventSource.CLOSED)
        again = window.setTimeout(() => setAttempt((now) => now + 1), askAgainMs);
    };
    source.addEventListener('chunk', (event: MessageEvent<string>) => {
      const chunks: readonly OutputChunk[] = JSON.parse(event.data);
      buffer.add(chunks);
      draw('open');
    });
    source.addEventListener('end', () => {
      source.close();
      buffer.end();
      draw('ended');
    });
    return () => {
      cancelAnimationFrame(frame.current);
      window.clearTimeout(again);
      source.close();
    };
  }, [runId, step, host, attempt]);
  return shown;
}
