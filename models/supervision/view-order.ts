/** A rectification order as it is shown: whole, with its findings, its course and what followed from it. */
import { Op } from 'sequelize';
import type { ClockState } from '../deadline/find-clocks.ts';
import { findClocks } from '../deadline/find-clocks.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { OrderState } from './order-moves.ts';
import type { OrderColumns, OrderEventColumns, ResponsiblePerson } from './rows.ts';
import { type CircularView, viewCircular } from './view-circular.ts';

export interface OrderSummary {
  readonly orderId: string;
  readonly number: string;
  readonly organisationCode: string;
  readonly organisationName: string;
  readonly state: OrderState;
  readonly issuedAt: string;
  /** Of the limit that was set last. */
  readonly dueAt: string;
  readonly provisional: boolean;
  readonly endedAt: string | null;
}

export interface OrderView extends OrderSummary {
  readonly responsibleBody: string | null;
  readonly persons: readonly ResponsiblePerson[];
  readonly legalBasis: string;
  readonly demand: string;
  readonly workingDays: number;
  readonly rounds: number;
  readonly answer: string | null;
  readonly evidenceDigest: string | null;
  readonly findings: readonly string[];
  /** Of these: what never was a breach, by a calendar that has changed since or a notice that was taken back. */
  readonly withdrawnFindings: readonly string[];
  readonly circular: CircularView | null;
  readonly referral: ReferralView | null;
  readonly events: readonly OrderEventView[];
}

export interface ReferralView {
  readonly number: string;
  readonly authority: string;
  readonly legalBasis: string;
  readonly reason: string;
  /** SM3 of the record that went with it. */
  readonly recordDigest: string;
  readonly referredAt: string;
  readonly outcome: string | null;
  readonly concludedAt: string | null;
}

type OrderEventView = Pick<OrderEventColumns, 'act' | 'organisationCode' | 'words' | 'details'> & {
  readonly at: string;
  readonly by: string;
};

export function summarizeOrder(row: OrderColumns, clock: ClockState | undefined): OrderSummary {
  const { id, number, organisationCode, organisationName, state, issuedAt, endedAt } = row;
  return {
    ...{ orderId: id, number, organisationCode, organisationName, state, issuedAt: issuedAt.toISOString() },
    ...{ dueAt: clock?.dueAt.toISOString() ?? '', provisional: clock?.provisional ?? false },
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** @param isOfBureau sees the circular also while it is a draft, or was dropped */
export async function viewOrder(house: House, row: OrderColumns, isOfBureau: boolean, tx?: Tx): Promise<OrderView> {
  const { orderFindings, orderEvents, circulars, referrals } = house.db.rows;
  const where = { orderId: row.id };
  const clocks = await findClocks(house, [row.clockId], tx);
  const findings = await readRows(orderFindings, { where, order: [['id', 'ASC']], tx });
  const events = await readRows(orderEvents, { where, order: [['id', 'ASC']], tx });
  const ids = findings.map(({ findingId }) => findingId);
  const withdrawn = await readRows(house.db.rows.findings, {
    where: { id: { [Op.in]: ids }, endedBy: 'withdrawn' },
    ...{ attributes: ['id'], order: [['id', 'ASC']], tx },
  });
  const [circular] = await readRows(circulars, { where: { id: row.id }, tx });
  const [referral] = await readRows(referrals, { where: { id: row.id }, tx });
  const { responsibleBody, persons, legalBasis, demand, workingDays, rounds, answer, evidenceDigest } = row;
  return {
    ...summarizeOrder(row, clocks.get(row.clockId)),
    ...{ responsibleBody, persons, legalBasis, demand, workingDays, rounds, answer, evidenceDigest },
    ...{ findings: ids, withdrawnFindings: withdrawn.map(({ id }) => id) },
    circular: circular && (isOfBureau || circular.state === 'published') ? viewCircular(circular) : null,
    referral: referral
      ? {
          ...{ number: referral.number, authority: referral.authority, legalBasis: referral.legalBasis },
          ...{ reason: referral.reason, recordDigest: referral.recordDigest, outcome: referral.outcome },
          referredAt: referral.referredAt.toISOString(),
          concludedAt: referral.concludedAt?.toISOString() ?? null,
        }
      : null,
    events: events.map(({ act, at, organisationCode, actorName, words, details }) => ({
      ...{ act, at: at.toISOString(), organisationCode, by: actorName, words, details },
    })),
  };
}
