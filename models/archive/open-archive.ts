/** Order an archive batch: an issuer of what it issued, a consumer of what it was handed. The job makes it. What an
 *  earlier batch took is not taken again. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { ARCHIVISTS } from './archivists.ts';
import type { ArchiveColumns, ArchiveCriteria } from './rows.ts';
import { type ArchiveView, viewArchive } from './view-archive.ts';

const day = z.string().length(10);
const range = { year: z.number().int().min(1950).max(2200).optional(), from: day.optional(), to: day.optional() };

export const archiveOrderSchema = z.discriminatedUnion('purpose', [
  z.strictObject({ purpose: z.literal('issued'), catalogueCode: writtenText(40).optional(), ...range }),
  z.strictObject({
    purpose: z.literal('used'),
    caseNumber: writtenText(100).optional(),
    matterCode: writtenText(100).optional(),
    ...range,
  }),
]);

export type ArchiveOrder = z.infer<typeof archiveOrderSchema>;

/** Throws `DATE_IMPOSSIBLE`, `PERIOD_BACKWARDS`. */
export async function openArchive(
  house: House,
  caller: Caller,
  order: ArchiveOrder,
  remember?: Remember<ArchiveView>,
): Promise<ArchiveView> {
  requireRole(caller, ...ARCHIVISTS[order.purpose]);
  const organisationCode = requireOrganisation(caller);
  await requireActive(house, organisationCode);
  const criteria = toCriteria(order);
  const row = composeRow(house, caller, { purpose: order.purpose, organisationCode, criteria });
  const view = viewArchive(row);
  return withTransaction(house.db, async (tx) => {
    await house.db.rows.archives.create(row, { transaction: tx });
    await remember?.(tx, view);
    const details = { archiveId: row.id, number: row.number, purpose: row.purpose, ...criteria };
    await appendAudit(house, tx, caller, { act: 'archive.open', details });
    return view;
  });
}

function toCriteria({ purpose: _, year, from, to, ...others }: ArchiveOrder): ArchiveCriteria {
  const days = { from: from ?? (year && `${year}-01-01`), to: to ?? (year && `${year}-12-31`) };
  const faults = Object.entries(days).flatMap(([name, value]): PointedFault[] =>
    value && !isRealDate(value) ? [{ pointer: `/${name}`, code: 'DATE_IMPOSSIBLE' }] : [],
  );
  if (days.from && days.to && days.from > days.to) faults.push({ pointer: '/to', code: 'PERIOD_BACKWARDS' });
  throwFaults(faults);
  const given = Object.entries({ ...days, ...others }).filter(([, value]) => value !== undefined && value !== 0);
  return Object.fromEntries(given) as ArchiveCriteria;
}

export function composeRow(
  house: House,
  caller: Caller,
  facts: Pick<ArchiveColumns, 'purpose' | 'organisationCode' | 'criteria'>,
): ArchiveColumns {
  const [id, now] = [house.newId(), house.clock()];
  const kind = facts.purpose === 'issued' ? 'QF' : 'YZ';
  const number = `DZZZ-${kind}-${facts.organisationCode}-${toShanghaiDate(now).replaceAll('-', '')}-${id.slice(-6)}`;
  return {
    ...{ ...facts, id, number, state: 'making', lastSeen: null, items: 0, volumes: 0, fault: null },
    ...{ createdAt: now, createdBy: caller.id, endedAt: null },
  };
}
