/** Take a catalogue entry out of use; licences issued under it stay as they are. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { entryChange } from './entry-change.ts';
import { type CatalogueView, catalogueView } from './find-entry.ts';

export async function retireEntry(
  house: House,
  caller: Caller,
  code: string,
  remember?: Remember<CatalogueView>,
): Promise<CatalogueView> {
  requireRole(caller, 'issuer.clerk');
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.catalogueEntries.findOne({
      where: { code },
      order: [['version', 'DESC']],
      transaction: tx,
      lock: true,
    });
    if (!row) throw new Fault('NOT_FOUND');
    if (caller.type !== 'house' && row.issuingBody !== requireOrganisation(caller)) throw new Fault('FOREIGN_ISSUER');
    if (row.state !== 'retired') {
      await row.update({ state: 'retired' }, { transaction: tx });
      await publishChanges(house, tx, caller, [entryChange(row, 'retire')]);
      await appendAudit(house, tx, caller, {
        act: 'catalogue.save',
        details: { code, version: row.version, state: 'retired' },
      });
    }
    const view = catalogueView(row.get());
    await remember?.(tx, view);
    return view;
  });
}
