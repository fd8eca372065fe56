import type { DeliveryColumns, SubscriptionColumns } from './rows.ts';

/** A subscription without its secret. */
export interface SubscriptionView {
  readonly id: string;
  readonly organisationCode: string;
  readonly name: string;
  readonly url: string;
  readonly catalogueCodes: readonly string[] | null;
  readonly acts: readonly string[] | null;
  readonly signing: SubscriptionColumns['signing'];
  readonly state: SubscriptionColumns['state'];
  readonly reason: SubscriptionColumns['reason'];
  readonly failingSince: string | null;
  readonly lastSuccessAt: string | null;
  /** Until then the secret before signs too. */
  readonly previousUntil: string | null;
  readonly createdAt: string;
}

export interface SubscriptionWithSecret extends SubscriptionView {
  /** Shown once. Null with SM2. */
  readonly secret: string | null;
}

export function viewSubscription(row: SubscriptionColumns): SubscriptionView {
  const { id, organisationCode, name, url, catalogueCodes, acts, signing, state, reason } = row;
  return {
    ...{ id, organisationCode, name, url, catalogueCodes, acts, signing, state, reason },
    failingSince: row.failingSince?.toISOString() ?? null,
    lastSuccessAt: row.lastSuccessAt?.toISOString() ?? null,
    previousUntil: row.previousUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

export interface DeliveryView {
  readonly id: string;
  readonly kind: DeliveryColumns['kind'];
  readonly subject: string;
  readonly state: DeliveryColumns['state'];
  readonly attempts: number;
  /** When it is tried next, while it waits. */
  readonly runAt: string | null;
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
  readonly createdAt: string;
  readonly doneAt: string | null;
}

export function viewDelivery(row: DeliveryColumns): DeliveryView {
  const { id, kind, subject, state, attempts, lastOutcome, lastStatus } = row;
  return {
    ...{ id, kind, subject, state, attempts, lastOutcome, lastStatus },
    runAt: state === 'waiting' ? row.runAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    doneAt: row.doneAt?.toISOString() ?? null,
  };
}
