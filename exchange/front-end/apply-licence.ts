/** zk_licence, `upsert`: a licence is submitted, or a correction of one that nobody has sealed yet. The submission and the
 *  record that this row was applied are kept together or not at all. */
import { type AppliedRowColumns, recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { agreesWithSubmission, type SubmissionSource, submitLicence } from '../../models/licence/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { advanceLicence } from './advance-licence.ts';
import { applySealedLicence } from './apply-sealed-licence.ts';
import { findFurtherFaults } from './find-further-faults.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { readLicencePayload, toText } from './read-payload.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt } from './receipts.ts';

export async function applyLicence(
  context: MachineContext,
  row: FrontEndRow,
  known: AppliedRowColumns | undefined,
): Promise<RowOutcome> {
  const { house, caller, machine } = context;
  const { body, faults } = readLicencePayload(row.payload);
  const earlier = known?.licenceId ? (await house.db.rows.licences.findByPk(known.licenceId))?.get() : undefined;
  if (earlier?.state === 'issued') {
    if (faults.length > 0 || !(await agreesWithSubmission(house, earlier, body))) {
      throw new Fault('STATE_CONFLICT', { detail: '该证照已签发，内容不同；变更请办理状态变更或另发新证' });
    }
    return confirmIssued(context, row, earlier.id);
  }
  if (earlier?.state === 'sealing') throw new Error('the licence is being sealed at this moment');
  const replaces =
    earlier && earlier.state !== 'returned' && earlier.state !== 'withdrawn' ? { replaces: earlier.id } : {};
  const from: SubmissionSource = { source: 'front-end', sourceKey: `${machine.name}/${row.businessKey}`, ...replaces };
  if ((toText(row.payload.sealed_files) ?? '0') !== '0')
    return applySealedLicence(context, row, { body, faults }, from);
  if (faults.length > 0) throwFaults([...faults, ...(await findFurtherFaults(context, body, faults, from.replaces))]);
  const { licenceId } = await submitLicence(house, caller, body, from, (tx, submitted) =>
    recordApplied(house, tx, caller, row, makeReceipt('AWAITING_REVIEW', '', submitted.licenceId)),
  );
  return { receipt: await advanceLicence(house, caller, licenceId) };
}

/** The same facts once more, under a higher revision: nothing changes, the revision counts as applied. */
async function confirmIssued(
  { house, caller }: MachineContext,
  row: FrontEndRow,
  licenceId: string,
): Promise<RowOutcome> {
  const receipt = await advanceLicence(house, caller, licenceId);
  await withTransaction(house.db, (tx) => recordApplied(house, tx, caller, row, receipt));
  return { receipt };
}
