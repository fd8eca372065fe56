/** What is put aside on the page of a link is a draft of the system that asked for it; the link goes on with it. */
import { addDraft, replaceDraft, type Unfinished } from '../draft/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireOpen, type UsedLink } from './use-link.ts';

/** Of two who save at once the second changes the draft of the first. Gives its id; throws `FILL_LINK_USED`, `FILL_LINK_EXPIRED`, and as
 *  `addDraft` and `replaceDraft`. */
export async function saveLinkDraft(
  house: House,
  { link: { id }, caller }: UsedLink,
  submission: Unfinished,
): Promise<string> {
  return withTransaction(house.db, async (tx) => {
    const link = await house.db.rows.fillLinks.findByPk(id, { transaction: tx, lock: true });
    if (!link) throw new Fault('FILL_LINK_UNKNOWN');
    requireOpen(house, link);
    if (link.draftId !== null) {
      await replaceDraft(house, tx, caller, link.draftId, submission);
      return link.draftId;
    }
    const { draftId } = await addDraft(house, tx, caller, { catalogueCode: link.catalogueCode, submission });
    await link.update({ draftId }, { transaction: tx });
    return draftId;
  });
}
