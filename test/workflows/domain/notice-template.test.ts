import fc from 'fast-check';

import { allNoticeKinds, channels } from '../../../workflows/domain/notice';
import { namesOfNotice } from '../../../workflows/domain/notice-context';
import type { NoticeContext } from '../../../workflows/domain/notice-context';
import { collide, templateFor, templateLimits, wordNotice } from '../../../workflows/domain/notice-template';
import type { NoticeTemplate } from '../../../workflows/domain/notice-template';

const context: NoticeContext = {
  notice: { kind: 'run.failed', urgency: 'normal', at: '2026-11-21T10:00:00.000Z' },
  person: { name: 'Anna', login: 'anna' },
  about: { title: 'Deploy the shop (run 12)', facts: { 'Failed on': 'web1' }, link: 'https://m.example/runs/12' },
  run: {
    number: 12,
    definition: 'deploy',
    title: 'Deploy the shop',
    requester: 'user/ben',
    outcome: 'failed',
    error: '',
  },
};

function template(change: Partial<NoticeTemplate> = {}): NoticeTemplate {
  return { name: 'plain', notice: 'run.failed', channels: null, subject: null, text: null, ...change };
}

describe('wordNotice()', () => {
  it.each<[string, string, readonly string[]]>([
    ['what stands there', 'as it is', ['as it is']],
    ['values', 'run ${{ run.number }} of ${{ run.requester }}, ${{ person.name }}', ['run 12 of user/ben, Anna']],
    ['facts by their names', "on ${{ about.facts['Failed on'] }}", ['on web1']],
    ['facts that may be missing', "on ${{ default(about.facts['Since'], 'all') }}", ['on all']],
    ['choices', "${{ notice.urgency == 'urgent' ? 'At once' : 'Soon' }}", ['Soon']],
    ['what is no expression', 'a $${{ stays', ['a ${{ stays']],
    ['lines, without those that are empty', 'one\n\n  two\r\nthree\n', ['one', 'two', 'three']],
  ])('fills in %s', (_, text, expected) => {
    expect(wordNotice(template({ text }), context)).toEqual({ ok: true, subject: null, text: expected });
  });

  it('leaves to the message what the template says nothing of', () => {
    expect(wordNotice(template({ subject: 'Failed: ${{ run.title }}' }), context)).toEqual({
      ok: true,
      subject: 'Failed: Deploy the shop',
      text: null,
    });
  });

  it('makes one line of a subject, whatever a value holds', () => {
    const title = 'Deploy\r\nBcc: everybody@example.org\u2028\u0000now';
    const worded = wordNotice(template({ subject: '${{ about.title }}' }), {
      ...context,
      about: { ...context.about, title },
    });

    expect(worded).toEqual({ ok: true, subject: 'Deploy Bcc: everybody@example.org now', text: null });
  });

  it.each<[string, Partial<NoticeTemplate>, string]>([
    ['a fact that is missing', { text: "${{ about.facts['Since'] }}" }, 'no such key'],
    ['what is no text', { text: '${{ about.facts }}' }, 'is no text: found a map'],
    ['a name that is not there', { text: '${{ change.number }}' }, 'change'],
    ['an expression that is not closed', { text: '${{ run.number' }, 'not closed'],
    ['a subject of nothing', { subject: '${{ run.error }}' }, 'the subject is empty'],
    ['a text of nothing', { text: '${{ run.error }} \n' }, 'the text is empty'],
  ])('says why it cannot fill in %s', (_, change, reason) => {
    expect(wordNotice(template(change), context)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('never throws, and writes no more than a channel takes, whatever the values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 9_000 }), (title) => {
        const about = { ...context.about, title };
        const all = template({ subject: 'x${{ about.title }}', text: 'x${{ about.title }}' });

        const worded = wordNotice(all, { ...context, about });

        if (!worded.ok) throw new Error(worded.reason);
        expect(worded.subject?.length).toBeLessThanOrEqual(templateLimits.writtenSubjectLength);
        expect(worded.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(worded.text?.join('\n').length).toBeLessThanOrEqual(templateLimits.writtenTextLength);
        expect(worded.text?.join('')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

describe('templateFor()', () => {
  const all = template({ name: 'all' });
  const chat = template({ name: 'chat', channels: ['chat', 'teams'] });
  const also = template({ name: 'a-second' });

  it.each([
    ['one for the channel before one for all', [all, chat], 'chat', 'chat'],
    ['one for all where none is for the channel', [all, chat], 'mail', 'all'],
    ['the first by name of two that fit alike', [all, also], 'mail', 'a-second'],
    ['none of another kind', [template({ notice: 'run.recovered' })], 'mail', null],
    ['none for other channels', [chat], 'mail', null],
  ] as const)('chooses %s', (_, templates, channel, expected) => {
    expect(templateFor(templates, { kind: 'run.failed', channel })?.name ?? null).toBe(expected);
  });

  it('chooses the same in whatever order they come, and collide() tells when a name had to decide', () => {
    const some = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-c]$/),
        notice: fc.constantFrom('run.failed' as const, 'run.recovered' as const),
        channels: fc.option(fc.subarray([...channels], { minLength: 1 })),
        subject: fc.constant(null),
        text: fc.constant('x'),
      }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(some, fc.constantFrom(...channels), (templates, channel) => {
        const chosen = templateFor(templates, { kind: 'run.failed', channel });
        const decided = templates.filter((other) => chosen !== null && collide(chosen, other));

        expect(templateFor(templates.toReversed(), { kind: 'run.failed', channel })).toBe(chosen);
        if (decided.length === 0)
          for (const other of templates.filter((each) => each !== chosen && each.notice === 'run.failed'))
            expect(other.channels === null || !other.channels.includes(channel)).toBe(true);
      }),
    );
  });
});

test.each(allNoticeKinds)('templates of %s know what its messages tell, and nothing else', (kind) => {
  const own = kind.startsWith('run.') ? ['run'] : kind.startsWith('change.') ? ['change'] : [];

  expect(Object.keys(namesOfNotice(kind))).toEqual(['notice', 'person', 'about', ...own]);
});
