/** The sandbox's trust services as a process of its own: `zhengku sandbox trust`. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CRL_REASONS, fromPemOrDer } from '../../../signing/index.ts';
import { openAuthority } from './authority-files.ts';
import { type ReasonName, revokeMember } from './revocations.ts';
import { startTrust } from './start-trust.ts';

const usage = `zhengku sandbox trust --data DIR [--authority DIR] [--port N] [--bind ADDRESS]
zhengku sandbox trust revoke --data DIR [--authority DIR] --certificate FILE [--reason WORD] [--since DATE]

Trust services for development: time-stamps (RFC 3161), revocation lists, and a signing service that signs digests and
presses seals, with SM2 and RSA. Keys are read from the authority folder (default DIR/authority), and made there at the
first start. Port 0 (default) takes a free one; certificates name the place of their lists only with a fixed one. The
first line of its output is JSON: "url", "tsaSm2", "tsaRsa", "trustDir" (the roots that a verifier has to trust),
"keyService", "keyServiceTokenFile", "crls".

revoke puts a certificate of the authority on its list from now on: ${Object.keys(CRL_REASONS).join(', ')}.
--since says from when on a compromised key proves nothing. It works while the services run.
`;

/** @param fontDir the fonts that the program brings along */
export async function main(argv: readonly string[], fontDir: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      bind: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      authority: { type: 'string' },
      certificate: { type: 'string' },
      reason: { type: 'string', default: 'unspecified' },
      since: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { data, authority, bind, port } = values;
  const [act = 'start'] = positionals;
  const { certificate, reason, since } = values;
  if (!values.help && data && act === 'revoke' && certificate) {
    return revoke({ data, authority: authority ?? path.join(data, 'authority'), certificate, reason, since });
  }
  if (values.help || act !== 'start' || !data || !/^\d{1,5}$/.test(port)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const trust = await startTrust({
    ...{ port: Number(port), bind, dataDir: data, fontDir },
    ...(authority === undefined ? {} : { authorityDir: authority }),
    clock: () => new Date(),
    random: (count) => randomBytes(count),
  });
  process.stdout.write(`${JSON.stringify(trust.urls)}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await trust.close();
  return 0;
}

interface RevokeOptions {
  readonly data: string;
  readonly authority: string;
  readonly certificate: string;
  readonly reason: string;
  readonly since: string | undefined;
}

async function revoke({ data, authority, certificate, reason, since }: RevokeOptions): Promise<number> {
  const [der] = fromPemOrDer(readFileSync(certificate), 'CERTIFICATE');
  const invalidSince = since === undefined ? undefined : new Date(since);
  if (!der || !Object.hasOwn(CRL_REASONS, reason) || Number.isNaN(invalidSince?.getTime())) {
    process.stderr.write(usage);
    return 2;
  }
  const opened = await openAuthority(authority, () => Promise.reject(new Error('no authority in this folder yet')));
  const services = { authority: opened, dataDir: data, clock: () => new Date() };
  const order = { certificate: der, reason: reason as ReasonName, ...(invalidSince ? { invalidSince } : {}) };
  const revoked = revokeMember(services, order);
  process.stdout.write(revoked ? 'revoked\n' : 'not of this authority, or revoked already\n');
  return revoked ? 0 : 1;
}
