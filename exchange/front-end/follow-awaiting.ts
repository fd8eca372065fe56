/** Licences that waited for a person: when they were reviewed and sealed, or returned, the receipt in the department's row
 *  says so. */
import { findAwaiting, updateReceipt } from '../../models/exchange-state/index.ts';
import { advanceLicence } from './advance-licence.ts';
import { toInstantText } from './connection.ts';
import { KEYS_AT_ONCE } from './exchange-table.ts';
import type { MachineContext } from './machine-context.ts';
import { sideBySide } from './side-by-side.ts';
import { ROW_STATES } from './tables.ts';

/** How many receipts changed. */
export async function followAwaiting(context: MachineContext): Promise<number> {
  const { house, machine, caller } = context;
  const prefix = `${machine.name}/zk_licence/`;
  const waiting = await findAwaiting(house, machine.name, ['AWAITING_REVIEW', 'AWAITING_SEAL']);
  let changed = 0;
  await sideBySide(waiting, KEYS_AT_ONCE, async (applied) => {
    if (!applied.licenceId || !applied.id.startsWith(prefix)) return;
    try {
      const receipt = await advanceLicence(house, caller, applied.licenceId);
      if (receipt.code === applied.receiptCode && receipt.text === applied.receiptText) return;
      // The row first: should the process end here, the next pass writes it once more.
      await writeFollowUp(context, applied.id.slice(prefix.length), applied.revision, receipt);
      await updateReceipt(house, applied.id, applied.revision, receipt);
      changed += 1;
    } catch (error) {
      house.log.error({ licenceId: applied.licenceId, error }, 'a waiting licence could not be taken further');
    }
  });
  return changed;
}

async function writeFollowUp(
  { connection, house }: MachineContext,
  businessKey: string,
  revision: number,
  receipt: Awaited<ReturnType<typeof advanceLicence>>,
): Promise<void> {
  const identifier = receipt.identifier ? ', licence_identifier = ?' : '';
  await connection.execute(
    `UPDATE zk_licence SET state = ?, receipt_code = ?, receipt_text = ?, receipt_at = ?${identifier}
     WHERE business_key = ? AND revision = ? AND state = ${ROW_STATES.accepted}`,
    [
      ...[receipt.state, receipt.code, receipt.text, toInstantText(connection.dialect, house.clock())],
      ...(receipt.identifier ? [receipt.identifier] : []),
      ...[businessKey, revision],
    ],
  );
}
