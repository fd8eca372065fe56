/** Sheets hold persons in clear words: their files and lines are kept as long as somebody may fetch the answered copy, then only
 *  what became of each row. Uploads that were never finished go too. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';

const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
const AT_ONCE = 100;

/** How many sheets and uploads. */
export async function forgetImports(house: House): Promise<number> {
  const now = house.clock().getTime();
  const { imports, importFiles, importParts } = house.db.rows;
  const ended = await imports.findAll({
    where: { endedAt: { [Op.lt]: new Date(now - KEPT_DAYS * DAY_MS) }, headings: { [Op.ne]: null as never } },
    attributes: ['id', 'fileId'],
    limit: AT_ONCE,
  });
  const stray = await importFiles.findAll({
    where: { state: { [Op.ne]: 'kept' }, createdAt: { [Op.lt]: new Date(now - DAY_MS) } },
    attributes: ['id'],
    limit: AT_ONCE,
  });
  for (const { id, fileId } of [...ended.map((row) => row.get()), ...stray.map(({ id }) => ({ id: '', fileId: id }))]) {
    await withTransaction(house.db, async (transaction) => {
      await importParts.destroy({ where: { ownerId: { [Op.in]: [id, fileId] } }, transaction });
      await importFiles.destroy({ where: { id: fileId }, transaction });
      if (id) await imports.update({ headings: null, onceKey: null }, { where: { id }, transaction });
    });
  }
  return ended.length + stray.length;
}
