/** The named points between intending a licence and confirming it. Each is announced on a diagnostics channel of the
 *  process or thread that reaches it: an operator's probe can time them, a fault campaign can end the process there.
 *  Without a listener an announcement costs nothing. */
import { channel } from 'node:diagnostics_channel';

export const SEALING_POINTS = [
  /** Transaction 1 is committed: identifier, intent, key uses and the log entry stand. */
  'intended',
  /** Everything a sealing needs is gathered; no key was used yet. */
  'composed',
  /** In the sealing thread: text is set, nothing is drawn. */
  'laid-out',
  'ofd-drawn',
  /** The issuer's SM2 key was used. */
  'ofd-sealed',
  /** The repository's SM2 key was used. */
  'ofd-countersigned',
  'pdf-drawn',
  /** The issuer's RSA key was used. */
  'pdf-signed',
  /** Where both algorithms are asked for: the issuer's SM2 key was used once more. */
  'pdf-sealed',
  /** Both files are back on the main thread, in memory only. */
  'sealed',
  'ofd-stored',
  'pdf-stored',
  /** Inside transaction 2, everything written, nothing committed. */
  'confirming',
  /** Transaction 2 is committed; nobody was answered yet. */
  'confirmed',
] as const;

export type SealingPoint = (typeof SEALING_POINTS)[number];

export interface SealingPointReached {
  readonly point: SealingPoint;
  /** Identifier of the licence that is being made. */
  readonly identifier: string;
}

const points = channel('zhengku:sealing-point');

export function reachPoint(point: SealingPoint, identifier: string): void {
  if (points.hasSubscribers) points.publish({ point, identifier } satisfies SealingPointReached);
}
