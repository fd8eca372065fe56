/** The licences that rows are about: those their keys have made, and those named by their identifiers. */
import type { AppliedRowColumns } from '../../models/exchange-state/index.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';

export interface KnownLicence {
  readonly id: string;
  readonly state: string;
  readonly identifier: string | null;
  readonly issuedOn: string | null;
  readonly successionAct: string | null;
  /** Identifier of the licence whose place it took; of those that keys have made. */
  readonly formerIdentifier?: string | undefined;
}

export interface KnownLicences {
  readonly byId: ReadonlyMap<string, KnownLicence>;
  readonly byIdentifier: ReadonlyMap<string, KnownLicence>;
}

const ATTRIBUTES = ['id', 'state', 'identifier', 'issuedOn', 'formerId', 'successionAct'];

export async function loadLicences(
  pass: MachinePass,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
): Promise<KnownLicences> {
  const ids = [...known.values()].flatMap(({ licenceId }) => licenceId ?? []);
  const { licences } = pass.house.db.rows;
  const where = { id: ids };
  const made = ids.length > 0 ? await licences.findAll({ where, attributes: ATTRIBUTES, raw: true }) : [];
  const formers = await findFormers(
    pass,
    made.flatMap(({ formerId }) => formerId ?? []),
  );
  return {
    byId: new Map(
      made.map((licence) => [licence.id, { ...licence, formerIdentifier: formers.get(licence.formerId ?? '') }]),
    ),
    byIdentifier: await findNamed(pass, rows),
  };
}

async function findFormers({ house }: MachinePass, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const where = { id: [...ids] };
  const formers = await house.db.rows.licences.findAll({ where, attributes: ['id', 'identifier'], raw: true });
  return new Map(formers.map(({ id, identifier }) => [id, identifier ?? '']));
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
