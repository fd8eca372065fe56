/** Licences that provincial and national systems issued come back (省级回传, R-06, M-12): read with a cursor that is kept together
 *  with what was read, verified, and taken in; what is not taken is listed with its cause. Reading a page twice changes nothing. */
import {
  findCursor,
  findPagesAgain,
  findReturns,
  keepCursor,
  noteReturns,
  type ProvinceReturnColumns,
} from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { acceptReturned, type ReturnedState, returnedRecordSchema } from '../../models/licence/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { openRecheck } from '../../models/verification/index.ts';
import { Held, type Recheck } from './check-before-sending.ts';
import type { ProvinceConnector, ProvinceFile, ProvincePage, ReturnedLicence } from './connector.ts';
import { digestMessage } from './digest-message.ts';

export interface ReturnCounts {
  accepted: number;
  refused: number;
}

const PAGES_AGAIN = 20;

/** Throws `ProvinceAway`; what was taken until then stays. */
export async function receiveReturns(
  house: House,
  caller: Caller,
  connector: ProvinceConnector,
): Promise<ReturnCounts> {
  const counts: ReturnCounts = { accepted: 0, refused: 0 };
  if (!connector.returned) return counts;
  for (const cursor of await findPagesAgain(house, PAGES_AGAIN)) {
    await takePage(house, caller, cursor, await connector.returned(cursor), counts, undefined);
  }
  const name = `${connector.name} returned`.slice(0, 190);
  for (;;) {
    const cursor = await findCursor(house, name);
    const page = await connector.returned(cursor);
    await takePage(house, caller, cursor, page, counts, page.cursor === (cursor ?? '') ? undefined : name);
    if (!page.more) return counts;
  }
}

interface Judged {
  readonly item: ReturnedLicence;
  readonly identifier: string;
  readonly state: ReturnedState | undefined;
  readonly cause: string | null;
}

async function takePage(
  house: House,
  caller: Caller,
  cursor: string | null,
  page: ProvincePage<ReturnedLicence>,
  counts: ReturnCounts,
  cursorName: string | undefined,
): Promise<void> {
  const recheck = await openRecheck(house);
  const known = await findReturns(
    house,
    page.items.map((item) => identifierOf(item)),
  );
  const judged: Judged[] = [];
  for (const item of page.items) {
    const before = known.get(identifierOf(item));
    // Of one licence the states follow each other; what was decided on is not decided again, unless somebody asks for it.
    if (before && before.sequence >= item.sequence && before.state !== 'again') continue;
    if (before?.state === 'again' && before.sequence > item.sequence) continue;
    judged.push(await judge(house, item, recheck));
  }
  if (judged.length === 0 && cursorName === undefined) return;
  const done = await withTransaction(house.db, async (tx) => {
    const found: ReturnCounts = { accepted: 0, refused: 0 };
    for (const one of judged) {
      const { licenceId, cause } = one.state
        ? await acceptReturned(house, tx, caller, one.state)
        : { licenceId: null, cause: one.cause };
      found[cause === null ? 'accepted' : 'refused'] += 1;
      await noteReturns(house, tx, [describe(house, one, cursor, licenceId, cause, known.get(one.identifier))]);
    }
    if (cursorName !== undefined) await keepCursor(house, tx, cursorName, page.cursor);
    return found;
  });
  counts.accepted += done.accepted;
  counts.refused += done.refused;
}

function identifierOf({ subject }: ReturnedLicence): string {
  return subject.replace(/^licence:/, '').slice(0, 190);
}

/** Everything is looked at before anything is written: the form, the digest, each file. */
async function judge(house: House, item: ReturnedLicence, recheck: Recheck): Promise<Judged> {
  const identifier = identifierOf(item);
  const refuse = (cause: string): Judged => ({ item, identifier, state: undefined, cause });
  const record = returnedRecordSchema.safeParse(item.record);
  if (!record.success) return refuse(`RECORD_INVALID ${record.error.issues[0]?.path.join('/') ?? ''}`.trim());
  if (record.data.identifier !== identifier) return refuse('SUBJECT_MISMATCH');
  if (digestMessage(item.record, item.files) !== item.digest) return refuse('DIGEST_MISMATCH');
  const newest = record.data.changes.at(-1);
  if (newest?.sequence !== item.sequence || newest.toStatus !== record.data.status)
    return refuse('STATUS_WITHOUT_CHANGE_RECORD');
  if (item.files.length === 0) return refuse('FILE_MISSING');
  if (new Set(item.files.map(({ name }) => name)).size !== item.files.length) return refuse('FILE_TWICE');
  const files: ReturnedState['files'][number][] = [];
  try {
    for (const file of item.files) files.push(await takeFile(house, file, recheck));
  } catch (error) {
    if (!(error instanceof Held)) throw error;
    return refuse(error.message);
  }
  return { item, identifier, state: { record: record.data, sequence: item.sequence, files }, cause: null };
}

/** Stored before the records name it, as all files are. Throws `Held` with why it is not taken. */
async function takeFile(house: House, file: ProvinceFile, recheck: Recheck): Promise<ReturnedState['files'][number]> {
  const format = /^licence\.(ofd|pdf)$/.exec(file.name)?.[1] as 'ofd' | 'pdf' | undefined;
  if (!format) throw new Held(`FILE_NOT_WHAT_IT_SAYS ${file.name}`, false);
  const bytes = await house.blobs.get(file.sm3).catch((error: unknown) => {
    if (error instanceof Fault) return file.read();
    throw error;
  });
  if (sm3Hex(bytes) !== file.sm3) throw new Held(`FILE_DIGEST_MISMATCH ${file.name}`, false);
  const failed = await recheck(file.sm3, bytes);
  if (failed.length > 0) throw new Held(`FILE_REFUSED ${file.name} ${failed.join(' ')}`, false);
  return { format, digest: await house.blobs.put(bytes), sizeBytes: bytes.length };
}

function describe(
  house: House,
  { item, identifier, state }: Judged,
  pageCursor: string | null,
  licenceId: string | null,
  cause: string | null,
  before: ProvinceReturnColumns | undefined,
): ProvinceReturnColumns {
  const now = house.clock();
  return {
    ...{ id: identifier, sequence: item.sequence, digest: item.digest },
    ...{ state: cause === null ? 'accepted' : 'refused', cause, licenceId: licenceId ?? before?.licenceId ?? null },
    issuingBody: state?.record.issuingBody ?? before?.issuingBody ?? null,
    ...{ pageCursor, receivedAt: before?.receivedAt ?? now, updatedAt: now },
  };
}
