/** Generated licences written directly into a city's database and the reference province's library: consistent rows, as if each
 *  had been issued by its department, pushed by a front-end machine and confirmed by the province. A million in under three
 *  minutes. The sealed files themselves are not made: only what they are called and how long they are. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import mysql from 'mysql2/promise';
import { composeLicenceMessage } from '../../exchange/province/compose-message.ts';
import { defaultNumberType } from '../../models/holder/find-or-add-holders.ts';
import { indexHolderNumber } from '../../models/holder/index-number.ts';
import type { HolderColumns } from '../../models/holder/rows.ts';
import type { House } from '../../models/house.ts';
import { formatIdentifier } from '../../models/identifier/licence-identifier.ts';
import { socialCreditCheckCharacter } from '../../models/identifier/social-credit-code.ts';
import { composeRecord } from '../../models/licence/compose-records.ts';
import type { ChangeColumns, LicenceColumns, LicenceFileColumns } from '../../models/licence/rows.ts';
import { toPlain } from '../../models/store/bulk-values.ts';
import { kindsOf, type Table } from '../../models/store/define-table.ts';

export interface LoadOptions {
  readonly house: Pick<House, 'db' | 'cipher'>;
  /** `mysql://…` of that house; the account may load local data. */
  readonly databaseUrl: string;
  readonly count: number;
  /** The same seed gives the same licences. */
  readonly seed: number;
  /** Entries under which they are issued, in turn. The entry takes numbers of `施字第` and ten digits. */
  readonly kinds: readonly LoadedKind[];
  /** The machine they came from; left out: they came over HTTP. */
  readonly frontEnd?: string;
  readonly say?: (line: string) => void;
}

export interface LoadedKind {
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly issuingBody: string;
}

/** One licence as it lies in both databases. */
export interface LoadedLicence {
  readonly businessKey: string;
  readonly licence: LicenceColumns;
  readonly file: LicenceFileColumns;
  readonly change: ChangeColumns;
  readonly holder: LoadedHolder;
}

type LoadedHolder = Pick<HolderColumns, 'id' | 'name' | 'type' | 'numberType' | 'numberIndex'> & {
  readonly number: string;
};

/** For what is loaded, from one piece to the next. */
const PATIENCE_SECONDS = 600;
/** Licences share holders, as in life. */
const LICENCES_PER_HOLDER = 5;
const ISSUED_AT = new Date('2026-01-05T02:00:00Z');
const FILE_BYTES = 60_000;

export interface LicenceSource {
  /** The n-th, from 0. */
  at(index: number): LoadedLicence;
}

export function generateLicences({
  house,
  seed,
  kinds,
  frontEnd,
}: Pick<LoadOptions, 'house' | 'seed' | 'kinds' | 'frontEnd'>): LicenceSource {
  let last: { readonly index: number; readonly holder: LoadedHolder } | undefined;
  return {
    at(index) {
      const place = Math.floor(index / LICENCES_PER_HOLDER);
      last = last?.index === place ? last : { index: place, holder: composeHolder(house, seed, place) };
      return composeLoaded(last.holder, seed, kinds, frontEnd, index);
    },
  };
}

/** 26 characters in the order of the index, different for each table. */
function idOf(table: string, seed: number, index: number): string {
  const count = index.toString(36).toUpperCase().padStart(8, '0');
  return `0Z${count}${table}${seed.toString(36).toUpperCase()}`.padEnd(26, '0');
}

