/** Open the authority's keys, write its roots where a verifier finds them, and listen. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Clock } from '../../../models/kernel/clock.ts';
import type { RandomBytes } from '../../../models/kernel/ids.ts';
import { makeDevelopmentAuthority, toPem } from '../../../signing/index.ts';
import { makeTrustApp } from './app.ts';
import { openAuthority } from './authority-files.ts';
import { crlRouter } from './crl.ts';
import { newSerial, type TrustServices } from './services.ts';
import { signingServiceRouter } from './signing-service.ts';
import { openSigningStore, signingFolder } from './signing-store.ts';
import { timeStampRouter } from './time-stamp-authority.ts';

export interface TrustOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly bind: string;
  readonly dataDir: string;
  /** Where the authority's files lie, or are put at the first start; left out: `<data>/authority`. */
  readonly authorityDir?: string;
  /** Fonts of the seal's picture. */
  readonly fontDir: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** What a repository needs to know of it; the first line of the program's output. */
export interface TrustUrls {
  readonly url: string;
  /** What ZHENGKU_TSA_SM2_URL and ZHENGKU_TSA_RSA_URL want. */
  readonly tsaSm2: string;
  readonly tsaRsa: string;
  /** Folder of the roots and the issuing certificates, PEM: what ZHENGKU_TRUST_DIR wants. */
  readonly trustDir: string;
  /** What ZHENGKU_KEY_SERVICE_URL and ZHENGKU_KEY_SERVICE_TOKEN_FILE want: keys and seals of the signing service. */
  readonly keyService: string;
  readonly keyServiceTokenFile: string;
  /** Below it lie `root-sm2.crl`, `issuing-sm2.crl`, `root-rsa.crl` and `issuing-rsa.crl`. */
  readonly crls: string;
}

export interface RunningTrust {
  readonly urls: TrustUrls;
  readonly services: TrustServices;
  close(): Promise<void>;
}

/** Not the name of a repository's own authority, beside which its roots stand in one folder. */
const ORGANIZATION = '证库沙箱';

/** Certificates say where their lists are only when the address will be the same the next time. */
function crlUrlsAt({ bind, port }: TrustOptions): Pick<Parameters<typeof makeDevelopmentAuthority>[0], 'crlUrls'> {
  if (port === 0) return {};
  const names = ['root-sm2', 'issuing-sm2', 'root-rsa', 'issuing-rsa'] as const;
  return { crlUrls: Object.fromEntries(names.map((name) => [name, `http://${hostOf(bind)}:${port}/crl/${name}.crl`])) };
}

const hostOf = (bind: string) => (bind.includes(':') ? `[${bind}]` : bind);

export async function startTrust(options: TrustOptions): Promise<RunningTrust> {
  const { clock, random, dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const authority = await openAuthority(options.authorityDir ?? path.join(dataDir, 'authority'), () =>
    makeDevelopmentAuthority({
      ...{ now: clock(), newSerial: () => newSerial(random), organization: ORGANIZATION },
      ...crlUrlsAt(options),
    }),
  );
  const trustDir = path.resolve(dataDir, 'trust');
  mkdirSync(trustDir, { recursive: true });
  for (const kind of ['sm2', 'rsa'] as const) {
    for (const level of ['root', 'issuing'] as const)
      writeFileSync(
        path.join(trustDir, `${kind}-${level}.pem`),
        toPem('CERTIFICATE', authority[kind][level].certificate),
      );
  }
  const services: TrustServices = { authority, clock, random, dataDir };
  const store = await openSigningStore(services, options.fontDir);
  const routers = [timeStampRouter(services), crlRouter(services), signingServiceRouter(services, store)];
  const server = createServer(makeTrustApp(routers));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.bind, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${hostOf(options.bind)}:${port}`;
  return {
    urls: {
      ...{ url, tsaSm2: `${url}/tsa/sm2`, tsaRsa: `${url}/tsa/rsa`, trustDir },
      ...{ keyService: url, keyServiceTokenFile: path.resolve(signingFolder(services), 'token'), crls: `${url}/crl` },
    },
    services,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
