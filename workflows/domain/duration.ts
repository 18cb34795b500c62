/** What a text that should be a duration turned out to be. Calendar days have no fixed length and are a kind of their own. */
export type ParsedDuration =
  | { readonly kind: 'ms'; readonly ms: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'invalid'; readonly reason: string };

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;

/** A longer wait is a mistake in a unit rather than a plan: ten years. */
const longestMs = 10 * 366 * 24 * hourMs;

const isoTime = /^PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?$/;
const isoDays = /^P(?:(\d{1,6})W|(\d{1,6})D)$/;
const short = /^(\d{1,9})(ms|s|m|h)$/;
const shortUnitMs = { ms: 1, s: secondMs, m: minuteMs, h: hourMs } as const;

/** ISO 8601 (`PT10M`) or the short form `10m`. `1d` is refused: a day is not 24 hours twice a year. */
export function parseDuration(text: string): ParsedDuration {
  const days = isoDays.exec(text);
  if (days !== null) return { kind: 'days', days: Number(days[1] ?? 0) * 7 + Number(days[2] ?? 0) };
  const ms = milliseconds(text);
  if (ms === null) return { kind: 'invalid', reason: invalidReason(text) };
  if (ms > longestMs) return { kind: 'invalid', reason: 'it is longer than ten years' };
  return { kind: 'ms', ms };
}

/** `PT1H30M`; `PT0S` for nothing. The shortest form, so that equal durations are equal texts. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  const hours = Math.floor(ms / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  const seconds = (ms % minuteMs) / secondMs;
  const parts = [hours > 0 ? `${hours}H` : '', minutes > 0 ? `${minutes}M` : '', seconds > 0 ? `${seconds}S` : ''];
  const time = parts.join('');
  return time === '' ? 'PT0S' : `PT${time}`;
}

function milliseconds(text: string): number | null {
  const brief = short.exec(text);
  if (brief !== null) {
    const unit = brief[2];
    if (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h') return null;
    return Number(brief[1]) * shortUnitMs[unit];
  }
  const iso = isoTime.exec(text);
  if (iso === null || text === 'PT') return null;
  return Number(iso[1] ?? 0) * hourMs + Number(iso[2] ?? 0) * minuteMs + Math.round(Number(iso[3] ?? 0) * secondMs);
}

function invalidReason(text: string): string {
  if (/^\d+d$/.test(text))
    return 'a day is not 24 hours twice a year: write 24h, or P1D where calendar days are accepted';
  if (/^P\d+D?T/.test(text)) return 'days and hours cannot be mixed';
  if (/^P\d+[YM]$/.test(text)) return 'years and months have no fixed length';
  return 'expected ISO 8601 such as PT10M, or a short form such as 10m, 24h, 30s';
}
