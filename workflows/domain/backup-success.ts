import { nearestRank } from './estimate';
import { versionProblem } from './tool-version';

export interface BackupResult {
  readonly exitCode: number;
  /** What the tool calls the backup; empty: it named none. */
  readonly setId: string;
  readonly sizeBytes: number;
  /** V1 was reached. */
  readonly verified: boolean;
  readonly toolVersion: string;
  readonly serverVersion: string;
}

/** What a backup is held against. */
export interface SizeTrend {
  /** Of the backups that succeeded, oldest first. */
  readonly earlierBytes: readonly number[];
  /** How far off the trend is still right; that much included. */
  readonly tolerancePercent: number;
}

export type SuccessTest = 'exit-code' | 'not-empty' | 'size-trend' | 'verified' | 'versions';

export interface FailedTest {
  readonly test: SuccessTest;
  readonly text: string;
}

export const defaultTolerancePercent = 30;

/** Older ones say nothing about how large the source is now. */
const trendBackups = 7;

/** R-BKP-11: a backup succeeded when nothing is answered. Every test is made, so that one failure does not hide another. */
export function failedTests(result: BackupResult, trend: SizeTrend): readonly FailedTest[] {
  const failed: FailedTest[] = [];
  const { exitCode, verified } = result;
  if (exitCode !== 0) failed.push({ test: 'exit-code', text: `the tool ended with exit code ${exitCode}` });
  const empty = emptyText(result);
  if (empty !== null) failed.push({ test: 'not-empty', text: empty });
  const offTrend = result.sizeBytes > 0 ? offTrendText(result.sizeBytes, trend) : null;
  if (offTrend !== null) failed.push({ test: 'size-trend', text: offTrend });
  if (!verified) failed.push({ test: 'verified', text: 'it was not verified at V1' });
  const versions = versionProblem({ tool: result.toolVersion, server: result.serverVersion });
  if (versions !== null) failed.push({ test: 'versions', text: versions });
  return failed;
}

/** The size that the next backup is expected to have: the median of the last ones; null while there are none. */
export function trendOf(earlierBytes: readonly number[]): number | null {
  const recent = earlierBytes.slice(-trendBackups).toSorted((a, b) => a - b);
  return recent.length === 0 ? null : nearestRank(recent, 50);
}

function emptyText({ setId, sizeBytes }: BackupResult): string | null {
  if (setId === '') return 'the tool named no backup';
  return sizeBytes > 0 ? null : 'it is empty';
}

function offTrendText(sizeBytes: number, { earlierBytes, tolerancePercent }: SizeTrend): string | null {
  const trendBytes = trendOf(earlierBytes);
  if (trendBytes === null || Math.abs(sizeBytes - trendBytes) * 100 <= trendBytes * tolerancePercent) return null;
  const percent = trendBytes === 0 ? '' : ` (${changeText(sizeBytes, trendBytes)})`;
  return `${sizeBytes} bytes are off the trend of ${trendBytes}${percent}, ±${tolerancePercent} % are allowed`;
}

function changeText(sizeBytes: number, trendBytes: number): string {
  const percent = Math.round(((sizeBytes - trendBytes) * 100) / trendBytes);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
