/** Open the provincial library's own database and key, and listen. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Clock } from '../../../models/kernel/clock.ts';
import { makeVerificationPool, makeVerifierHere } from '../../../models/verification/index.ts';
import { parseCertificate, type SigningKey, toPem } from '../../../signing/index.ts';
import { makeProvinceApp } from './app.ts';
import type { Faults } from './faults.ts';
import { type Library, openLibrary } from './library.ts';
import { openOwnKey } from './own-key.ts';
import { makeVerifyHeld } from './verify-held.ts';

export interface ProvinceOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly bind: string;
  readonly dataDir: string;
  /** DER; the city's requests are signed with its key. */
  readonly cityCertificate: Uint8Array;
  /** DER; whose seals and signatures count. */
  readonly trust: readonly Uint8Array[];
  readonly clock: Clock;
  /** Threads that verify files; 0 (default): the one it runs in. */
  readonly threads?: number;
  /** Faults may be set over HTTP. */
  readonly allowFaults?: boolean;
}

export interface RunningProvince {
  readonly url: string;
  /** PEM public key with which its receipts are verified. */
  readonly keyFile: string;
  readonly key: SigningKey;
  readonly library: Library;
  /** From now on it commits these faults; `{}`: none. */
  setFaults(faults: Faults): void;
  close(): Promise<void>;
}

export async function startProvince(options: ProvinceOptions): Promise<RunningProvince> {
  mkdirSync(options.dataDir, { recursive: true });
  const key = openOwnKey(path.join(options.dataDir, 'province-key.der'));
  const keyFile = path.resolve(options.dataDir, 'province-key.pem');
  writeFileSync(keyFile, toPem('PUBLIC KEY', key.publicKey));
  const library = openLibrary(path.join(options.dataDir, 'province.db'));
  const { publicKey: cityKey } = parseCertificate(options.cityCertificate);
  const { trust, clock, threads = 0 } = options;
  const verifier = threads > 0 ? makeVerificationPool({ threads }) : makeVerifierHere();
  const verify = makeVerifyHeld(library, verifier, trust, clock);
  let faults: Faults = {};
  const setFaults = (wanted: Faults) => {
    faults = wanted;
  };
  const app = makeProvinceApp({
    ...{ library, key, cityKey, verify, clock, faults: () => faults },
    setFaults: options.allowFaults ? setFaults : undefined,
  });
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.bind, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.bind.includes(':') ? `[${options.bind}]` : options.bind}:${port}`;
  writeFileSync(path.join(options.dataDir, 'province.json'), `${JSON.stringify({ url, keyFile })}\n`);
  return {
    ...{ url, keyFile, key, library, setFaults },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await verifier.close();
      library.close();
    },
  };
}
