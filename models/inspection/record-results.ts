/** The department records what inspections came to, one or many at once: passed or failed, with reason. Failing suspends the licence
 *  where the entry says so; passing late resumes one that the inspection had suspended. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { InspectionColumns, InspectionState } from './rows.ts';
import { type Settlement, settleInspections } from './settle-inspections.ts';
import { type InspectionView, viewInspection } from './view-inspection.ts';

const result = {
  result: z.enum(['passed', 'failed']),
  reason: writtenText(1000),
  legalBasis: writtenText(500).optional(),
};
export const inspectionResultSchema = z.strictObject(result);
export const inspectionResultsSchema = z.strictObject({
  items: z
    .array(z.strictObject({ inspectionId: z.string().min(1).max(120), ...result }))
    .min(1)
    .max(500),
});
export type InspectionResult = z.infer<typeof inspectionResultSchema>;
type Item = z.infer<typeof inspectionResultsSchema>['items'][number];

/** What may still come to a result. A passed one is settled, a lapsed one has no licence any more. */
const OPEN: readonly InspectionState[] = ['due', 'submitted', 'failed', 'missed'];

/** All or none: every fault is told at its item. `NOT_FOUND` for another department's, `STATE_CONFLICT` for one that is settled. */
export async function recordResults(
  house: House,
  caller: Caller,
  items: readonly Item[],
  remember?: Remember<{ readonly items: readonly InspectionView[] }>,
): Promise<{ readonly items: readonly InspectionView[] }> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  const issuingBody = requireOrganisation(caller);
  const ids = items.map(({ inspectionId }) => inspectionId);
  const rows = await readRows(house.db.rows.inspections, { where: { id: { [Op.in]: ids } } });
  const own = new Map(rows.filter((row) => row.issuingBody === issuingBody).map((row) => [row.id, row]));
  throwFaults(items.flatMap((item, index) => findFaults(items, own.get(item.inspectionId), item, index)));
  const settlements = items.flatMap((item) => {
    const row = own.get(item.inspectionId);
    return row ? [judgeResult(row, item)] : [];
  });
  let answer: { readonly items: readonly InspectionView[] } = { items: [] };
  await settleInspections(house, caller, settlements, async (tx, settled) => {
    answer = { items: settled.map((row) => viewInspection(house, row)) };
    await remember?.(tx, answer);
  });
  return answer;
}

export async function recordResult(
  house: House,
  caller: Caller,
  inspectionId: string,
  input: InspectionResult,
  remember?: Remember<InspectionView>,
): Promise<InspectionView> {
  const first = ({ items }: { readonly items: readonly InspectionView[] }) => {
    const [view] = items;
    if (!view) throw new RangeError('one item, one view');
    return view;
  };
  const items = [{ inspectionId, ...input }];
  const keep = async (tx: Tx, views: Parameters<typeof first>[0]) => remember?.(tx, first(views));
  return first(await recordResults(house, caller, items, keep).catch(alone));
}

/** The fault of a single one lies nowhere in a list. */
function alone(error: unknown): never {
  const [only] = error instanceof Fault ? error.errors : [];
  throw only ? new Fault(only.code, only.detail === undefined ? {} : { detail: only.detail }) : error;
}

function findFaults(
  items: readonly Item[],
  row: InspectionColumns | undefined,
  { inspectionId }: Item,
  index: number,
): PointedFault[] {
  const pointer = `/items/${index}/inspectionId`;
  if (!row) return [{ pointer, code: 'NOT_FOUND' }];
  if (items.findIndex((item) => item.inspectionId === inspectionId) < index)
    return [{ pointer, code: 'ALREADY_EXISTS' }];
  return OPEN.includes(row.state) ? [] : [{ pointer, code: 'STATE_CONFLICT', detail: row.state }];
}

function judgeResult(row: InspectionColumns, { result: state, reason, legalBasis }: Item): Settlement {
  const fails = state === 'failed' && row.onMissed === 'suspend' && !row.suspended;
  const act = fails ? 'suspend' : state === 'passed' && row.suspended ? 'resume' : undefined;
  return { row, state, act, reason, legalBasis };
}
