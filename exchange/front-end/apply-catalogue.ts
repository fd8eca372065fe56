/** A new version of a catalogue entry (`upsert`), or its retirement (`status`).. */
import { catalogueDefinitionSchema, findNewestEntry, retireEntry, saveEntry } from '../../models/catalogue/index.ts';
import { type Receipt, recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import type { Tx } from '../../models/store/index.ts';
import { callerOf } from './arrival.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';

export async function applyCatalogue(pass: MachinePass, row: FrontEndRow): Promise<Receipt> {
  const { house, machine } = pass;
  throwFaults(row.faults);
  const caller = callerOf(pass, row);
  const receipt = makeReceipt('ACCEPTED');
  const remember = (tx: Tx) => recordApplied(house, tx, caller, [{ mark: row, receipt }]);
  if (row.operation === 'status') {
    const code = String(row.body.code ?? '');
    const entry = await findNewestEntry(house, code);
    if (!entry) throwFaults([{ pointer: '/code', code: 'CATALOGUE_UNKNOWN' }]);
    if (entry?.issuingBody !== machine.organisationCode) throw new Fault('FOREIGN_ISSUER');
    await retireEntry(house, caller, code, remember);
    return receipt;
  }
  const read = catalogueDefinitionSchema.safeParse(row.body, { reportInput: true });
  if (!read.success) throwFaults(toPointedFaults(read.error.issues));
  const definition = catalogueDefinitionSchema.parse(row.body);
  // The repository may act for any body; a machine speaks for its own alone.
  if (definition.issuingBody !== machine.organisationCode) throw new Fault('FOREIGN_ISSUER');
  await saveEntry(house, caller, definition, remember);
  return receipt;
}
