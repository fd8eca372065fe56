/** zk_catalogue: a new version of an entry (`upsert`), or its retirement (`status`).. */
import { catalogueDefinitionSchema, findNewestEntry, retireEntry, saveEntry } from '../../models/catalogue/index.ts';
import { recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { readJson } from './read-payload.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt } from './receipts.ts';

export async function applyCatalogue(
  { house, caller, machine }: MachineContext,
  row: FrontEndRow,
): Promise<RowOutcome> {
  const faults: PointedFault[] = [];
  const value = readJson(row.payload.definition, '/definition', faults);
  throwFaults(faults);
  const receipt = makeReceipt('ACCEPTED');
  if (row.operation === 'status') {
    const code = String((value as { code?: unknown } | null | undefined)?.code ?? '');
    const entry = await findNewestEntry(house, code);
    if (!entry) throwFaults([{ pointer: '/definition/code', code: 'CATALOGUE_UNKNOWN' }]);
    if (entry?.issuingBody !== machine.organisationCode) throw new Fault('FOREIGN_ISSUER');
    await retireEntry(house, caller, code, (tx) => recordApplied(house, tx, caller, row, receipt));
    return { receipt };
  }
  const read = catalogueDefinitionSchema.safeParse(value, { reportInput: true });
  if (!read.success) throwFaults(toPointedFaults(read.error.issues, ['definition']));
  const definition = catalogueDefinitionSchema.parse(value);
  // The repository may act for any body; a machine speaks for its own alone.
  if (definition.issuingBody !== machine.organisationCode) throw new Fault('FOREIGN_ISSUER');
  await saveEntry(house, caller, definition, (tx) => recordApplied(house, tx, caller, row, receipt));
  return { receipt };
}
