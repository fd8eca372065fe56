/** The codes that the province has given to catalogue entries (目录代码), and which machines were told. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { FrontEndMachine } from './find-front-ends.ts';
import type { ProvinceCatalogueCodeColumns } from './rows.ts';

/** What the connectors bring. The same code again changes nothing; another one takes its place. How many are new. */
export async function keepProvinceCodes(
  house: House,
  codes: readonly { readonly code: string; readonly provincialCode: string }[],
): Promise<number> {
  const { provinceCatalogueCodes } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const where = { code: { [Op.in]: codes.map(({ code }) => code) } };
    const known = await readRows(provinceCatalogueCodes, { where, tx, lock: true });
    const kept = new Map(known.map(({ code, provincialCode }) => [code, provincialCode]));
    const fresh = codes.filter(({ code, provincialCode }) => kept.get(code) !== provincialCode);
    const rows = [...new Map(fresh.map((one) => [one.code, { ...one, at: house.clock() }])).values()];
    await putRows(house.db, tx, provinceCatalogueCodes, 'code', rows);
    return rows.length;
  });
}

const toldId = ({ name }: Pick<FrontEndMachine, 'name'>, code: string) => `${name}/${code}`;

/** Codes for entries of the machine's body of which it knows nothing yet, or another. */
export async function findUntoldCodes(
  house: House,
  machine: Pick<FrontEndMachine, 'name' | 'organisationCode'>,
): Promise<ProvinceCatalogueCodeColumns[]> {
  const { catalogueEntries, provinceCatalogueCodes, toldCatalogueCodes } = house.db.rows;
  const entries = await catalogueEntries.findAll({
    where: { issuingBody: machine.organisationCode },
    attributes: ['code'],
    group: ['code'],
    raw: true,
  });
  const codes = entries.map(({ code }) => code);
  if (codes.length === 0) return [];
  const answers = await readRows(provinceCatalogueCodes, { where: { code: { [Op.in]: codes } } });
  if (answers.length === 0) return [];
  const ids = answers.map(({ code }) => toldId(machine, code));
  const told = await readRows(toldCatalogueCodes, { where: { id: { [Op.in]: ids } } });
  const known = new Map(told.map(({ id, provincialCode }) => [id, provincialCode]));
  return answers.filter(({ code, provincialCode }) => known.get(toldId(machine, code)) !== provincialCode);
}

export async function noteTold(
  house: House,
  machine: Pick<FrontEndMachine, 'name'>,
  answers: readonly Pick<ProvinceCatalogueCodeColumns, 'code' | 'provincialCode'>[],
): Promise<void> {
  const at = house.clock();
  const rows = answers.map(({ code, provincialCode }) => ({ id: toldId(machine, code), provincialCode, at }));
  await withTransaction(house.db, (tx) => putRows(house.db, tx, house.db.rows.toldCatalogueCodes, 'id', rows));
}
