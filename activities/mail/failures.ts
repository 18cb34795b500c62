import type { FailureSpec } from '../failure-spec';

/** Why a message did not go out by mail. */
export const mailFailures = {
  MAIL_UNREACHABLE: { retry: true, hint: 'Check MAINSTAY_SMTP_URL and that the mail server answers.' },
  MAIL_REFUSED_FOR_NOW: { retry: true, hint: 'The mail server asks to try again later; that is being done.' },
  MAIL_REFUSED: { retry: false, hint: 'Check the address in the Person document, and what the mail server says.' },
  MAIL_LOGIN_REJECTED: { retry: true, hint: 'Check user and password in MAINSTAY_SMTP_URL.' },
} as const satisfies Record<string, FailureSpec>;

export type MailFailureCode = keyof typeof mailFailures;
