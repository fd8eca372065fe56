/** Write submissions that were judged good: licences in state `submitted` (`issued` where their
 *  department has sealed them) and their holders, with a handful of statements
 *  however many they are; the clocks of their cases stop. */
import { appendAudits } from '../audit/append-audit.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { meetCases } from '../deadline/meet-cases.ts';
import { findOrAddHolders } from '../holder/find-or-add-holders.ts';
import type { HolderColumns } from '../holder/rows.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { digestContent, type LicenceContent } from './content.ts';
import type { AcceptedSubmission } from './judge-submissions.ts';
import { nextLicenceNumbers, numberKeyOf } from './number-licence.ts';
import { withStatus } from './record-steps.ts';
import type { LicenceColumns } from './rows.ts';
import { statusOn } from './states.ts';
import { storePictures } from './store-pictures.ts';
import type { Submission } from './submission.ts';
import { withdrawSubmissions } from './withdraw-submission.ts';

/** How the cases of these submissions were closed, where the way in says so: offline with its reason, or in a batch. */
export interface CaseWay {
  readonly mode: 'offline' | 'batch';
  readonly offlineReason?: string;
  /** When the batch was closed: what was closed on an earlier day has a clock of its own. */
  readonly batchClosedAt?: Date;
}

/** In the order given. */
export async function storeSubmissions(
  house: House,
  tx: Tx,
  caller: Caller,
  accepted: readonly AcceptedSubmission[],
  way?: CaseWay,
): Promise<readonly LicenceColumns[]> {
  const ids = accepted.map(() => house.newId());
  const replaced = accepted.flatMap(({ from }, place) =>
    from.replaces ? [{ licenceId: from.replaces, to: ids[place] ?? '' }] : [],
  );
  const withdrawn = await withdrawSubmissions(house, tx, caller, replaced);
  const numbers = await numberAll(house, tx, accepted);
  const holders = await findOrAddHolders(
    house,
    tx,
    accepted.flatMap(({ submission }) => submission.holders),
  );
  const rows: LicenceColumns[] = [];
  for (const [index, one] of accepted.entries())
    rows.push(await composeRow(house, caller, one, { id: ids[index] ?? '', licenceNumber: numbers[index] ?? '' }));
  const { licences, licenceHolders } = house.db.rows;
  await insertRows(house.db, tx, licences, rows);
  await insertRows(house.db, tx, licenceHolders, composeLinks(house, accepted, rows, holders));
  await meetCases(house, tx, rows, way);
  await appendAudits(house, tx, caller, withdrawn);
  return rows;
}

/** The number each states, and for the others the next ones of their entry. */
async function numberAll(house: House, tx: Tx, accepted: readonly AcceptedSubmission[]): Promise<readonly string[]> {
  const numbers = accepted.map(
    ({ entry, submission }) => submission.fields[entry.definition.numberField]?.trim() ?? '',
  );
  const without = new Map<string, { readonly entry: CatalogueColumns; readonly places: number[] }>();
  for (const [index, { entry }] of accepted.entries()) {
    if (numbers[index]) continue;
    const group = without.get(entry.id) ?? { entry, places: [] };
    group.places.push(index);
    without.set(entry.id, group);
  }
  const stated = numbers.filter(Boolean);
  for (const { entry, places } of without.values()) {
    const made = await nextLicenceNumbers(house, tx, entry, places.length, stated);
    for (const [position, place] of places.entries()) numbers[place] = made[position] ?? '';
  }
  return numbers;
}

async function composeRow(
  house: House,
  caller: Caller,
  { entry, submission, from, issue, predecessor }: AcceptedSubmission,
  { id, licenceNumber }: Pick<LicenceColumns, 'id' | 'licenceNumber'>,
): Promise<LicenceColumns> {
  const { numberField } = entry.definition;
  const fields = {
    ...(await storePictures(house, entry.definition.fields, submission.fields)),
    [numberField]: licenceNumber,
  };
  const { validFrom = null, validTo = null, commitment = false, caseNumber = null } = submission;
  const stock = submission.stock ?? from.stock;
  const issuedOn = stock?.issuedOn ?? null;
  const paperNumber = submission.stock?.paperNumber ?? null;
  const numberKey = numberKeyOf(entry.code, licenceNumber);
  const now = house.clock();
  const common = { catalogueCode: entry.code, catalogueVersion: entry.version, issuingBody: entry.issuingBody };
  const row: LicenceColumns = {
    ...common,
    id,
    state: 'submitted',
    status: null,
    licenceNumber,
    // A new version takes its former's number over when it is issued.
    numberKey: numberKey === predecessor?.numberKey ? null : numberKey,
    identifier: null,
    verificationCode: null,
    fields,
    validFrom,
    validTo,
    issuedOn,
    closedAt: submission.closedAt ? new Date(submission.closedAt) : null,
    caseNumber,
    commitment,
    source: from.source,
    sourceKey: from.sourceKey ?? null,
    stock: stock ? { paperNumber } : null,
    contentDigest: digestContent(contentOf(common, submission, fields, issuedOn)),
    sequence: 1,
    turnsOn: null,
    predecessorId: predecessor?.id ?? null,
    formerId: predecessor?.id ?? null,
    successionAct: submission.succeeds?.act ?? null,
    successionBasis: submission.succeeds?.legalBasis ?? null,
    successionReason: submission.succeeds?.reason ?? null,
    createdAt: now,
    createdBy: caller.id,
    updatedAt: now,
  };
  if (!issue) return row;
  const status = statusOn({ ...issue, status: 'valid' }, toShanghaiDate(now)) ?? 'valid';
  return { ...withStatus({ ...row, ...issue }, status, now), state: 'issued' };
}

function composeLinks(
  house: House,
  accepted: readonly AcceptedSubmission[],
  rows: readonly LicenceColumns[],
  holders: readonly HolderColumns[],
) {
  let next = 0;
  return accepted.flatMap(({ submission }, index) =>
    submission.holders.map(({ name }, position) => {
      const holderId = holders[next]?.id ?? '';
      next += 1;
      return { id: house.newId(), licenceId: rows[index]?.id ?? '', holderId, name, position };
    }),
  );
}

/** What is reviewed and sealed of a submission whose pictures are stored and whose number is known.
 *  @param issuedOn the day of the paper, of a stock licence */
export function contentOf(
  common: Pick<LicenceContent, 'catalogueCode' | 'catalogueVersion' | 'issuingBody'>,
  submission: Submission,
  fields: Readonly<Record<string, string>>,
  issuedOn: string | null = null,
): LicenceContent {
  const { validFrom = null, validTo = null, commitment = false } = submission;
  const holders = submission.holders.map(({ name, type, number }) => ({
    name,
    type,
    number: number.trim().toUpperCase(),
  }));
  const content = { ...common, licenceNumber: fields.licenceNumber ?? '', holders, fields };
  const { paperNumber } = submission.stock ?? {};
  const paper = { ...(issuedOn === null ? {} : { issuedOn }), ...(paperNumber === undefined ? {} : { paperNumber }) };
  const { succeeds } = submission;
  const former = succeeds ? { succeeds: { identifier: succeeds.identifier, act: succeeds.act } } : {};
  return { ...content, validFrom, validTo, commitment, ...paper, ...former };
}
