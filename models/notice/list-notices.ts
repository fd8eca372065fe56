/** The notices of a body, of the bureau or of a holder, newest first. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { ownRecipients } from './own-notices.ts';
import type { NoticeColumns } from './rows.ts';
import { type NoticeView, viewNotice } from './view-notice.ts';

/** `true`: those that nobody has read; `false`: those that were. */
export const unreadSchema = z.enum(['true', 'false']).optional();

/** Throws `FORBIDDEN`. */
export async function listNotices(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly unread?: z.infer<typeof unreadSchema> } = {},
): Promise<Page<NoticeView>> {
  const recipients = ownRecipients(caller);
  await logAccess(house, caller, { act: 'notice.list' });
  const limit = pageLimit(request);
  const where: WhereOptions<NoticeColumns> = {
    recipient: { [Op.in]: recipients },
    ...(request.unread ? { readAt: request.unread === 'true' ? null : { [Op.ne]: null } } : {}),
    ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
  };
  const rows = await readRows(house.db.rows.notices, { where, order: [['id', 'DESC']], limit: limit + 1 });
  return toPage(rows.map(viewNotice), limit, ({ id }) => id);
}
