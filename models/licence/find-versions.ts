/** The versions beside a licence: the one it was made from, and the one that takes or took its place. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns } from './rows.ts';
import type { LicenceState, SuccessionAct } from './states.ts';

export interface VersionLink {
  readonly licenceId: string;
  readonly identifier: string | null;
  readonly act: SuccessionAct;
  readonly state: LicenceState;
}

export interface Versions {
  readonly succeeds: VersionLink | null;
  /** Under way or issued. */
  readonly succeededBy: VersionLink | null;
}

export async function findVersions(
  house: House,
  { id, formerId, successionAct, status }: LicenceColumns,
  tx?: Tx,
): Promise<Versions> {
  const rows = await house.db.rows.licences.findAll({
    where: { [Op.or]: [{ predecessorId: id }, { formerId: id }, ...(formerId === null ? [] : [{ id: formerId }])] },
    attributes: ['id', 'identifier', 'state', 'predecessorId', 'formerId', 'successionAct'],
    order: [['id', 'DESC']],
    ...(tx ? { transaction: tx } : {}),
  });
  const former = rows.find((row) => row.id === formerId);
  // One that gave up its place before it began is succeeded by what was made from it.
  const madeFrom = rows.find((row) => row.formerId === id && row.state === 'issued');
  const next = rows.find((row) => row.predecessorId === id) ?? (status === 'superseded' ? madeFrom : undefined);
  return { succeeds: link(former, successionAct), succeededBy: link(next, next?.successionAct ?? null) };
}

function link(
  row: Pick<LicenceColumns, 'id' | 'identifier' | 'state'> | undefined,
  act: SuccessionAct | null,
): VersionLink | null {
  return row && act ? { licenceId: row.id, identifier: row.identifier, act, state: row.state } : null;
}

/** Has a newer version been issued? All that verifiers are told of it. */
export async function hasNewerVersion(house: House, licenceId: string): Promise<boolean> {
  const handedOn = { formerId: licenceId, predecessorId: { [Op.ne]: null } };
  const where = { state: 'issued' as const, [Op.or]: [{ predecessorId: licenceId }, handedOn] };
  return (await house.db.rows.licences.count({ where })) > 0;
}
