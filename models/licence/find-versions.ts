/** The versions beside a licence: the one whose place it took, and the one that takes or took its place. */
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
  { id, predecessorId, successionAct }: LicenceColumns,
  tx?: Tx,
): Promise<Versions> {
  const rows = await house.db.rows.licences.findAll({
    where: { [Op.or]: [{ predecessorId: id }, ...(predecessorId === null ? [] : [{ id: predecessorId }])] },
    attributes: ['id', 'identifier', 'state', 'predecessorId', 'successionAct'],
    ...(tx ? { transaction: tx } : {}),
  });
  const former = rows.find((row) => row.id === predecessorId);
  const next = rows.find((row) => row.predecessorId === id);
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
  const where = { predecessorId: licenceId, state: 'issued' as const };
  return (await house.db.rows.licences.count({ where })) > 0;
}
