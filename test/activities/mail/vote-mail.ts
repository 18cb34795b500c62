import type { VoteMail } from '../../../activities/mail/message';

export function voteMail(change: Partial<VoteMail> = {}): VoteMail {
  return {
    to: 'anna@example.org',
    name: 'Anna',
    what: 'opened',
    summary: {
      taskId: 'r1-1',
      title: 'Release 1.2',
      facts: [
        { name: 'Hosts', lines: ['wave 1: web1', 'wave 2: web2, web3'] },
        { name: 'Risk', lines: ['moderate'] },
      ],
    },
    remark: '',
    links: [
      { choice: 'approve', url: 'https://m.example/votes/aa/approve' },
      { choice: 'reject', url: 'https://m.example/votes/bb/reject' },
    ],
    replyTo: 'approvals+tt@example.org',
    messageId: 'm1@example.org',
    threadId: 't1@example.org',
    ...change,
  };
}
