import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

import type { ApiTlsSettings } from '../../platform/api-settings';
import type { Logger } from '../../platform/logger';
import { messageOf } from '../../platform/system-error';

/** What certificates are read for: they are short-lived, and whoever renews them tells nobody. */
const lookEveryMs = 10_000;

interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface TlsServer {
  readonly server: Server;
  /** Uses what the files hold now. Connections that are open go on with what they began with. False: nothing new, or of no use. */
  readonly reload: () => Promise<boolean>;
  readonly stopWatching: () => void;
}

/** A certificate that does not fit its key, or cannot be read, ends the start; later it is told in the log, and the last good one stays. */
export async function createTlsServer(
  settings: ApiTlsSettings,
  listener: RequestListener,
  logger: Logger,
): Promise<TlsServer> {
  const server = createServer({ minVersion: 'TLSv1.2' }, listener);
  let used = await readCertificate(settings);
  server.setSecureContext(used);
  let complained = '';
  const reload = async (): Promise<boolean> => {
    try {
      const found = await readCertificate(settings);
      complained = '';
      if (found.cert.equals(used.cert) && found.key.equals(used.key)) return false;
      server.setSecureContext(found);
      used = found;
      logger.info({ file: settings.certificateFile }, 'certificate taken anew');
      return true;
    } catch (error) {
      const reason = messageOf(error);
      // Whoever replaces two files one after the other is between them for a moment.
      if (reason !== complained) logger.warn({ error: reason }, 'certificate not usable: the earlier one stays');
      complained = reason;
      return false;
    }
  };
  const timer = setInterval(() => void reload(), lookEveryMs).unref();
  const onHangUp = (): void => void reload();
  process.on('SIGHUP', onHangUp);
  return {
    server,
    reload,
    stopWatching() {
      clearInterval(timer);
      process.off('SIGHUP', onHangUp);
    },
  };
}

async function readCertificate({ certificateFile, keyFile }: ApiTlsSettings): Promise<Certificate> {
  const certificate = { cert: await readFile(certificateFile), key: await readFile(keyFile) };
  try {
    createSecureContext(certificate);
  } catch (cause) {
    throw new Error(`Cannot use the certificate "${certificateFile}" with the key "${keyFile}": ${messageOf(cause)}`, {
      cause,
    });
  }
  return certificate;
}
