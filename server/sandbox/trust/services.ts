/** What every trust service of the sandbox is given: the authority's keys, time, randomness and a folder. */
import type { Clock } from '../../../models/kernel/clock.ts';
import type { RandomBytes } from '../../../models/kernel/ids.ts';
import type { DevelopmentAuthority } from '../../../signing/index.ts';

export interface TrustServices {
  readonly authority: DevelopmentAuthority;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Exists. */
  readonly dataDir: string;
}

/** A positive serial number of 16 octets, 15 of them random. */
export function newSerial(random: RandomBytes): bigint {
  return BigInt(`0x01${Buffer.from(random(15)).toString('hex')}`);
}
