/** A new version that ends before its first day (voided, annulled, … while not yet effective) takes nobody's place: the former's part,
 *  planned for that day, is withdrawn, its number comes back to it, and it may have another new version. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { numberKeyOf } from './number-licence.ts';
import type { LicenceStep } from './record-steps.ts';
import type { LicenceColumns } from './rows.ts';
import { hasEnded, LICENCE_STATUSES, SUCCESSION_ACTS } from './states.ts';

/** In the transaction in which the steps are recorded. */
export async function releaseFormers(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
): Promise<void> {
  const ended = steps.filter(endsBeforeItBegan);
  if (ended.length === 0) return;
  const byFormer = new Map(ended.map((step) => [step.licence.predecessorId ?? '', step]));
  const formers = await readRows(house.db.rows.licences, {
    where: { id: { [Op.in]: [...byFormer.keys()] } },
    order: [['id', 'ASC']],
    ...{ tx, lock: true },
  });
  await withdrawPlans(house, tx, caller, byFormer);
  await giveBack(house, tx, formers, byFormer);
}

/** A version in whose place another one comes has an heir. */
export function endsBeforeItBegan({ licence, act, fromStatus, toStatus }: LicenceStep): boolean {
  const hasHeir = (SUCCESSION_ACTS as readonly string[]).includes(act);
  return licence.predecessorId !== null && fromStatus === 'not-yet-effective' && hasEnded(toStatus) && !hasHeir;
}

async function withdrawPlans(
  house: House,
  tx: Tx,
  caller: Caller,
  byFormer: ReadonlyMap<string, LicenceStep>,
): Promise<void> {
  const { plannedMoves } = house.db.rows;
  const planned = await readRows(plannedMoves, {
    where: {
      licenceId: { [Op.in]: [...byFormer.keys()] },
      ...{ state: 'planned', act: { [Op.in]: [...SUCCESSION_ACTS] } },
    },
    tx,
  });
  const endedAt = house.clock();
  const withdrawn = planned.flatMap(({ id, licenceId }) => {
    const step = byFormer.get(licenceId);
    if (!step) return [];
    const { licence, toStatus, reason, actor = caller.id } = step;
    const why = `新版本 ${licence.identifier ?? ''} 生效前已${LICENCE_STATUSES[toStatus].zh}：${reason ?? ''}`;
    return [{ id, state: 'withdrawn' as const, why, endedBy: actor, endedAt }];
  });
  await updateRows(house.db, tx, plannedMoves, 'id', withdrawn);
}

/** The number, where the version had taken it over, and the place after the former. */
async function giveBack(
  house: House,
  tx: Tx,
  formers: readonly LicenceColumns[],
  byFormer: ReadonlyMap<string, LicenceStep>,
): Promise<void> {
  const { licences } = house.db.rows;
  const back = formers.flatMap((former) => {
    const version = byFormer.get(former.id)?.licence;
    const numberKey = numberKeyOf(former.catalogueCode, former.licenceNumber);
    return version?.numberKey === numberKey ? [{ former: former.id, version: version.id, numberKey }] : [];
  });
  const left = [...byFormer.values()].map(({ licence: { id } }) => ({ id, predecessorId: null }));
  await updateRows(house.db, tx, licences, 'id', left);
  const given = back.map(({ version: id }) => ({ id, numberKey: null }));
  await updateRows(house.db, tx, licences, 'id', given);
  const kept = back.map(({ former: id, numberKey }) => ({ id, numberKey }));
  await updateRows(house.db, tx, licences, 'id', kept);
}