function composeLoaded(
  holder: LoadedHolder,
  seed: number,
  kinds: readonly LoadedKind[],
  frontEnd: string | undefined,
  index: number,
): LoadedLicence {
  const kind = kinds[index % kinds.length];
  if (!kind) throw new RangeError('no kinds');
  const id = idOf('A', seed, index);
  const { catalogueCode, issuingBody } = kind;
  const serial = `L${seed.toString(36)}X${index.toString(36)}`.toUpperCase();
  const identifier = formatIdentifier({ typeCode: catalogueCode, issuerCode: issuingBody, serial, version: '001' });
  const licenceNumber = `施字第${String(2_000_000_000 + index).padStart(10, '0')}号`;
  const businessKey = `K${seed}-${index}`;
  const digest = index.toString(16).padStart(8, '0').repeat(7) + seed.toString(16).padStart(8, '0').slice(-8);
  const common = { issuedOn: '2026-01-05', validFrom: '2026-01-05', validTo: '2031-01-04' };
  const licence: LicenceColumns = {
    ...kind,
    ...{
      id,
      state: 'issued',
      status: 'valid',
      licenceNumber,
      numberKey: `${catalogueCode}:${licenceNumber}`,
      identifier,
    },
    ...{ verificationCode: `V${id}`.slice(0, 26), fields: fieldsOf(licenceNumber, index), ...common },
    ...{ closedAt: null, caseNumber: null, commitment: false, source: frontEnd ? 'front-end' : 'api' },
    ...{ sourceKey: frontEnd ? `${frontEnd}/${businessKey}` : null, stock: null, contentDigest: digest, sequence: 2 },
    ...{
      turnsOn: '2031-01-05',
      predecessorId: null,
      formerId: null,
      successionAct: null,
      successionBasis: null,
      successionReason: null,
    },
    ...{ createdAt: ISSUED_AT, createdBy: 'zhengku', updatedAt: ISSUED_AT },
  };
  const file = {
    id: idOf('F', seed, index),
    licenceId: id,
    version: 1,
    format: 'ofd' as const,
    digest,
    sizeBytes: FILE_BYTES,
    createdAt: ISSUED_AT,
  };
  const change = {
    ...{
      id: idOf('C', seed, index),
      licenceId: id,
      sequence: 2,
      act: 'issue',
      fromStatus: null,
      toStatus: 'valid',
    },
    ...{
      actor: 'zhengku',
      legalBasis: null,
      reason: null,
      replaced: null,
      effectiveAt: ISSUED_AT,
      createdAt: ISSUED_AT,
    },
  };
  return { businessKey, licence, file, change, holder };
}

/** `contactPhone` and `note` stand beside the face of the bench's entries. */
function fieldsOf(licenceNumber: string, index: number): Record<string, string> {
  return {
    ...{ licenceNumber, projectName: `样例花园第${index}期`, address: `样例市样例路${index % 1000}号` },
    ...{
      startOn: '2026-01-15',
      areaSquareMetres: String(1000 + (index % 9000)),
      contactPhone: `0370${index % 10_000}`,
    },
  };
}

/** Letters that a social credit code has. */
const CODE_LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function composeHolder(house: Pick<House, 'cipher'>, seed: number, index: number): LoadedHolder {
  let serial = '';
  for (let rest = index; serial.length < 9; rest = Math.floor(rest / 31))
    serial = CODE_LETTERS.charAt(rest % 31) + serial;
  const first17 = `91${410_000 + (seed % 1000)}${serial}`;
  const number = first17 + socialCreditCheckCharacter(first17);
  const numberIndex = indexHolderNumber(house, number);
  const name = `样例建设第${index}有限公司`;
  const numberType = defaultNumberType('legal');
  return { id: `H${numberIndex.toUpperCase()}`.slice(0, 26), name, type: 'legal', numberType, numberIndex, number };
}

/** @param also is given each licence once, in their order, while it is at hand
 *  @returns milliseconds it took */
export async function loadCity(
  options: LoadOptions,
  also?: (message: ReturnType<typeof messageOf>, loaded: LoadedLicence) => void,
): Promise<number> {
  const { house, count, frontEnd, say = () => undefined } = options;
  const started = performance.now();
  const source = generateLicences(options);
  const loader = openLoader(options);
  let holder: LoadedHolder | undefined;
  for (let index = 0; index < count; index += 1) {
    const loaded = source.at(index);
    const message = messageOf(loaded);
    also?.(message, loaded);
    if (loaded.holder !== holder) {
      holder = loaded.holder;
      loader.add('holders', storedHolder(house, holder));
    }
    addRows(loader, options.seed, frontEnd, loaded, message.digest, index);
    if (index % ROWS_AT_ONCE === 0) await loader.pause();
  }
  await loader.end();
  const took = performance.now() - started;
  say(`${count} licences loaded in ${(took / 1000).toFixed(1)} s`);
  return took;
}

/** As many as are generated before the server is asked whether it keeps up. */
const ROWS_AT_ONCE = 500;

