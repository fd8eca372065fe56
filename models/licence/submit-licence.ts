/** Accept, authorise and lint a submission (信息提交); what passes waits for review. The same for every way in. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { meetCase } from '../deadline/meet-case.ts';
import { findOrAddHolder } from '../holder/find-or-add-holder.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import { isDuplicate, type Tx, withTransaction } from '../store/with-transaction.ts';
import { digestContent, type LicenceContent } from './content.ts';
import { lintSubmission } from './lint-licence.ts';
import { nextLicenceNumber, numberKeyOf } from './number-licence.ts';
import type { LicenceColumns } from './rows.ts';
import { readSubmission, type Submission } from './submission.ts';
import { withdrawSubmission } from './withdraw-submission.ts';

export interface Submitted {
  readonly licenceId: string;
  readonly state: LicenceColumns['state'];
  readonly licenceNumber: string;
}

export interface SubmissionSource {
  readonly source: LicenceColumns['source'];
  /** Front-end machine and business key, or the sheet's row. */
  readonly sourceKey?: string;
  /** A submission of the same source that is not sealed yet: it is withdrawn when this one is stored. */
  readonly replaces?: string;
}

/** Throws every fault at once (`REQUEST_INVALID` with pointers), `FOREIGN_ISSUER`, `ORGANISATION_NOT_ACTIVE`,
 *  `LICENCE_NUMBER_DUPLICATE`. Nothing is stored unless all is well. */
export async function submitLicence(
  house: House,
  caller: Caller,
  body: unknown,
  from: SubmissionSource,
  remember?: Remember<Submitted>,
): Promise<Submitted> {
  requireRole(caller, 'issuer.clerk');
  const { entry, submission } = await acceptSubmission(house, caller, body, from.replaces);
  const store = () =>
    withTransaction(house.db, async (tx) => {
      const row = await storeSubmission(house, tx, caller, entry, submission, from);
      const details = { catalogueCode: row.catalogueCode, source: row.source };
      await appendAudit(house, tx, caller, {
        act: 'licence.submit',
        licenceId: row.id,
        caseNumber: row.caseNumber,
        details,
      });
      const result: Submitted = { licenceId: row.id, state: row.state, licenceNumber: row.licenceNumber };
      await remember?.(tx, result);
      return result;
    });
  const numbered = submission.fields[entry.definition.numberField]?.trim();
  return numbered ? store().catch(rethrowDuplicate) : countAgain(store);
}

/** Two that are numbered at once count alike; the unique key lets one pass, and the others count once more. */
const COUNTING_TRIES = 20;

async function countAgain<T>(store: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store();
    } catch (error) {
      if (!isDuplicate(error) || attempt === COUNTING_TRIES) return rethrowDuplicate(error);
    }
  }
}

function rethrowDuplicate(error: unknown): never {
  throw isDuplicate(error) ? duplicateNumber(error) : error;
}

export function duplicateNumber(cause?: unknown): Fault {
  const errors: PointedFault[] = [{ pointer: '/fields/licenceNumber', code: 'LICENCE_NUMBER_DUPLICATE' }];
  return new Fault('LICENCE_NUMBER_DUPLICATE', { errors, cause });
}

