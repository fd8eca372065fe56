/** Which moment a signature is judged at: what a trusted time-stamp proves, else what the signer claims. */

export interface Moments {
  /** What the signer claims. */
  readonly claimed: Date | undefined;
  /** Proven by a trusted time-stamp over the signature itself. */
  readonly stamped: Date | undefined;
  /** Proven by a trusted time-stamp over something later that covers the signature. */
  readonly covered: Date | undefined;
  /** Until when the certificate (and the seal) could be used. */
  readonly usableUntil: Date;
}

/** The proven moment; undefined when nothing is proven. A later cover that came when the certificate had run out proves no
 *  moment at which it could sign: the claim stands then, for the signature is older than the cover. */
export function provenMoment({ stamped, covered, usableUntil }: Moments): Date | undefined {
  if (stamped) return stamped;
  return covered && covered <= usableUntil ? covered : undefined;
}

/** The latest moment that a claim may name: what exists was not made later than it was seen. */
export function latestMoment({ stamped, covered }: Moments, now: Date): Date {
  return [stamped, covered].reduce<Date>((latest, one) => (one && one < latest ? one : latest), now);
}
