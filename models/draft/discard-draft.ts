/** Throw one's own draft away. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { getOwnDraft, requireDrafter } from './own-draft.ts';
import { type DraftView, viewDraft } from './view-draft.ts';

/** Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function discardDraft(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<DraftView>,
): Promise<DraftView> {
  requireDrafter(caller);
  return withTransaction(house.db, async (tx) => {
    const row = await getOwnDraft(house, caller, id, tx);
    await row.destroy({ transaction: tx });
    await appendAudit(house, tx, caller, { act: 'draft.discard', details: { draftId: id } });
    const view = viewDraft(row.get());
    await remember?.(tx, view);
    return view;
  });
}
