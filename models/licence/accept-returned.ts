/** A licence that a provincial or national system issued comes in (省级回传, R-06): it is issued already, by whom it says, and is
 *  never sent back. A later state of it brings its status, its data and the further change records. */
import { z } from 'zod';
import { appendAudits } from '../audit/append-audit.ts';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import { findOrAddHolders } from '../holder/find-or-add-holders.ts';
import type { Caller, House } from '../house.ts';
import { isRealDate } from '../kernel/clock.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { toBase32 } from '../kernel/ids.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { licenceChange } from './licence-change.ts';
import type { ChangeColumns, LicenceColumns, LicenceFileColumns } from './rows.ts';
import { LICENCE_STATUSES, type LicenceStatus } from './states.ts';

const text = (most: number) => z.string().trim().min(1).max(most);
const date = z.string().refine(isRealDate).nullable();
const status = z.enum(Object.keys(LICENCE_STATUSES) as [LicenceStatus, ...LicenceStatus[]]);

/** In the shape in which our own licences leave. */
export const returnedRecordSchema = z.object({
  identifier: text(190),
  catalogueCode: text(190),
  issuingBody: text(190),
  licenceNumber: text(190),
  holders: z
    .array(z.object({ name: text(190), type: z.enum(['natural', 'legal']), numberType: text(20), number: text(64) }))
    .min(1)
    .max(100),
  fields: z.record(z.string().max(190), z.string().max(20_000)),
  validFrom: date,
  validTo: date,
  issuedOn: date,
  status,
  changes: z
    .array(
      z.object({
        sequence: z.int().min(1),
        act: text(60),
        fromStatus: z.string().max(60).nullable(),
        toStatus: status,
        legalBasis: z.string().max(1000).nullable(),
        reason: z.string().max(2000).nullable(),
      }),
    )
    .min(1)
    .max(1000)
    .refine((changes) => changes.every(({ sequence }, at) => at === 0 || sequence > (changes[at - 1]?.sequence ?? 0)), {
      message: 'each change follows the one before',
    }),
  /** Nothing classified comes in, from anywhere. */
  classified: z.literal(false).optional(),
});
export type ReturnedRecord = z.infer<typeof returnedRecordSchema>;

export interface ReturnedState {
  readonly record: ReturnedRecord;
  readonly sequence: number;
  /** Judged and stored already. */
  readonly files: readonly Pick<LicenceFileColumns, 'format' | 'digest' | 'sizeBytes'>[];
  /** It was computed wrong elsewhere; the log tells. */
  readonly isCheckCharacterWrong: boolean;
}

/** The id of the licence, or why it is not taken. */
export interface ReturnedOutcome {
  readonly licenceId: string | null;
  readonly cause: string | null;
}

/** A state against which `judgeReturned` and `judgeReturnedFiles` found nothing. */
export async function acceptReturned(
  house: House,
  tx: Tx,
  caller: Caller,
  state: ReturnedState,
): Promise<ReturnedOutcome> {
  const { record, sequence } = state;
  const where = { identifier: record.identifier };
  const [known] = await readRows(house.db.rows.licences, { where, tx, lock: true });
  if (known && known.source !== 'province') return { licenceId: null, cause: 'ALREADY_EXISTS' };
  if (known && known.sequence >= sequence) return { licenceId: known.id, cause: null };
  const entry = await findNewestEntry(house, record.catalogueCode);
  if (!entry) return { licenceId: null, cause: 'CATALOGUE_UNKNOWN' };
  const licence = compose(house, known, state, entry.version);
  if (known) await house.db.rows.licences.update(licence, { where: { id: known.id }, transaction: tx });
  else await insertRows(house.db, tx, house.db.rows.licences, [licence]);
  await writeChanges(house, tx, licence, record, known?.sequence ?? 0);
  await writeFiles(house, tx, licence, state);
  if (!known) await writeHolders(house, tx, licence, record);
  const act = record.changes.at(-1)?.act ?? 'issue';
  await publishChanges(house, tx, caller, [licenceChange(licence, known ? act : 'issue')]);
  const remark = state.isCheckCharacterWrong ? { checkCharacter: 'wrong' } : {};
  const details = { identifier: record.identifier, sequence, issuingBody: record.issuingBody, ...remark };
  await appendAudits(house, tx, caller, [{ act: 'exchange.return', licenceId: licence.id, details }]);
  return { licenceId: licence.id, cause: null };
}

function compose(
  house: House,
  known: LicenceColumns | undefined,
  { record, sequence }: ReturnedState,
  catalogueVersion: number,
): LicenceColumns {
  const now = house.clock();
  const { identifier, catalogueCode, issuingBody, licenceNumber, fields, validFrom, validTo, issuedOn } = record;
  return {
    id: known?.id ?? house.newId(),
    ...{ catalogueCode, catalogueVersion: known?.catalogueVersion ?? catalogueVersion, issuingBody },
    ...{ state: 'issued', status: record.status, licenceNumber, identifier, fields, validFrom, validTo, issuedOn },
    // The number is the province's to give; it takes none of ours.
    numberKey: null,
    verificationCode: known?.verificationCode ?? toBase32(house.random(16)),
    ...{ closedAt: null, caseNumber: null, commitment: false, source: 'province', sourceKey: identifier, stock: null },
    ...{
      turnsOn: null,
      predecessorId: null,
      formerId: null,
      successionAct: null,
      successionBasis: null,
      successionReason: null,
    },
    contentDigest: sm3Hex(JSON.stringify({ identifier, fields })),
    ...{ sequence, createdAt: known?.createdAt ?? now, createdBy: 'province', updatedAt: now },
  };
}

async function writeChanges(house: House, tx: Tx, { id }: LicenceColumns, record: ReturnedRecord, after: number) {
  const now = house.clock();
  const fresh = record.changes.filter(({ sequence }) => sequence > after);
  const rows = fresh.map(
    (change): ChangeColumns => ({
      ...{
        id: house.newId(),
        licenceId: id,
        ...change,
        actor: 'province',
        replaced: null,
        effectiveAt: now,
        createdAt: now,
      },
    }),
  );
  await insertRows(house.db, tx, house.db.rows.changes, rows);
}

/** Files that are here already stay; others become the next version. */
async function writeFiles(house: House, tx: Tx, { id }: LicenceColumns, { files }: ReturnedState): Promise<void> {
  const { licenceFiles } = house.db.rows;
  const held = await readRows(licenceFiles, { where: { licenceId: id }, tx });
  const digests = new Set(held.map(({ digest }) => digest));
  const version = Math.max(0, ...held.map((file) => file.version)) + 1;
  const fresh = files.filter(({ digest }) => !digests.has(digest));
  const createdAt = house.clock();
  const rows = fresh.map((file) => ({ id: house.newId(), licenceId: id, version, ...file, createdAt }));
  await insertRows(house.db, tx, licenceFiles, rows);
}

async function writeHolders(house: House, tx: Tx, { id }: LicenceColumns, { holders }: ReturnedRecord): Promise<void> {
  const found = await findOrAddHolders(house, tx, holders);
  const rows = holders.flatMap(({ name }, position) => {
    const holder = found[position];
    return holder ? [{ id: house.newId(), licenceId: id, holderId: holder.id, name, position }] : [];
  });
  const once = [...new Map(rows.map((row) => [row.holderId, row])).values()];
  await insertRows(house.db, tx, house.db.rows.licenceHolders, once);
}
