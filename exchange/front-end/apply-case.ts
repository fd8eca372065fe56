/** zk_case: a closing notice; it starts the clock of the case. */
import { closeCase, closingNoticeSchema } from '../../models/deadline/index.ts';
import { recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { readCasePayload } from './read-payload.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt } from './receipts.ts';

export async function applyCase({ house, caller }: MachineContext, row: FrontEndRow): Promise<RowOutcome> {
  if (row.operation !== 'upsert') throw new Fault('ROW_OPERATION_UNKNOWN', { detail: row.operation });
  const payload = readCasePayload(row.payload);
  const read = closingNoticeSchema.safeParse(payload, { reportInput: true });
  if (!read.success) throwFaults(toPointedFaults(read.error.issues));
  const receipt = makeReceipt('ACCEPTED');
  await closeCase(house, caller, closingNoticeSchema.parse(payload), 'front-end', (tx) =>
    recordApplied(house, tx, caller, row, receipt),
  );
  return { receipt };
}
