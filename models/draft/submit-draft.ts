/** A draft is submitted: it becomes a submission like any other and is gone in the same transaction. */
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { submitLicence } from '../licence/submit-licence.ts';
import type { Submitted } from '../licence/submit-licences.ts';
import type { Tx } from '../store/with-transaction.ts';
import { openContent } from './draft-content.ts';
import { getOwnDraft } from './own-draft.ts';

/** Throws `NOT_FOUND`, `STATE_CONFLICT` when it was saved anew in between, and as `submitLicence`: then the draft stays. */
export async function submitDraft(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<Submitted>,
): Promise<Submitted> {
  const row = (await getOwnDraft(house, caller, id)).get();
  const body = { catalogueCode: row.catalogueCode, ...openContent(house, row) };
  const source = caller.type === 'person' ? ('form' as const) : ('api' as const);
  return submitLicence(house, caller, body, { source }, async (tx, submitted) => {
    await takeDraft(house, tx, caller, id, row.content);
    await remember?.(tx, submitted);
  });
}

/** It is used up by what happens in this transaction. Throws `NOT_FOUND` when it was already: of two who submit one draft, one does.
 *  @param read what was read of it, encrypted; `STATE_CONFLICT` when it holds something newer */
export async function takeDraft(house: House, tx: Tx, caller: Caller, id: string, read?: string): Promise<void> {
  const { content } = await getOwnDraft(house, caller, id, tx);
  if (read !== undefined && read !== content) throw new Fault('STATE_CONFLICT', { detail: 'draft' });
  const gone = await house.db.rows.drafts.destroy({ where: { id }, transaction: tx });
  if (gone !== 1) throw new Fault('NOT_FOUND');
}
