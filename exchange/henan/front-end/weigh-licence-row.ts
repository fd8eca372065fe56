/** A row of hn_license_sync as the acts it asks for: its contents, and where the licence is to stand. */

import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { toShanghaiDate } from '../../../models/kernel/clock.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { statusOn } from '../../../models/licence/index.ts';
import type { MachinePass } from '../../front-end/profile.ts';
import { LICENCE_STATES } from '../code-lists.ts';
import { readBeijingText } from '../days.ts';
import type { Weighed } from './claim-rows.ts';
import type { Gathered } from './gather-known.ts';
import type { HenanRow, PhysicalRow } from './henan-row.ts';
import { catalogueCodeOf, type ReadLicence, readLicence } from './read-licence.ts';
import { type Act, weighRow } from './weigh-row.ts';

const TABLE = 'hn_license_sync';

export async function weighLicenceRow(pass: MachinePass, physical: PhysicalRow, known: Gathered): Promise<Weighed> {
  const codeOfCatalogId = known.codeOf(physical.text.catalog_id?.trim() ?? '');
  const code = catalogueCodeOf(physical, codeOfCatalogId);
  const read = readLicence(physical, {
    organisationCode: pass.machine.organisationCode,
    codeOfCatalogId,
    definition: code ? known.entry(code)?.definition : undefined,
  });
  const acts = weighRow(wishOf(pass, read), known.of(physical.key));
  const lastRevision = acts.at(-1)?.revision ?? 0;
  const rows = acts.map((act) => toRow(pass, physical, read, act, known.subjectOf(physical.key), lastRevision));
  return { physical, rows };
}

function wishOf({ house }: MachinePass, { body, contentsDigest, state, reason }: ReadLicence) {
  const dates = { validFrom: textOf(body.validFrom), validTo: textOf(body.validTo) };
  const statusWhenIssued = statusOn({ status: 'valid', ...dates }, toShanghaiDate(house.clock())) ?? 'valid';
  const stateDigest = sm3Hex(canonicalJson({ state: state ?? null, reason: reason ?? null }));
  return { contentsDigest, state, stateDigest, statusWhenIssued };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

function toRow(
  { machine }: MachinePass,
  physical: PhysicalRow,
  read: ReadLicence,
  act: Act,
  businessKey: string,
  lastRevision: number,
): HenanRow {
  const mark = {
    ...{ frontEnd: machine.name, table: TABLE, kind: 'licence' as const, businessKey, rowId: businessKey },
    ...{ revision: act.revision, payloadDigest: act.digest, operation: act.operation, physical, lastRevision },
  };
  const badState = { pointer: '/act', code: 'FIELD_NOT_IN_CODE_LIST' as const, detail: '11 / -10 / -4 / -5' };
  const faults = read.state === undefined ? [badState] : [];
  const identifier = read.identifier ? { identifier: read.identifier } : {};
  if (act.operation === 'status')
    return { ...mark, ...identifier, pushedAt: null, faults, body: { act: act.act, reason: reasonOf(read) } };
  // The date of making says when it was laid down only as long as the row was not overwritten.
  const pushedAt = act.revision === 1 ? (readBeijingText(physical.text.create_date ?? '') ?? null) : null;
  const sealed = read.sealed ? { sealed: read.sealed } : {};
  return { ...mark, ...identifier, ...sealed, pushedAt, faults: [...read.faults, ...faults], body: read.body };
}

/** The columns have no reason: without one in new_add_metadata the state itself is told. */
function reasonOf({ reason, state }: ReadLicence): string {
  return reason ?? `前置库 ${TABLE}.state = ${state}（${state === undefined ? '' : LICENCE_STATES[state]}）`;
}
