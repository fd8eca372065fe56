/** Whether a licence of a person can be had here: a valid one exists. Of one person and few types, in a constant number of statements. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { endOfShanghaiDate, startOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';
import { statusAsOf } from '../licence/as-of.ts';
import { statusOn } from '../licence/states.ts';
import type { BoundUse } from '../sharing/get-use.ts';
import { findWithinUse } from '../sharing/within-use.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Unobtainable } from './paper-words.ts';

export interface Obtainable {
  readonly catalogueCode: string;
  /** As the newest version of the entry calls it; empty for a type that is not in the catalogue. */
  readonly catalogueName: string;
  readonly obtainable: boolean;
  readonly why: Unobtainable | null;
}

/** Of every type that the matter of the use asks for, in its order. */
export async function findObtainable(house: House, bound: BoundUse): Promise<Obtainable[]> {
  const { catalogueCodes } = bound.matter;
  const licences = await findWithinUse(house, bound);
  const entries = await readRows(house.db.rows.catalogueEntries, {
    where: { code: { [Op.in]: [...catalogueCodes] } },
    attributes: ['code', 'version', 'name'],
    order: [['version', 'ASC']],
  });
  const names = new Map(entries.map(({ code, name }) => [code, name]));
  const today = toShanghaiDate(house.clock());
  return catalogueCodes.map((catalogueCode) => {
    const statuses = licences
      .filter((licence) => licence.catalogueCode === catalogueCode)
      .map((licence) => statusOn(licence, today));
    const obtainable = statuses.includes('valid');
    const status = statuses.find((one) => one !== null && one !== 'valid') as Unobtainable | undefined;
    const why = obtainable ? null : (status ?? (names.has(catalogueCode) ? 'none' : 'catalogue-unknown'));
    return { catalogueCode, catalogueName: names.get(catalogueCode) ?? '', obtainable, why };
  });
}

/** A holder's licence of this type was valid at the beginning or at the end of that day, or is now if it is today. */
export async function wasObtainable(
  house: House,
  {
    holderId,
    catalogueCode,
    askedOn,
  }: { readonly holderId: string; readonly catalogueCode: string; readonly askedOn: string },
): Promise<boolean> {
  const { licenceHolders, licences: table, changes: moves } = house.db.rows;
  const links = await readRows(licenceHolders, { where: { holderId }, attributes: ['licenceId'] });
  const id = { [Op.in]: links.map(({ licenceId }) => licenceId) };
  const licences = await readRows(table, { where: { id, catalogueCode, state: 'issued' } });
  const changes = await readRows(moves, { where: { licenceId: { [Op.in]: licences.map((licence) => licence.id) } } });
  const [now, start, end] = [
    house.clock(),
    startOfShanghaiDate(askedOn),
    new Date(endOfShanghaiDate(askedOn).getTime() - 1),
  ];
  return licences.some((licence) => {
    const own = changes.filter(({ licenceId }) => licenceId === licence.id);
    return [start, end < now ? end : now].some((at) => statusAsOf(licence, own, at) === 'valid');
  });
}
