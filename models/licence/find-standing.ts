/** How licences stand now, for readers: the dates on the face and every planned move whose time has come, whether or not the clock has
 *  written it down yet. Nothing is kept here; two further look-ups at most, however many licences. */
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findHeirs, findPlans } from './due-plans.ts';
import type { LicenceColumns } from './rows.ts';
import { type LicenceStatus, statusOn } from './states.ts';
import { turnChains } from './turn-chains.ts';
import type { Turned } from './turn-licence.ts';

/** By licence; null before its issue. */
export async function findStanding(
  house: House,
  licences: readonly LicenceColumns[],
  tx?: Tx,
): Promise<Map<string, LicenceStatus | null>> {
  const today = toShanghaiDate(house.clock());
  const turned = await findUnwritten(house, licences, tx);
  return new Map(licences.map((licence) => [licence.id, statusOn(turned.get(licence.id)?.licence ?? licence, today)]));
}

/** Of one licence. */
export async function getStanding(house: House, licence: LicenceColumns, tx?: Tx): Promise<LicenceStatus | null> {
  return (await findStanding(house, [licence], tx)).get(licence.id) ?? null;
}

/** What the clock has still to write down of those for which a planned move is due, by licence. */
export async function findUnwritten(
  house: House,
  licences: readonly LicenceColumns[],
  tx?: Tx,
): Promise<Map<string, Turned>> {
  const now = house.clock();
  const issued = licences.filter(({ state }) => state === 'issued').map(({ id }) => id);
  const due = await findPlans(house, issued, { tx, until: now });
  if (due.size === 0) return new Map();
  const heirs = await findHeirs(house, due, now, { tx });
  const theirs = await findPlans(
    house,
    heirs.map(({ id }) => id),
    { tx, until: now },
  );
  const waiting = licences.filter(({ id }) => due.has(id));
  const turned = turnChains({ licences: waiting, heirs, plans: new Map([...theirs, ...due]) }, now, now);
  return new Map(turned.map((one) => [one.licence.id, one]));
}
