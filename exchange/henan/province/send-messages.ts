/** Messages as rows of the province's front-end tables. Handed over when the row lies there; the receipt is that the province's task
 *  has moved it. */
import {
  FILE_NUMBER_CONTEXT,
  type HenanSubjectColumns,
  type HenanWritten,
  noteHenanWritten,
} from '../../../models/exchange-state/index.ts';
import type { House } from '../../../models/house.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { Held } from '../../province/check-before-sending.ts';
import {
  type LicenceMessage,
  ProvinceAway,
  type ProvinceFile,
  type ProvinceMessage,
  type ProvinceOutcome,
  type Sent,
} from '../../province/connector.ts';
import { toBeijingText } from '../days.ts';
import { baseImageOf, composeCatalogueRow } from './compose-catalogue-row.ts';
import { composeLicenceRow } from './compose-licence-row.ts';
import { withVersion } from './file-number.ts';
import { findPresent } from './find-present.ts';
import { type Preparation, prepareMessages } from './prepare-messages.ts';
import { type RowToWrite, writeRows } from './write-rows.ts';

/** Of one statement; a single row may be larger. */
const MOST_CHARACTERS = 4_000_000;

interface Ready {
  readonly message: ProvinceMessage;
  readonly row: RowToWrite;
  readonly written: HenanWritten;
}

interface Batch {
  readonly house: House;
  readonly connection: FrontEndConnection;
  readonly preparation: Preparation;
  /** Keys of the rows that lie there. */
  readonly present: ReadonlySet<string>;
  readonly outcomes: Map<string, ProvinceOutcome>;
}

/** Why a licence waits for its entry. */
export const CODE_AWAITED = 'CATALOGUE_CODE_AWAITED';

export async function sendMessages(
  house: House,
  connection: FrontEndConnection,
  messages: readonly ProvinceMessage[],
): Promise<Sent> {
  const preparation = await prepareMessages(house, messages);
  const keys = messages.flatMap((message) => preparation.keyOf(message) ?? []);
  const present = await findPresent(connection, keys).catch((cause: unknown) => {
    throw new ProvinceAway({ detail: nameError(cause), cause });
  });
  const batch: Batch = { house, connection, preparation, present: new Set(present.keys()), outcomes: new Map() };
  let portion: Ready[] = [];
  let size = 0;
  for (const message of messages) {
    const ready = await makeReady(batch, message);
    if (!ready) continue;
    portion.push(ready);
    size += (ready.row.file?.base64.length ?? 0) + String(ready.row.columns.new_add_metadata ?? '').length;
    if (size < MOST_CHARACTERS) continue;
    await writePortion(batch, portion);
    portion = [];
    size = 0;
  }
  await writePortion(batch, portion);
  return { outcomes: batch.outcomes, receipts: [], unbelieved: [] };
}

/** The row of a message; undefined when its outcome is known without one. */
async function makeReady(batch: Batch, message: ProvinceMessage): Promise<Ready | undefined> {
  const { preparation, present, outcomes } = batch;
  const kept = preparation.kept(message.subject);
  const key = preparation.keyOf(message);
  if (!kept || key === undefined) {
    outcomes.set(message.subject, { outcome: 'held', reason: 'FILE_NUMBER_IMPOSSIBLE', mayMend: false });
    return undefined;
  }
  if (kept.sequence > message.sequence) {
    outcomes.set(message.subject, { outcome: 'delayed', reason: 'NEWER_WRITTEN' });
    return undefined;
  }
  if (kept.sequence === message.sequence && kept.digest === message.digest && present.has(key)) {
    outcomes.set(message.subject, { outcome: 'pending' });
    return undefined;
  }
  try {
    return message.kind === 'licence'
      ? await makeLicence(batch, message, kept, key)
      : { message, ...(await makeEntry(batch, message, kept, key)) };
  } catch (error) {
    if (!(error instanceof Held)) throw error;
    outcomes.set(message.subject, { outcome: 'held', reason: error.message, mayMend: error.mayMend });
    return undefined;
  }
}

async function makeLicence(
  { house, preparation, present }: Batch,
  message: LicenceMessage,
  kept: HenanSubjectColumns,
  key: string,
): Promise<Ready> {
  const { record, files, subject, sequence, digest } = message;
  const catalogId = preparation.catalogId(record.catalogueCode);
  if (catalogId === undefined) throw new Held(CODE_AWAITED, true);
  const definition = preparation.definitionOf(message);
  const file = files.find(({ name }) => name.endsWith('.ofd')) ?? files[0];
  if (!file || !definition) throw new Held('FILE_MISSING', true);
  const isOther = kept.fileDigest !== null && kept.fileDigest !== file.sm3;
  const fileVersion = isOther ? kept.fileVersion + 1 : kept.fileVersion;
  const fileNumber = isOther ? withVersion(key, fileVersion) : key;
  const columns = await composeLicenceRow(house, record, {
    ...{ fileNumber, catalogId, issuerName: preparation.nameOf(record.issuingBody), definition },
    format: file.name.endsWith('.ofd') ? 'ofd' : 'pdf',
  });
  // A file that lies there already does not travel again.
  const lies = !isOther && kept.fileDigest === file.sm3 && present.has(key);
  const base64 = lies ? undefined : await readBase64(file);
  const written = { serial: kept.serial, subject, sequence, digest, fileVersion, fileDigest: file.sm3 };
  return {
    message,
    row: {
      ...{ table: 'hn_license_sync', columns },
      file: base64 === undefined ? undefined : { column: 'license_file', base64 },
      replaces: isOther ? key : undefined,
    },
    written: { ...written, fileNumberCipher: house.cipher.encrypt(FILE_NUMBER_CONTEXT, fileNumber) },
  };
}

async function makeEntry(
  { preparation, present }: Batch,
  message: Extract<ProvinceMessage, { kind: 'catalogue' }>,
  kept: HenanSubjectColumns,
  key: string,
): Promise<Omit<Ready, 'message'>> {
  const { subject, sequence, digest, record } = message;
  const image = baseImageOf(message);
  const lies = image !== undefined && kept.fileDigest === image.sm3 && present.has(key);
  const base64 = image && !lies ? await readBase64(image) : undefined;
  return {
    row: {
      table: 'hn_catalog_sync',
      columns: composeCatalogueRow(message, preparation.nameOf(record.definition.issuingBody)),
      file: base64 === undefined ? undefined : { column: 'license_base_image', base64 },
    },
    written: {
      ...{ serial: kept.serial, subject, sequence, digest, fileVersion: kept.fileVersion },
      ...{ fileDigest: image?.sm3 ?? null, fileNumberCipher: null },
    },
  };
}

const readBase64 = async (file: ProvinceFile): Promise<string> => Buffer.from(await file.read()).toString('base64');

async function writePortion({ house, connection, outcomes }: Batch, portion: readonly Ready[]): Promise<void> {
  if (portion.length === 0) return;
  const causes = await writeRows(
    connection,
    portion.map(({ row }) => row),
    toBeijingText(house.clock()),
  );
  const done = portion.filter((_, index) => causes[index] === undefined);
  const older = await noteHenanWritten(
    house,
    done.map(({ written }) => written),
  );
  for (const [index, { message }] of portion.entries()) {
    const cause = causes[index] ?? (older.has(message.subject) ? 'NEWER_WRITTEN' : undefined);
    outcomes.set(message.subject, cause === undefined ? { outcome: 'pending' } : { outcome: 'delayed', reason: cause });
  }
}
