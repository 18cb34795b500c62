import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from './component';

const run = promisify(execFile);

/** Paths of a certificate that vouches for itself, for loopback and a name, and of its key. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export async function makeCertificate(folder: string, name: string, days = 2): Promise<CertificateFiles> {
  const [certificateFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const kind = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ').concat('-days', String(days));
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`];
  await run(findProgram('openssl', 'openssl'), ['req', ...kind, ...names, '-keyout', keyFile, '-out', certificateFile]);
  return { certificateFile, keyFile };
}
