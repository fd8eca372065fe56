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

const ATTRIBUTES = ['id', 'state', 'identifier', 'issuedOn'];

export async function loadLicences(
  pass: MachinePass,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
): Promise<KnownLicences> {
  const ids = [...known.values()].flatMap(({ licenceId }) => licenceId ?? []);
  const { licences } = pass.house.db.rows;
  const where = { id: ids };
  const made = ids.length > 0 ? await licences.findAll({ where, attributes: ATTRIBUTES, raw: true }) : [];
  return {
    byId: new Map(made.map((licence) => [licence.id, licence])),
    byIdentifier: await findNamed(pass, rows),
  };
}

/** The body's licences that changes of status name by their identifiers. */
export async function findNamed(
  { house, machine }: MachinePass,
  rows: readonly FrontEndRow[],
): Promise<ReadonlyMap<string, KnownLicence>> {
  const identifiers = rows.flatMap((row) => (row.operation === 'status' && row.identifier ? [row.identifier] : []));
  if (identifiers.length === 0) return new Map();
  const where = { identifier: identifiers, issuingBody: machine.organisationCode };
  const named = await house.db.rows.licences.findAll({ where, attributes: ATTRIBUTES, raw: true });
  return new Map(named.map((licence) => [licence.identifier ?? '', licence]));
}
