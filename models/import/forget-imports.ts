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
  const ended = await forgetEnded(house, new Date(now - KEPT_DAYS * DAY_MS));
  return ended + (await forgetStray(house, new Date(now - DAY_MS)));
}

/** Whatever became of them: one that failed before its headings were known has a file all the same. */
async function forgetEnded(house: House, before: Date): Promise<number> {
  const { imports, importFiles, importParts } = house.db.rows;
  let forgotten = 0;
  for (let after = ''; ; ) {
    const where = { id: { [Op.gt]: after }, endedAt: { [Op.lt]: before } };
    const page = await imports.findAll({ where, attributes: ['id', 'fileId'], order: [['id', 'ASC']], limit: AT_ONCE });
    const owners = page.flatMap(({ id, fileId }) => [id, fileId]);
    const parts = await importParts.findAll({
      where: { ownerId: owners },
      attributes: ['ownerId'],
      group: ['ownerId'],
    });
    const files = await importFiles.findAll({ where: { id: owners }, attributes: ['id'] });
    const kept = new Set([...parts.map(({ ownerId }) => ownerId), ...files.map(({ id }) => id)]);
    for (const { id, fileId } of page.filter((row) => kept.has(row.id) || kept.has(row.fileId))) {
      await forget(house, [id, fileId], fileId, id);
      forgotten += 1;
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < AT_ONCE) return forgotten;
  }
}

async function forgetStray(house: House, before: Date): Promise<number> {
  const where = { state: { [Op.ne]: 'kept' as const }, createdAt: { [Op.lt]: before } };
  let forgotten = 0;
  for (;;) {
    const page = await house.db.rows.importFiles.findAll({ where, attributes: ['id'], limit: AT_ONCE });
    for (const { id } of page) await forget(house, [id], id);
    forgotten += page.length;
    if (page.length < AT_ONCE) return forgotten;
  }
}

async function forget(house: House, owners: readonly string[], fileId: string, importId?: string): Promise<void> {
  const { imports, importFiles, importParts } = house.db.rows;
  await withTransaction(house.db, async (transaction) => {
    await importParts.destroy({ where: { ownerId: { [Op.in]: [...owners] } }, transaction });
    await importFiles.destroy({ where: { id: fileId }, transaction });
    if (importId !== undefined)
      await imports.update({ headings: null, onceKey: null }, { where: { id: importId }, transaction });
  });
}
