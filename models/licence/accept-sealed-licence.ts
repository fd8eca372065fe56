/** Record a licence that its issuing department has sealed itself: the same rules as for any submission, then every
 *  file is verified over its own bytes before anything is stored. We add no seal; the check code is ours. */

import { readOfdCustomData } from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House, Remember } from '../house.ts';
import { parseIdentifier } from '../identifier/licence-identifier.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { judgeInHouse } from '../verification/judge-in-house.ts';
import type { IssueFacts } from './compose-sealing-task.ts';
import { recordIssue, type StoredFile } from './confirm-sealing.ts';
import { composeValidity } from './face-values.ts';
import type { Submission } from './submission.ts';
import {
  acceptSubmission,
  duplicateNumber,
  type SubmissionSource,
  type Submitted,
  storeSubmission,
} from './submit-licence.ts';

export interface HandedFile {
  readonly format: string;
  readonly bytes: Uint8Array;
  /** SM3 as the department states it, hex; null when it states none. */
  readonly sm3: string | null;
}

export interface SealedByIssuer {
  readonly identifier: string;
  /** YYYY-MM-DD. */
  readonly issuedOn: string;
  readonly files: readonly HandedFile[];
}

/** Throws every fault at once (`REQUEST_INVALID` with pointers): those of any submission, and `CHECK_CHARACTER_WRONG`,
 *  `FILE_NOT_WHAT_IT_SAYS`, `FILE_REFUSED` naming the failed checks, `FILE_MISMATCH`, `ALREADY_EXISTS`. */
export async function acceptSealedLicence(
  house: House,
  caller: Caller,
  body: unknown,
  sealed: SealedByIssuer,
  from: SubmissionSource,
  remember?: Remember<Submitted>,
): Promise<Submitted> {
  requireRole(caller, 'issuer.clerk');
  const { entry, submission } = await collectFaults(house, caller, body, sealed, from);
  const files: StoredFile[] = [];
  for (const { format, bytes } of sealed.files) {
    files.push({
      format: format as StoredFile['format'],
      digest: await house.blobs.put(bytes),
      sizeBytes: bytes.length,
    });
  }
  const facts = composeFacts(house, entry, submission, sealed);
  return withTransaction(house.db, async (tx) => {
    const row = await storeSubmission(house, tx, caller, entry, submission, from);
    await recordIssue(house, tx, caller, row, facts, files);
    const digests = files.map(({ format, digest }) => ({ format, digest }));
    const details = { sealedBy: 'issuer', identifier: facts.identifier, files: digests };
    await appendAudit(house, tx, caller, {
      act: 'licence.issue',
      licenceId: row.id,
      caseNumber: row.caseNumber,
      details,
    });
    const result: Submitted = { licenceId: row.id, state: 'issued', licenceNumber: row.licenceNumber };
    await remember?.(tx, result);
    return result;
  }).catch((error: unknown) => {
    throw isDuplicate(error) ? duplicateNumber(error) : error;
  });
}

async function collectFaults(
  house: House,
  caller: Caller,
  body: unknown,
  sealed: SealedByIssuer,
  from: SubmissionSource,
) {
  const faults: PointedFault[] = [];
  const accepted = await acceptSubmission(house, caller, body, from.replaces).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.errors.length === 0) throw error;
    faults.push(...error.errors);
    return undefined;
  });
  const catalogueCode = (body as Partial<Submission> | null)?.catalogueCode ?? '';
  faults.push(...(await checkIdentifier(house, sealed.identifier, catalogueCode, caller.organisationCode ?? '')));
  faults.push(...checkIssuedOn(house, sealed.issuedOn), ...(await checkFiles(house, sealed)));
  throwFaults(faults);
  if (!accepted) throw new Fault('REQUEST_INVALID');
  return accepted;
}

async function checkIdentifier(
  house: House,
  text: string,
  catalogueCode: string,
  issuer: string,
): Promise<PointedFault[]> {
  const pointer = '/identifier';
  if (!text) return [{ pointer, code: 'FIELD_REQUIRED' }];
  const identifier = parseIdentifier(text);
  if (!identifier) return [{ pointer, code: 'FIELD_PATTERN', detail: 'GB/T 36904' }];
  const faults: PointedFault[] = [];
  if (!identifier.checkHolds) faults.push({ pointer, code: 'CHECK_CHARACTER_WRONG' });
  if (identifier.typeCode !== catalogueCode) faults.push({ pointer, code: 'FILE_MISMATCH', detail: 'catalogueCode' });
  if (identifier.issuerCode !== issuer) faults.push({ pointer, code: 'FILE_MISMATCH', detail: 'issuingBody' });
  const taken = await house.db.rows.licences.findOne({ where: { identifier: canonical(text) }, attributes: ['id'] });
  if (taken) faults.push({ pointer, code: 'ALREADY_EXISTS' });
  return faults;
}

const canonical = (identifier: string) => identifier.trim().toUpperCase();

function checkIssuedOn(house: House, issuedOn: string): PointedFault[] {
  const pointer = '/issuedOn';
  if (!issuedOn) return [{ pointer, code: 'FIELD_REQUIRED' }];
  if (!isRealDate(issuedOn)) return [{ pointer, code: 'DATE_IMPOSSIBLE', detail: issuedOn.slice(0, 20) }];
  return issuedOn > toShanghaiDate(house.clock()) ? [{ pointer, code: 'VALIDITY_NOT_ALLOWED', detail: issuedOn }] : [];
}

async function checkFiles(house: House, { files, identifier }: SealedByIssuer): Promise<PointedFault[]> {
  return (await Promise.all(files.map((file) => checkFile(house, file, identifier)))).flat();
}

async function checkFile(
  house: House,
  { format, bytes, sm3 }: HandedFile,
  identifier: string,
): Promise<PointedFault[]> {
  const pointer = `/files/${format}`;
  if (sm3 && sm3.trim().toLowerCase() !== sm3Hex(bytes)) return [{ pointer: `${pointer}/sm3`, code: 'FILE_MISMATCH' }];
  const report = await judgeInHouse(house, bytes);
  if (report.format !== format) return [{ pointer, code: 'FILE_NOT_WHAT_IT_SAYS', detail: report.format }];
  if (report.valid && report.trusted === true)
    return isOfAnother(format, bytes, identifier) ? [{ pointer, code: 'FILE_MISMATCH', detail: 'ZZBS' }] : [];
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  const detail = failed.map(({ name, code, zh }) => `${name} ${code ?? ''} ${zh}`).join('；');
  return [{ pointer, code: 'FILE_REFUSED', detail }];
}

/** The file itself names another licence (ZZBS of GB/T 36903); files that name none are taken at the department's word. */
function isOfAnother(format: string, bytes: Uint8Array, identifier: string): boolean {
  const named = format === 'ofd' ? readOfdCustomData(bytes).get('ZZBS') : undefined;
  return named !== undefined && named !== '' && canonical(named) !== canonical(identifier);
}

function composeFacts(
  house: House,
  entry: CatalogueColumns,
  submission: Submission,
  sealed: SealedByIssuer,
): IssueFacts {
  const { issuedOn } = sealed;
  return {
    identifier: canonical(sealed.identifier),
    verificationCode: toBase32(house.random(16)),
    issuedOn,
    ...composeValidity(entry, submission, issuedOn),
  };
}
