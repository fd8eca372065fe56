/** Fetch a file of evidence; every download is on record. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { openStoredFile } from '../import/stored-file.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import type { EvidenceColumns } from './rows.ts';
import { sidesOf } from './sides.ts';

/** For who objects, the issuer and the bureau. Throws `NOT_FOUND`, and `BLOB_CORRUPT` for bytes that are no longer those handed in. */
export async function getEvidence(
  house: House,
  caller: Caller,
  number: string,
  evidenceId: string,
): Promise<{ readonly bytes: Uint8Array; readonly format: EvidenceColumns['format']; readonly digest: string }> {
  const { objections, objectionEvidence } = house.db.rows;
  const objection = await objections.findOne({ where: { number } });
  const mayRead = objection && sidesOf(caller, objection).length > 0;
  const where = { id: evidenceId, objectionId: objection?.id ?? '' };
  const row = mayRead ? await objectionEvidence.findOne({ where }) : null;
  await logAccess(house, caller, {
    ...{ act: 'objection.read', outcome: row ? 'done' : 'refused', licenceId: objection?.licenceId ?? null },
    details: { number: objection?.number ?? '', evidence: row?.digest ?? '' },
  });
  if (!row) throw new Fault('NOT_FOUND');
  const { fileId, sizeBytes, format, digest } = row;
  const bytes = await openStoredFile(house, { id: fileId, sizeBytes }).read(0, sizeBytes);
  if (sm3Hex(bytes) !== digest) throw new Fault('BLOB_CORRUPT', { detail: digest });
  return { bytes, format, digest };
}
