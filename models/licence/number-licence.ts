/** Make the next licence number of an entry whose format has a template: `{yyyy}` and `{seq:6}`. */
import { Op } from 'sequelize';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';

/** By which no number is given twice in an entry. */
export function numberKeyOf(catalogueCode: string, licenceNumber: string): string {
  return `${catalogueCode}:${licenceNumber}`;
}

/** Throws `FIELD_REQUIRED` when the entry has no template. Runs in the transaction that stores the licence, and holds the
 *  entry's row until its end, so that no two count alike. */
export async function nextLicenceNumber(house: House, tx: Tx, entry: CatalogueColumns): Promise<string> {
  const { template } = entry.definition.numberFormat;
  if (!template)
    throw new Fault('FIELD_REQUIRED', { errors: [{ pointer: '/fields/licenceNumber', code: 'FIELD_REQUIRED' }] });
  const dated = template.replace('{yyyy}', toShanghaiDate(house.clock()).slice(0, 4));
  const [, head = '', digits = '6', tail = ''] = /^(.*)\{seq:(\d)\}(.*)$/.exec(dated) ?? [];
  const width = Number(digits);
  await house.db.rows.catalogueEntries.findByPk(entry.id, { attributes: ['id'], transaction: tx, lock: true });
  const keyOf = (count: string) => numberKeyOf(entry.code, `${head}${count}${tail}`);
  const newest = await house.db.rows.licences.findOne({
    // Between the first and the last number: found in the index, however many there are.
    where: {
      numberKey: {
        [Op.between]: [keyOf('0'.repeat(width)), keyOf('9'.repeat(width))],
        [Op.like]: keyOf('_'.repeat(width)),
      },
    },
    order: [['numberKey', 'DESC']],
    attributes: ['licenceNumber'],
    transaction: tx,
  });
  const last = newest ? Number(newest.licenceNumber.slice(head.length, head.length + width)) : 0;
  return `${head}${String(last + 1).padStart(width, '0')}${tail}`;
}
