import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

import { openBrowser, openWindow } from './browser';
import type { Window } from './browser';
import { mainstay, startUp, upPlace } from './up-process';
import type { Ran } from './up-process';

/** An engine of its own with a browser before it. */
export interface ConsoleStage {
  /** Of the console, without a slash at the end. */
  readonly url: string;
  /** A folder of its own, for sources and documents. */
  readonly folder: string;
  /** Runs the command line; a refusal is an error with what was said. */
  must(...args: readonly string[]): Promise<Ran>;
  /** A window in which somebody has signed in. */
  signedIn(person: string, options?: SignedInOptions): Promise<Window & { readonly page: Page }>;
  close(): Promise<void>;
}

export interface SignedInOptions {
  readonly role?: string;
  readonly window?: Parameters<Browser['newContext']>[0];
}

export const desk = { viewport: { width: 1_280, height: 860 }, colorScheme: 'light' } as const;
export const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const;

const Link = z.object({ url: z.string() });

export async function openConsole(): Promise<ConsoleStage> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-console-'));
  const place = upPlace(folder);
  const [up, browser] = await Promise.all([startUp(place), openBrowser()]);

  async function must(...args: readonly string[]): Promise<Ran> {
    const ran = await mainstay(place, ...args, '--data', place.data);
    if (ran.exitCode !== 0) throw new Error(`Cannot run "mainstay ${args.join(' ')}": ${ran.stdout}${ran.stderr}`);
    return ran;
  }

  return {
    url: up.info.url,
    folder,
    must,
    async signedIn(person, { role = 'admin', window = desk } = {}) {
      const opened = await openWindow(browser, window);
      const { stdout } = await must('sign-in', '--as', person, '--role', role, '--json');
      await opened.page.goto(Link.parse(JSON.parse(stdout)).url);
      await opened.page.getByRole('navigation', { name: 'Main' }).waitFor();
      return opened;
    },
    async close() {
      await browser.close();
      await up.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
