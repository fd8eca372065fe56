/** Somebody of the recipient has read a notice. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { ownRecipients } from './own-notices.ts';
import { type NoticeView, viewNotice } from './view-notice.ts';

/** The first reader stands. Throws `FORBIDDEN`, `NOT_FOUND` for another's. */
export async function markNoticeRead(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<NoticeView>,
): Promise<NoticeView> {
  const recipients = ownRecipients(caller);
  return withTransaction(house.db, async (tx) => {
    const where = { id, recipient: { [Op.in]: recipients } };
    const row = await house.db.rows.notices.findOne({ where, transaction: tx, lock: true });
    if (!row) throw new Fault('NOT_FOUND');
    if (row.readAt === null) {
      await row.update({ readAt: house.clock(), readBy: caller.id }, { transaction: tx });
      await appendAudit(house, tx, caller, { act: 'notice.read', details: { id, kind: row.kind } });
    }
    const view = viewNotice(row.get());
    await remember?.(tx, view);
    return view;
  });
}
