/** A department's own licence by commitment with what was promised, held until the transaction ends; every act upon it starts here. */
import { requireOrganisation } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { lockLicences } from '../licence/lock-licences.ts';
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
  /** What had come due of the licence and is written down now, for the log. */
  readonly turned: readonly AuditFacts[];
}

/** Throws `NOT_FOUND` for another department's licence, `NOT_BY_COMMITMENT`, `STATE_CONFLICT` for one that has ended. */
export async function holdCommitment(house: House, tx: Tx, caller: Caller, licenceId: string): Promise<Held> {
  const held = await lockLicences(house, tx, caller, [licenceId], requireOrganisation(caller));
  const licence = held.licences.get(licenceId);
  if (!licence) throw new Fault('NOT_FOUND');
  const commitment = (await house.db.rows.commitments.findByPk(licenceId, { transaction: tx, lock: true }))?.get();
  // What was carried over from the former is owed, whatever stands on the face of the new version.
  if (!licence.commitment && !commitment) throw new Fault('NOT_BY_COMMITMENT');
  const { state, status } = licence;
  if (state === 'returned' || state === 'withdrawn') throw new Fault('STATE_CONFLICT', { detail: state });
  if (commitment?.state === 'annulled' || commitment?.state === 'ended')
    throw new Fault('STATE_CONFLICT', { detail: status ?? commitment.state });
  const items = await readRows(house.db.rows.commitmentItems, {
    where: { licenceId },
    order: [['place', 'ASC']],
    tx,
  });
  return { licence, commitment, items, turned: held.entries };
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

/** The last thing of the transaction. */
export async function logAct(house: House, tx: Tx, caller: Caller, held: Held, facts: AuditFacts): Promise<void> {
  await appendAudits(house, tx, houseCaller(caller.requestId), held.turned);
  await appendAudits(house, tx, caller, [facts]);
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