function addRows(
  loader: Loader,
  seed: number,
  frontEnd: string | undefined,
  { businessKey, licence, file, change, holder }: LoadedLicence,
  digest: string,
  index: number,
): void {
  const { id, issuingBody } = licence;
  loader.add('licences', licence);
  loader.add('licenceFiles', file);
  loader.add('changes', change);
  const link = { id: idOf('L', seed, index), licenceId: id, holderId: holder.id, name: holder.name, position: 0 };
  loader.add('licenceHolders', link);
  loader.add('provinceStates', {
    ...{ id: `licence:${id}`, subjectType: 'licence', subjectId: id, sentSequence: 2, acknowledgedSequence: 2 },
    ...{ digest, receipt: null, receiptId: 'LOADED', state: 'acknowledged', reason: null },
    ...{ issuingBody, since: null, frontEnd: null, pushedAt: null, updatedAt: ISSUED_AT },
  });
  if (frontEnd === undefined) return;
  loader.add('appliedRows', {
    ...{ id: `${frontEnd}/zk_licence/${businessKey}`, revision: 1, payloadDigest: 'f'.repeat(64), receiptState: 2 },
    ...{ receiptCode: 'ISSUED', receiptText: '', licenceId: id, appliedAt: ISSUED_AT },
  });
}

function storedHolder(house: Pick<House, 'cipher'>, { number, ...holder }: LoadedHolder): HolderColumns {
  const numberCipher = house.cipher.encrypt('holders.number', number);
  return { ...holder, numberCipher, createdAt: ISSUED_AT };
}

/** What the city would send of it, and what the province has. */
export function messageOf({ licence, file, change, holder }: LoadedLicence) {
  const { name, type, numberType, number } = holder;
  const record = composeRecord(licence, [{ name, type, numberType, number }], [change]);
  return composeLicenceMessage({ licence, record, files: [file] });
}

const CHUNK_CHARACTERS = 500_000;

type Tables = House['db']['rows'];
interface Loader {
  add(name: keyof Tables, row: object): void;
  /** Until the server has taken most of what was added. */
  pause(): Promise<void>;
  end(): Promise<void>;
}

/** A connection a table, each taking what it is given by LOAD DATA. */
function openLoader({ databaseUrl, house }: LoadOptions): Loader {
  const lines = new Map<keyof Tables, TableLine>();
  return {
    add(name, row) {
      const line =
        lines.get(name) ?? openLine(databaseUrl, house, house.db.rows[name] as unknown as Table<object>, row);
      lines.set(name, line);
      line.add(row);
    },
    async pause() {
      for (const line of lines.values()) await line.pause();
    },
    async end() {
      await Promise.all([...lines.values()].map((line) => line.end()));
    },
  };
}

interface TableLine {
  add(row: object): void;
  pause(): Promise<void>;
  end(): Promise<void>;
}

function openLine(databaseUrl: string, { db }: LoadOptions['house'], table: Table<object>, first: object): TableLine {
  const kinds = kindsOf(table) as Readonly<Record<string, Parameters<typeof toPlain>[0]>>;
  const columns = Object.keys(first).map((key) => ({
    key,
    kind: kinds[key] ?? 'text',
    column: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }));
  const stream = new PassThrough({ highWaterMark: CHUNK_CHARACTERS });
  const name = String(table.getTableName());
  const done = load(
    databaseUrl,
    `${name} CHARACTER SET utf8mb4 (${columns.map(({ column }) => column).join(', ')})`,
    stream,
  );
  // Told when the stream is waited for; until then nobody looks.
  done.catch((error: Error) => stream.destroy(error));
  let text = '';
  let full = false;
  const push = () => {
    full = !stream.write(text);
    text = '';
  };
  return {
    add(row) {
      const values = row as Readonly<Record<string, unknown>>;
      text += `${columns.map(({ key, kind }) => toField(toPlain(kind, values[key], db.dialect))).join('\t')}\n`;
      if (text.length >= CHUNK_CHARACTERS) push();
    },
    async pause() {
      if (full) await once(stream, 'drain');
      full = false;
    },
    async end() {
      stream.end(text);
      await done;
    },
  };
}

async function load(uri: string, into: string, stream: PassThrough): Promise<void> {
  const connection = await mysql.createConnection({ uri, charset: 'utf8mb4', flags: ['+LOCAL_FILES'] });
  try {
    // Into empty tables in bulk: the keys are right by the way they are made.
    await connection.query('SET unique_checks = 0, foreign_key_checks = 0');
    // The province's library is written by this process too, and a disk that is busy may keep it waiting for longer than the server does.
    await connection.query(`SET net_read_timeout = ${PATIENCE_SECONDS}, net_write_timeout = ${PATIENCE_SECONDS}`);
    const sql = `LOAD DATA LOCAL INFILE 'generated' INTO TABLE ${into}`;
    await connection.query({ sql, infileStreamFactory: () => stream });
  } finally {
    await connection.end();
  }
}

/** As LOAD DATA reads a field by default. */
function toField(value: ReturnType<typeof toPlain>): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new TypeError('bytes are not loaded');
  return /[\\\t\n]/.test(value) ? value.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n') : value;
}
