/** Make the next licence numbers of an entry whose format has a template (catalogue/number-template.ts). */
import { Op } from 'sequelize';
import { followsPattern } from '../catalogue/bound-pattern.ts';
import { longestNumber } from '../catalogue/definition.ts';
import { makeNumber, readNumberTemplate } from '../catalogue/number-template.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';

/** By which no number is given twice in an entry. */
export function numberKeyOf(catalogueCode: string, licenceNumber: string): string {
  return `${catalogueCode}:${licenceNumber}`;
}

/** Throws `FIELD_REQUIRED` when the entry has no template, `LICENCE_NUMBERS_EXHAUSTED` after the last count that fits,
 *  `FIELD_PATTERN` when what is made does not follow the entry's own format. Runs in the transaction that stores the licence, and holds the
 *  entry's row until its end, so that no two count alike. */
export async function nextLicenceNumbers(
  house: House,
  tx: Tx,
  entry: CatalogueColumns,
  count: number,
  stated: readonly string[] = [],
): Promise<readonly string[]> {
  const { pattern, template = '' } = entry.definition.numberFormat;
  const parts = readNumberTemplate(template, toShanghaiDate(house.clock()).slice(0, 4));
  if (!parts) throw numberFault('REQUEST_INVALID', { code: 'FIELD_REQUIRED' });
  const { head, width, tail } = parts;
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
  // Those that are stored in the same act and state a number of their own.
  const own = stated.filter(
    (one) => one.startsWith(head) && one.endsWith(tail) && one.length === head.length + width + tail.length,
  );
  const counts = [...(newest ? [newest.licenceNumber] : []), ...own].map((one) =>
    Number(one.slice(head.length, head.length + width)),
  );
  const last = Math.max(0, ...counts.filter(Number.isInteger));
  return Array.from({ length: count }, (_, index) => {
    const made = makeNumber(parts, last + 1 + index);
    if (made === undefined) throw numberFault('LICENCE_NUMBERS_EXHAUSTED', { code: 'LICENCE_NUMBERS_EXHAUSTED' });
    if (!followsPattern(pattern, made, longestNumber(entry.definition)))
      throw numberFault('REQUEST_INVALID', { code: 'FIELD_PATTERN', detail: made });
    return made;
  });
}

function numberFault(outer: Fault['code'], fault: Omit<PointedFault, 'pointer'>): Fault {
  return new Fault(outer, { errors: [{ pointer: '/fields/licenceNumber', ...fault }] });
}
