/** A closing notice; it starts the clock of the case. */
import { closeCase, closingNoticeSchema } from '../../models/deadline/index.ts';
import { type Receipt, recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { callerOf } from './arrival.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';

export async function applyCase(pass: MachinePass, row: FrontEndRow): Promise<Receipt> {
  if (row.operation !== 'upsert') throw new Fault('ROW_OPERATION_UNKNOWN', { detail: row.operation });
  const read = closingNoticeSchema.safeParse(row.body, { reportInput: true });
  throwFaults([...row.faults, ...(read.success ? [] : toPointedFaults(read.error.issues))]);
  const caller = callerOf(pass, row);
  const receipt = makeReceipt('ACCEPTED');
  await closeCase(pass.house, caller, closingNoticeSchema.parse(row.body), 'front-end', (tx) =>
    recordApplied(pass.house, tx, caller, [{ mark: row, receipt }]),
  );
  return receipt;
}
