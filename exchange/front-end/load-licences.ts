/** The licences that rows are about: those their keys have made, and those named by their identifiers. */
import type { AppliedRowColumns } from '../../models/exchange-state/index.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';

export interface KnownLicence {
  readonly id: string;
  readonly state: string;
  readonly identifier: string | null;
  readonly issuedOn: string | null;
}

export interface KnownLicences {
  readonly byId: ReadonlyMap<string, KnownLicence>;
  readonly byIdentifier: ReadonlyMap<string, KnownLicence>;
}

export async function loadLicences(
  { house, machine }: MachinePass,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
): Promise<KnownLicences> {
  const ids = [...known.values()].flatMap(({ licenceId }) => licenceId ?? []);
  const identifiers = rows.flatMap((row) => (row.operation === 'status' && row.identifier ? [row.identifier] : []));
  const attributes = ['id', 'state', 'identifier', 'issuedOn'];
  const { licences } = house.db.rows;
  const made = ids.length > 0 ? await licences.findAll({ where: { id: ids }, attributes, raw: true }) : [];
  const where = { identifier: identifiers, issuingBody: machine.organisationCode };
  const named = identifiers.length > 0 ? await licences.findAll({ where, attributes, raw: true }) : [];
  return {
    byId: new Map(made.map((licence) => [licence.id, licence])),
    byIdentifier: new Map(named.map((licence) => [licence.identifier ?? '', licence])),
  };
}
