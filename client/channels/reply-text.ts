/** What a person wrote above, between or below the text that the mail program quoted. */
export interface ReplyText {
  /** Null: the first word is none of ours. */
  readonly choice: 'approve' | 'reject' | 'abstain' | null;
  readonly firstLine: string;
  readonly comment: string;
}

const words: { readonly [word: string]: ReplyText['choice'] } = {
  approve: 'approve',
  approved: 'approve',
  reject: 'reject',
  rejected: 'reject',
  abstain: 'abstain',
};

/** The word may stand in quotes or in bold; a question mark makes it a question. */
const firstWord = /^[\s*_"'“„«]*([A-Za-z]+)[*_"'”“»]*(?:$|[\s.,;:!–—])\s*(.*)$/;
const longestComment = 2_000;
/** Nobody answers below so much quotation. */
const readUpTo = 256 * 1024;

export function readReply(text: string): ReplyText {
  const own = ownLines(text.slice(0, readUpTo).replaceAll('\r\n', '\n').replaceAll('\u00a0', ' ').split('\n'));
  const start = own.findIndex((line) => line.trim() !== '');
  const firstLine = own[start]?.trim() ?? '';
  const [, word = '', rest = ''] = firstWord.exec(firstLine) ?? [];
  const choice = Object.hasOwn(words, word.toLowerCase()) ? (words[word.toLowerCase()] ?? null) : null;
  const below = own
    .slice(start + 1)
    .join('\n')
    .trim();
  const comment = (choice === null ? '' : [rest.trim(), below].filter((part) => part !== '').join('\n')).slice(
    0,
    longestComment,
  );
  return { choice, firstLine, comment };
}

/** Without quoted lines, what introduces them, and what programs add below. */
function ownLines(lines: readonly string[]): readonly string[] {
  const own: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^\s*[>|]/.test(line)) continue;
    const introduced = introductionAt(lines, index);
    if (introduced > 0) {
      index += introduced - 1;
      // Not every program marks what it quotes: then all the rest is quoted.
      if (!isQuoteNext(lines, index + 1)) return own;
      continue;
    }
    if (isEnd(lines, index)) return own;
    own.push(line);
  }
  return own;
}

const introductions: readonly RegExp[] = [
  /^On\b.{6,300}\bwrote:\s*$/s,
  /^Am\b.{6,300}\bschrieb\b.{0,200}:\s*$/s,
  /^Le\b.{6,300}\ba écrit\s*:\s*$/s,
  /^El\b.{6,300}\bescribió:\s*$/s,
];
/** Programs break an introduction where the line gets long. */
const introductionLines = 3;

/** How many lines introduce a quotation here. */
function introductionAt(lines: readonly string[], index: number): number {
  for (let count = 1; count <= introductionLines; count += 1) {
    const text = lines
      .slice(index, index + count)
      .join('\n')
      .trim();
    if (introductions.some((introduction) => introduction.test(text))) return count;
  }
  return 0;
}

function isQuoteNext(lines: readonly string[], from: number): boolean {
  let next = from;
  while (lines[next]?.trim() === '') next += 1;
  return /^\s*[>|]/.test(lines[next] ?? '');
}

const endings: readonly RegExp[] = [
  /^-{2,}\s*(Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|Forwarded message)\s*-{2,}/i,
  /^-- ?$/,
  /^(Sent from my|Get Outlook for|Von meinem .* gesendet|Gesendet von)\b/i,
];

/** Below this nobody wrote: a signature, or a whole message that was put under the answer with its head. */
function isEnd(lines: readonly string[], index: number): boolean {
  const line = (lines[index] ?? '').trim();
  if (endings.some((ending) => ending.test(lines[index] ?? ''))) return true;
  if (/^_{10,}$/.test(line)) return isHead(lines, index + 1);
  return isHead(lines, index);
}

function isHead(lines: readonly string[], index: number): boolean {
  const next = lines.slice(index, index + 6).map((line) => line.replaceAll('*', '').trim());
  const first = next.findIndex((line) => line !== '');
  if (first < 0 || !/^(From|Von|De)\s*:/i.test(next[first] ?? '')) return false;
  return next.slice(first + 1).some((line) => /^(Sent|Date|Gesendet|Datum|Envoyé|Enviado)\s*:/i.test(line));
}
