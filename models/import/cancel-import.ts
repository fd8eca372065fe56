/** Stop an import. What was stored of it stays and is withdrawn singly; nothing more is taken. */

import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireImporter } from './open-import.ts';
import { getImport, type ImportView, viewImport } from './view-import.ts';
import { endOf } from './work-on-import.ts';

/** Throws `STATE_CONFLICT` when it has ended otherwise. Cancelled once more, it stays as it is. */
export async function cancelImport(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<ImportView>,
): Promise<ImportView> {
  requireImporter(caller);
  await getImport(house, caller, id);
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.imports.findByPk(id, { transaction: tx, lock: true });
    if (!row || row.state === 'done' || row.state === 'failed')
      throw new Fault('STATE_CONFLICT', { detail: row?.state ?? '' });
    if (row.state !== 'cancelled') {
      await row.update({ state: 'cancelled', onceKey: null, ...endOf(house) }, { transaction: tx });
      await appendAudit(house, tx, caller, { act: 'licence.import', details: { importId: id, cancelled: true } });
    }
    const view = await viewImport(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}
