/** A finding as it is told. */
import type { House } from '../house.ts';
import { linkOf } from './case-links.ts';
import type { FindingKind } from './finding-words.ts';
import type { FindingColumns } from './rows.ts';

export interface FindingView {
  readonly findingId: string;
  readonly kind: FindingKind;
  readonly organisationCode: string;
  readonly subject: string;
  readonly catalogueCode: string | null;
  readonly article: string;
  readonly since: string;
  readonly closedAt: string | null;
  readonly endedBy: FindingColumns['endedBy'];
  /** Until it ended, or until now; null where no clock runs. */
  readonly lateMinutes: number | null;
  /** The order under which it is, or was last. */
  readonly orderId: string | null;
  /** Where the case itself is read. */
  readonly link: string;
}

export function viewFinding({ clock }: Pick<House, 'clock'>, row: FindingColumns): FindingView {
  const { id, kind, organisationCode, subject, catalogueCode, article, since, closedAt, endedBy, orderId } = row;
  return {
    ...{ findingId: id, kind, organisationCode, subject, catalogueCode, article, since: since.toISOString() },
    ...{ closedAt: closedAt?.toISOString() ?? null, endedBy, orderId, link: linkOf(row) },
    lateMinutes: row.clock ? minutesBetween(since, closedAt ?? clock()) : null,
  };
}

export function minutesBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
}
