/** The sandbox's trust services on a free port, with their own folder and a clock that stands still. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byToken, type ServiceLine } from '../../../exchange/index.ts';
import { type RunningTrust, startTrust } from '../../../server/sandbox/trust/start-trust.ts';
import { toPem } from '../../../signing/index.ts';
import { FixedClock } from '../../world/fixed-clock.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

export interface TrustWorld {
  readonly trust: RunningTrust;
  readonly time: FixedClock;
  readonly folder: string;
  readonly line: ServiceLine;
  readonly random: (count: number) => Uint8Array;
  close(): Promise<void>;
}

/** Different at every call, the same in every run. */
function countingRandom(seed: string): (count: number) => Uint8Array {
  let calls = 0;
  return (count) => {
    calls += 1;
    return new Uint8Array(createHash('shake256', { outputLength: count }).update(`${seed} ${calls}`).digest());
  };
}

/** @param clients public keys (SPKI DER) of clients who sign their requests
 *  @param time what its clock shows */
export async function openTrustWorld(
  clients: readonly Uint8Array[] = [],
  time = new FixedClock(),
): Promise<TrustWorld> {
  const folder = temporaryFolder();
  const options = {
    port: 0,
    bind: '127.0.0.1',
    dataDir: folder.path,
    clock: () => time.now(),
    fontDir: 'assets/fonts',
  };
  const start = () => startTrust({ ...options, random: countingRandom('service') });
  let trust = await start();
  if (clients.length > 0) {
    await trust.close();
    mkdirSync(join(folder.path, 'signing-service', 'clients'), { recursive: true });
    for (const [index, key] of clients.entries()) {
      writeFileSync(join(folder.path, 'signing-service', 'clients', `${index}.pem`), toPem('PUBLIC KEY', key));
    }
    trust = await start();
  }
  const token = readFileSync(trust.urls.keyServiceTokenFile, 'utf8');
  const random = countingRandom('client');
  return {
    ...{ trust, time, random, folder: folder.path },
    line: { url: trust.urls.keyService, authorise: byToken(token), random },
    async close() {
      await trust.close();
      folder.remove();
    },
  };
}
