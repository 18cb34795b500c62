import type { NoticeKind, Urgency } from '../workflows/domain/notice';
import type { Fact } from '../workflows/domain/task-summary';
import type { ChatFailureCode } from './chat/failures';
import type { MailFailureCode } from './mail/failures';
import type { MatrixFailureCode } from './matrix/failures';
import type { NotifyFailureCode } from './notify/failures';
import type { NtfyFailureCode } from './ntfy/failures';
import type { TeamsFailureCode } from './teams/failures';

/** What one person is told, whatever the channel. All of it is text: each carrier makes it harmless in its own format. */
export interface NoticeMessage {
  /** `digest`: several that were due together. */
  readonly kind: NoticeKind | 'digest';
  readonly urgency: Urgency;
  /** Of the person, in the channel. */
  readonly to: string;
  /** Of the addressee, as a greeting. */
  readonly name: string;
  /** The same for all messages of a thread: readers sort by it, and the signature of an answer covers the reference in it. */
  readonly subject: string;
  /** Why this message comes: sentences. */
  readonly opening: readonly string[];
  /** What it is about. */
  readonly title: string;
  readonly facts: readonly Fact[];
  /** What is said after the facts: how to answer where the message itself offers no way. */
  readonly closing: readonly string[];
  /** Page in the console; null: there is none. */
  readonly link: string | null;
  readonly choices: readonly NoticeChoice[];
  /** Where answers by mail go; null: there are no votes by reply. */
  readonly replyTo: string | null;
  /** Without angle brackets, and the same at every attempt. Only that of a mail may hold the token of an answer: others show it around. */
  readonly messageId: string;
  /** What the journal calls the message: never a token. */
  readonly reference: string;
  /** What all messages about the same thing refer to, so that readers keep them together. */
  readonly threadId: string;
}

/** Whoever has the address or the token votes as the person. */
export interface NoticeChoice {
  readonly choice: string;
  /** Page that votes; carried by mail alone, since others read along in every other channel. */
  readonly url: string | null;
  /** For a button in a chat that says who pressed it; null: nobody could tell. */
  readonly token: string | null;
}

/** Takes messages to people by one channel. */
export interface Carrier {
  /** Where those are told who have no address of their own in the channel; absent: nowhere. */
  readonly common?: string | null;
  /** A repeat under the same message id is the same message, as far as the channel knows such a thing. */
  send(message: NoticeMessage): Promise<CarrierResult>;
  close?(): void;
}

/** `sent`: the channel has accepted it, which is not that it was delivered, let alone read. */
export type CarrierResult = { readonly kind: 'sent' } | CarrierFailure;

interface CarrierFailure {
  readonly kind: 'failed';
  readonly code: CarrierFailureCode;
  /** Without any secret: it is journaled. */
  readonly reason: string;
  /** What the channel asks for: not to be bothered before. */
  readonly retryAfterMs?: number;
}

export type CarrierFailureCode =
  MailFailureCode | ChatFailureCode | TeamsFailureCode | MatrixFailureCode | NtfyFailureCode | NotifyFailureCode;
