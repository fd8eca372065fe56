/** How licences stood when their windows closed, whenever that is looked at: an inspection is judged as of its closing, 0:00 of the day
 *  after the last, and not as of the run. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { addDays, startOfShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import { statusAsOf } from '../licence/as-of.ts';
import { findStanding, findUnwritten } from '../licence/find-standing.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { readRows } from '../store/bulk-read.ts';
import type { InspectionColumns } from './rows.ts';

export interface AtClosing {
  readonly then: LicenceStatus | null;
  readonly now: LicenceStatus | null;
  /** Since when an act of the closing holds: the closing, or the newest change where that came later. */
  readonly since: Date;
}

/** By inspection. */
export async function findAtClosing(
  house: House,
  rows: readonly InspectionColumns[],
): Promise<ReadonlyMap<string, AtClosing>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ licenceId }) => licenceId);
  const licences = await readRows(house.db.rows.licences, { where: { id: { [Op.in]: ids } } });
  const written = groupBy(
    await readRows(house.db.rows.changes, { where: { licenceId: { [Op.in]: ids } } }),
    ({ licenceId }) => licenceId,
  );
  const [standing, unwritten] = [await findStanding(house, licences), await findUnwritten(house, licences)];
  const byId = new Map(licences.map((licence) => [licence.id, licence]));
  return new Map(
    rows.flatMap((row) => {
      const licence = byId.get(row.licenceId);
      if (!licence) return [];
      const closing = startOfShanghaiDate(addDays(row.closesOn, 1));
      const due = (unwritten.get(licence.id)?.steps ?? []).map(({ act, toStatus, effectiveAt = closing, ...step }) => ({
        ...{ act, toStatus, effectiveAt, sequence: step.licence.sequence, replaced: null },
      }));
      const changes = [...(written.get(licence.id) ?? []), ...due];
      const now = standing.get(licence.id) ?? null;
      const at = statusAsOf(licence, changes, closing);
      // Not in force yet: it has the inspection from its former, and stands for it now.
      const then = at === null || at === 'not-yet-effective' ? now : at;
      const since = new Date(Math.max(closing.getTime(), ...changes.map(({ effectiveAt }) => effectiveAt.getTime())));
      return [[row.id, { then, now, since }] as const];
    }),
  );
}
