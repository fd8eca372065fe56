/** The versions beside licences, for each: the one it was made from, and the one that takes or took its place. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
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

/** By licence. */
export async function findVersions(
  house: House,
  licences: readonly LicenceColumns[],
  tx?: Tx,
): Promise<Map<string, Versions>> {
  const ids = { [Op.in]: licences.map(({ id }) => id) };
  const formers = licences.flatMap(({ formerId }) => formerId ?? []);
  const rows = await readRows(house.db.rows.licences, {
    where: { [Op.or]: [{ predecessorId: ids }, { formerId: ids }, { id: { [Op.in]: formers } }] },
    attributes: ['id', 'identifier', 'state', 'predecessorId', 'formerId', 'successionAct'],
    order: [['id', 'ASC']],
    tx,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const heirs = new Map(rows.map((row) => [row.predecessorId, row]));
  // The newest: later ones stand behind. Of those that have ended before they began none has a place.
  const placed = rows.filter(({ state, predecessorId }) => state === 'issued' && predecessorId !== null);
  const madeFrom = new Map(placed.map((row) => [row.formerId, row]));
  return new Map(
    licences.map(({ id, formerId, successionAct }) => {
      // One that gave up its place before it began is succeeded by what was made from it.
      const next = heirs.get(id) ?? madeFrom.get(id);
      const former = byId.get(formerId ?? '');
      return [id, { succeeds: link(former, successionAct), succeededBy: link(next, next?.successionAct ?? null) }];
    }),
  );
}

/** Of one licence. */
export async function getVersions(house: House, licence: LicenceColumns): Promise<Versions> {
  return (await findVersions(house, [licence])).get(licence.id) ?? { succeeds: null, succeededBy: null };
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
