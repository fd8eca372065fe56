/** A row of hn_catalog_sync as the act it asks for: another version of an entry that exists here, or its retirement. */
import type { MachinePass } from '../../front-end/profile.ts';
import { readBeijingText } from '../days.ts';
import type { Weighed } from './claim-rows.ts';
import type { Gathered } from './gather-known.ts';
import type { HenanRow, PhysicalRow } from './henan-row.ts';
import { readCatalogue } from './read-catalogue.ts';
import { readLarge } from './read-physical.ts';
import { weighRow } from './weigh-row.ts';

const TABLE = 'hn_catalog_sync';

export async function weighCatalogueRow(pass: MachinePass, physical: PhysicalRow, known: Gathered): Promise<Weighed> {
  const { house, machine, connection } = pass;
  const { key, text } = physical;
  const entry = known.entry(text.licence_type_code?.trim() ?? '');
  const image = await readLarge(connection, TABLE, 'license_base_image', key);
  const read = await readCatalogue(house, physical, entry, image);
  // An entry asks for one act at a time, whichever it is.
  const wish = { contentsDigest: read.digest, state: 11 as const, stateDigest: '', statusWhenIssued: 'valid' as const };
  const [act] = weighRow(wish, {
    ...known.of(key),
    upsert: known.newestLine(key),
    status: undefined,
    licence: 'valid',
  });
  if (!act) return { physical, rows: [] };
  const businessKey = known.subjectOf(key);
  if (read.agrees && entry?.issuingBody === machine.organisationCode) {
    const { revision, digest } = act;
    const confirmed = { businessKey: key, revision, operation: read.operation, subject: businessKey, digest };
    return { physical, rows: [], confirmed };
  }
  const row: HenanRow = {
    ...{ frontEnd: machine.name, table: TABLE, kind: 'catalogue', businessKey, rowId: key },
    ...{ revision: act.revision, payloadDigest: act.digest, operation: read.operation, physical },
    ...{ lastRevision: act.revision, body: read.body, faults: read.faults },
    pushedAt: act.revision === 1 ? (readBeijingText(text.create_date ?? '') ?? null) : null,
  };
  return { physical, rows: [row] };
}
