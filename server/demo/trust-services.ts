/** Time-stamps for what is issued: the sandbox's authority, a process of its own. Its certificates and revocation lists are put
 *  where the demonstration keeps what a verifier needs. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Environment, type Service, startService } from './processes.ts';
import type { Journey } from './step.ts';

/** What `zhengku sandbox trust` says of itself, as far as the demonstration needs it. */
export interface TrustUrls {
  readonly tsaSm2: string;
  readonly tsaRsa: string;
  /** Folder of its roots and issuing certificates. */
  readonly trustDir: string;
  /** Below it lie its revocation lists. */
  readonly crls: string;
}

const ALGORITHMS = ['sm2', 'rsa'] as const;
const LEVELS = ['root', 'issuing'] as const;

export function startTrustServices(
  journey: Journey,
  services: Service[],
  state: string,
  env: Environment,
): Promise<TrustUrls> {
  return journey.step('启动时间戳服务（沙箱） time-stamps, from the sandbox’s authority', () =>
    startService<TrustUrls>(
      services,
      ['sandbox', 'trust', '--port', '0', '--data', path.join(state, 'trust-services')],
      env,
      path.join(state, 'trust-services.log'),
    ),
  );
}

/** Beside the repository's own in `trust` and `crl`: the authority's certificates, and what it has revoked. */
export async function publishTrust(journey: Journey, { trustDir, crls }: TrustUrls, folder: string): Promise<void> {
  await journey.step('公布时间戳机构证书和吊销列表 whom to trust for time', async () => {
    const [trust, crl] = [path.join(folder, 'trust'), path.join(folder, 'crl')];
    for (const place of [trust, crl]) mkdirSync(place, { recursive: true });
    for (const algorithm of ALGORITHMS) {
      for (const level of LEVELS) {
        const certificate = path.join(trustDir, `${algorithm}-${level}.pem`);
        copyFileSync(certificate, path.join(trust, `time-stamp-${level}-${algorithm}.pem`));
        const response = await fetch(`${crls}/${level}-${algorithm}.crl`);
        if (!response.ok) throw new Error(`no revocation list ${level}-${algorithm}: ${response.status}`);
        const list = Buffer.from(await response.arrayBuffer());
        writeFileSync(path.join(crl, `time-stamp-${level}-${algorithm}.crl`), list);
      }
    }
  });
}
