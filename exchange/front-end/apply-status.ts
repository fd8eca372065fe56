/** zk_licence, `status`: a legal move of an issued licence, in real time. */
import { type AppliedRowColumns, recordApplied } from '../../models/exchange-state/index.ts';
import { throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { changeStatus, LICENCE_STATUSES, statusChangeSchema } from '../../models/licence/index.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { toText } from './read-payload.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt } from './receipts.ts';

const COLUMNS: Readonly<Record<string, string>> = { act: 'status_act', legalBasis: 'legal_basis', reason: 'reason' };

export async function applyStatus(
  { house, caller, machine }: MachineContext,
  row: FrontEndRow,
  known: AppliedRowColumns | undefined,
): Promise<RowOutcome> {
  const change = Object.fromEntries(Object.entries(COLUMNS).map(([key, column]) => [key, toText(row.payload[column])]));
  const read = statusChangeSchema.safeParse(change);
  if (!read.success) {
    const faults = toPointedFaults(read.error.issues);
    throwFaults(faults.map((fault) => ({ ...fault, pointer: `/${COLUMNS[fault.pointer.slice(1)] ?? ''}` })));
  }
  const licenceId =
    known?.licenceId ?? (await findByIdentifier(house, machine.organisationCode, toText(row.payload.identifier)));
  if (!licenceId) throwFaults([{ pointer: '/business_key', code: 'NOT_FOUND' }]);
  let receipt = makeReceipt('STATUS_CHANGED', '', licenceId ?? null);
  await changeStatus(house, caller, licenceId ?? '', statusChangeSchema.parse(change), async (tx, view) => {
    const words = view.status ? LICENCE_STATUSES[view.status].zh : '';
    receipt = { ...makeReceipt('STATUS_CHANGED', words, view.licenceId), identifier: view.identifier };
    await recordApplied(house, tx, caller, row, receipt);
  });
  return { receipt };
}

/** A licence that came another way in is named by its identifier. */
async function findByIdentifier(
  house: MachineContext['house'],
  issuingBody: string,
  identifier: string | undefined,
): Promise<string | undefined> {
  if (!identifier) return undefined;
  const licence = await house.db.rows.licences.findOne({ where: { identifier, issuingBody }, attributes: ['id'] });
  return licence?.id;
}