/** Everything that is judged before anything is stored. */
export async function acceptSubmission(
  house: House,
  caller: Caller,
  body: unknown,
  replaces?: string,
): Promise<{ readonly entry: CatalogueColumns; readonly submission: Submission }> {
  const { submission, faults } = readSubmission(body);
  const entry = submission.catalogueCode ? await findCurrentEntry(house, submission.catalogueCode) : undefined;
  if (!entry) {
    const unknown: PointedFault[] = submission.catalogueCode
      ? [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' }]
      : [];
    throwFaults([...faults, ...unknown]);
    throw new Fault('CATALOGUE_UNKNOWN');
  }
  if (requireOrganisation(caller) !== entry.issuingBody) throw new Fault('FOREIGN_ISSUER');
  await requireActive(house, entry.issuingBody);
  throwFaults([
    ...faults,
    ...(await lintSubmission(house, entry, submission)),
    ...(await checkNumberFree(house, entry, submission, replaces)),
  ]);
  return { entry, submission: submission as Submission };
}

async function checkNumberFree(
  house: House,
  entry: CatalogueColumns,
  submission: Partial<Submission>,
  replaces: string | undefined,
): Promise<PointedFault[]> {
  const { numberField } = entry.definition;
  const number = submission.fields?.[numberField];
  if (!number) return [];
  const taken = await house.db.rows.licences.findOne({
    where: { numberKey: numberKeyOf(entry.code, number) },
    attributes: ['id'],
  });
  return taken && taken.id !== replaces
    ? [{ pointer: `/fields/${numberField}`, code: 'LICENCE_NUMBER_DUPLICATE' }]
    : [];
}

/** Write the licence and its holders in state `submitted`, and stop the clock of its case. */
export async function storeSubmission(
  house: House,
  tx: Tx,
  caller: Caller,
  entry: CatalogueColumns,
  submission: Submission,
  from: SubmissionSource,
): Promise<LicenceColumns> {
  if (from.replaces) await withdrawSubmission(house, tx, caller, from.replaces);
  const { numberField } = entry.definition;
  const given = submission.fields[numberField]?.trim();
  const licenceNumber = given || (await nextLicenceNumber(house, tx, entry));
  const fields = { ...(await storePictures(house, entry, submission.fields)), [numberField]: licenceNumber };
  const holders = await Promise.all(submission.holders.map((holder) => findOrAddHolder(house, tx, holder)));
  const validFrom = submission.validFrom ?? null;
  const validTo = submission.validTo ?? null;
  const commitment = submission.commitment ?? false;
  const now = house.clock();
  const common = { catalogueCode: entry.code, catalogueVersion: entry.version, issuingBody: entry.issuingBody };
  const row: LicenceColumns = {
    ...common,
    id: house.newId(),
    state: 'submitted',
    status: null,
    licenceNumber,
    numberKey: numberKeyOf(entry.code, licenceNumber),
    identifier: null,
    verificationCode: null,
    fields,
    validFrom,
    validTo,
    issuedOn: null,
    closedAt: submission.closedAt ? new Date(submission.closedAt) : null,
    caseNumber: submission.caseNumber ?? null,
    commitment,
    source: from.source,
    sourceKey: from.sourceKey ?? null,
    contentDigest: digestContent(contentOf(common, submission, fields)),
    sequence: 1,
    createdAt: now,
    createdBy: caller.id,
    updatedAt: now,
  };
  await house.db.rows.licences.create(row, { transaction: tx });
  for (const [position, holder] of holders.entries()) {
    const name = submission.holders[position]?.name ?? holder.name;
    const link = { id: house.newId(), licenceId: row.id, holderId: holder.id, name, position };
    await house.db.rows.licenceHolders.create(link, { transaction: tx });
  }
  await meetCase(house, tx, row);
  return row;
}

/** What is reviewed and sealed of a submission whose pictures are stored and whose number is known. */
export function contentOf(
  common: Pick<LicenceContent, 'catalogueCode' | 'catalogueVersion' | 'issuingBody'>,
  submission: Submission,
  fields: Readonly<Record<string, string>>,
): LicenceContent {
  const { validFrom = null, validTo = null, commitment = false } = submission;
  const holders = submission.holders.map(({ name, type, number }) => ({
    name,
    type,
    number: number.trim().toUpperCase(),
  }));
  return { ...common, licenceNumber: fields.licenceNumber ?? '', holders, fields, validFrom, validTo, commitment };
}

/** Pictures go to the file store; the field keeps `sm3:` and the digest. */
async function storePictures(
  house: House,
  entry: CatalogueColumns,
  fields: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const stored: Record<string, string> = { ...fields };
  for (const { key, type } of entry.definition.fields) {
    const value = stored[key];
    if (type === 'image' && value) stored[key] = `sm3:${await house.blobs.put(Buffer.from(value, 'base64'))}`;
  }
  return stored;
}
