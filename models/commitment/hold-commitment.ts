/** A department's own licence by commitment with what was promised, held until the transaction ends; every act upon it starts here. */
import { requireOrganisation } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { holdLicences } from '../licence/lock-licences.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { timesOf } from './promise-times.ts';
import type { CommitmentColumns, CommitmentItemColumns, CommitmentStepColumns } from './rows.ts';

export interface Held {
  readonly licence: LicenceColumns;
  /** Undefined: nothing has been promised yet. */
  readonly commitment: CommitmentColumns | undefined;
  /** In their places. */
  readonly items: readonly CommitmentItemColumns[];
}

/** Throws `NOT_FOUND` for another department's licence, `NOT_BY_COMMITMENT`, `STATE_CONFLICT` for one that has ended. */
export async function holdCommitment(house: House, tx: Tx, caller: Caller, licenceId: string): Promise<Held> {
  const [licence] = await holdLicences(house, tx, [licenceId]);
  if (licence?.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
  if (!licence.commitment) throw new Fault('NOT_BY_COMMITMENT');
  const { state, status } = licence;
  if (state === 'returned' || state === 'withdrawn') throw new Fault('STATE_CONFLICT', { detail: state });
  const commitment = (await house.db.rows.commitments.findByPk(licenceId, { transaction: tx, lock: true }))?.get();
  if (commitment?.state === 'annulled' || commitment?.state === 'ended')
    throw new Fault('STATE_CONFLICT', { detail: status ?? commitment.state });
  const items = await readRows(house.db.rows.commitmentItems, {
    where: { licenceId },
    order: [['place', 'ASC']],
    tx,
  });
  return { licence, commitment, items };
}

/** Of the next step, with the due date that its items and rectification now give. */
export async function keepCommitment(
  house: House,
  tx: Tx,
  { licence, commitment }: Held,
  items: readonly CommitmentItemColumns[],
  rectifyBy: string | null,
): Promise<CommitmentColumns> {
  const now = house.clock();
  const row: CommitmentColumns = {
    ...{ id: licence.id, issuingBody: licence.issuingBody, catalogueCode: licence.catalogueCode, rectifyBy },
    ...timesOf(items, rectifyBy, toShanghaiDate(now)),
    ...{ toldBodies: commitment?.toldBodies ?? [], endedAt: null, createdAt: commitment?.createdAt ?? now },
  };
  await putRows(house.db, tx, house.db.rows.commitments, 'id', [row]);
  return row;
}

export async function noteStep(
  house: House,
  tx: Tx,
  caller: Caller,
  licenceId: string,
  act: CommitmentStepColumns['act'],
  details: CommitmentStepColumns['details'],
): Promise<void> {
  const step = { id: house.newId(), licenceId, act, actor: caller.id, details, at: house.clock() };
  await house.db.rows.commitmentSteps.create(step, { transaction: tx });
}
