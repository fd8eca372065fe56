/** What is still owed of a licence by commitment passes on to the new version in its place, with its dates: neither renewal nor
 *  amendment lets anybody off a promise (R-26, K-10). What has arrived stays on record of the former. */
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type ArrivedBefore, arrivedBeforeOf } from './arrived-before.ts';
import { timesOf } from './promise-times.ts';
import type { CommitmentColumns, CommitmentItemColumns, CommitmentStepColumns } from './rows.ts';

/** Which version takes whose place; the nearest former first. */
interface Carried {
  readonly formerId: string;
  readonly version: LicenceColumns;
}

/** Before the former's commitment is ended, in the transaction that ends it. An item that the department has entered with the new
 *  version already, by the same name, is the same one. */
export async function carryCommitments(
  house: House,
  tx: Tx,
  caller: Caller,
  carried: readonly Carried[],
): Promise<void> {
  const { commitments, commitmentItems, commitmentSteps } = house.db.rows;
  const formers = await readRows(commitments, { where: { id: carried.map(({ formerId }) => formerId) }, tx });
  const open = new Map(formers.filter(({ endedAt }) => endedAt === null).map((row) => [row.id, row]));
  const moving = carried.filter(({ formerId }) => open.has(formerId));
  if (moving.length === 0) return;
  const ids = moving.flatMap(({ formerId, version }) => [formerId, version.id]);
  const items = await readRows(commitmentItems, { where: { licenceId: ids }, order: [['place', 'ASC']], tx });
  const own = await readRows(commitments, { where: { id: moving.map(({ version }) => version.id) }, tx });
  const where = { licenceId: [...open.keys()], act: 'carry' as const };
  const before = groupBy(await readRows(commitmentSteps, { where, tx }), ({ licenceId }) => licenceId);
  const [itemsOf, known] = [groupBy(items, ({ licenceId }) => licenceId), new Map(own.map((row) => [row.id, row]))];
  const all = [...groupBy(moving, ({ version }) => version.id).values()].map((formersOf) =>
    formersOf.reduce<Composed>(
      (done, { formerId, version }) => {
        const former = open.get(formerId);
        const { items, row, step } = composeCarried(house, caller, {
          ...{ version, former, kept: done.row ?? known.get(version.id), items: itemsOf.get(formerId) ?? [] },
          ownItems: [...(itemsOf.get(version.id) ?? []), ...done.items],
          before: arrivedBeforeOf(before.get(formerId) ?? []),
        });
        return { items: [...done.items, ...items], row, steps: [...done.steps, step] };
      },
      { items: [], row: undefined, steps: [] },
    ),
  );
  const added = all.flatMap(({ items: one }) => one);
  await insertRows(house.db, tx, commitmentItems, added);
  const rows = all.flatMap(({ row }) => row ?? []);
  await putRows(house.db, tx, commitments, 'id', rows);
  const steps = all.flatMap(({ steps: one }) => one);
  await insertRows(house.db, tx, commitmentSteps, steps);
}

/** What a version takes over of all its formers: of one that has not begun it takes the place too. */
interface Composed {
  readonly items: readonly CommitmentItemColumns[];
  readonly row: CommitmentColumns | undefined;
  readonly steps: readonly CommitmentStepColumns[];
}

interface Both {
  readonly version: LicenceColumns;
  readonly former: CommitmentColumns | undefined;
  readonly items: readonly CommitmentItemColumns[];
  /** Entered with the new version before. */
  readonly kept: CommitmentColumns | undefined;
  readonly ownItems: readonly CommitmentItemColumns[];
  /** Had arrived with versions before the former. */
  readonly before: readonly ArrivedBefore[];
}

function composeCarried(house: House, caller: Caller, { version, former, items, kept, ownItems, before }: Both) {
  const now = house.clock();
  const { id: licenceId, issuingBody, catalogueCode } = version;
  const entered = new Set(ownItems.map(({ name }) => name));
  const last = Math.max(0, ...ownItems.map(({ place }) => place));
  const owed = items.filter(({ arrivedAt, name }) => arrivedAt === null && !entered.has(name));
  const moved = owed.map((item, index): CommitmentItemColumns => {
    const place = last + index + 1;
    return { ...item, id: `${licenceId}:${place}`, licenceId, place };
  });
  // Of two limits the earlier one holds.
  const [rectifyBy = null] = [former?.rectifyBy, kept?.rectifyBy].filter((date) => typeof date === 'string').sort();
  const row: CommitmentColumns = {
    ...{ id: licenceId, issuingBody, catalogueCode, rectifyBy, endedAt: null },
    ...timesOf([...ownItems, ...moved], rectifyBy, toShanghaiDate(now)),
    ...{ toldBodies: kept?.toldBodies ?? [], createdAt: kept?.createdAt ?? now },
  };
  const arrived = items.flatMap(({ licenceId: with_, name, dueOn, arrivedAt, digest: sm3 }): ArrivedBefore[] =>
    arrivedAt ? [{ licenceId: with_, name, dueOn, arrivedAt: arrivedAt.toISOString(), sm3 }] : [],
  );
  const details = {
    ...{
      from: former?.id,
      act: version.successionAct,
      arrived: [...before, ...arrived],
      rectifyBy: former?.rectifyBy ?? null,
    },
    items: moved.map(({ place: item, name, dueOn }) => ({ item, name, dueOn })),
  };
  const step: CommitmentStepColumns = {
    ...{ id: house.newId(), licenceId, act: 'carry', actor: caller.id, details, at: now },
  };
  return { items: moved, row, step };
}
