/** A claimed row of our tables as a value in the words of the API. */
import type { RowMark } from '../../../models/exchange-state/index.ts';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { BrokenText, columnText, readColumn } from '../column-text.ts';
import { readInstant, type SqlRow } from '../connection.ts';
import type { FrontEndRow, RowKind } from '../profile.ts';
import {
  type Payload,
  readCasePayload,
  readCataloguePayload,
  readLicencePayload,
  readSealedFacts,
  readStatusPayload,
  toText,
} from './read-payload.ts';
import { type FrontEndTable, payloadColumns } from './tables.ts';

const KINDS: Readonly<Record<FrontEndTable, RowKind>> = {
  zk_catalogue: 'catalogue',
  zk_case: 'case',
  zk_licence: 'licence',
  zk_file: 'licence',
  zk_query: 'query',
};

/** @param sql columns of the row; undefined payload columns count as none */
export function readRow(frontEnd: string, table: FrontEndTable, sql: SqlRow): FrontEndRow {
  const operation = columnText(sql.operation);
  const { payload, faults } = readPayloadColumns(table, sql);
  const mark: RowMark = {
    ...{ frontEnd, table, businessKey: columnText(sql.business_key), rowId: Number(sql.row_id) },
    revision: Number(columnText(sql.revision) || Number.NaN),
    payloadDigest: sm3Hex(canonicalJson({ operation, payload: shown(payload) })),
  };
  const pushedAt = readInstant(columnText(sql.pushed_at));
  const common = { ...mark, kind: KINDS[table], operation, pushedAt };
  const read = readKind(table, operation, payload);
  return { ...common, ...read, faults: [...faults, ...read.faults] };
}

/** A row whose payload is too large to be read at all. */
export function readOversized(frontEnd: string, table: FrontEndTable, sql: SqlRow, mostBytes: number): FrontEndRow {
  const row = readRow(frontEnd, table, sql);
  const detail = `≤ ${Math.floor(mostBytes / 1_000_000)} MB`;
  const { sealed: _, ...rest } = row;
  return { ...rest, body: {}, faults: [{ pointer: '', code: 'REQUEST_TOO_LARGE', detail }] };
}

function readPayloadColumns(table: FrontEndTable, sql: SqlRow) {
  const payload: Record<string, unknown> = {};
  const faults: PointedFault[] = [];
  for (const name of payloadColumns(table)) {
    const value = readColumn(sql[name]);
    if (value === null || value === '') continue;
    payload[name] = value;
    if (value instanceof BrokenText) faults.push({ pointer: pointerOf(name), code: 'TEXT_ENCODING_WRONG' });
  }
  return { payload, faults };
}

/** So that a digest stands for what is broken too. */
const shown = (payload: Payload) =>
  Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      value instanceof BrokenText ? columnText(value.bytes) : value,
    ]),
  );

/** Columns whose name in the API is another. */
const POINTERS: Readonly<Record<string, string>> = {
  definition: '',
  status_act: '/act',
  succeeds: '/succeeds/identifier',
  succession_act: '/succeeds/act',
  succession_reason: '/succeeds/reason',
  succession_basis: '/succeeds/legalBasis',
};

const pointerOf = (column: string) =>
  POINTERS[column] ?? `/${column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;

function readKind(
  table: FrontEndTable,
  operation: string,
  whole: Payload,
): Pick<FrontEndRow, 'body' | 'faults' | 'sealed' | 'identifier'> {
  // What is broken has its fault already; the rest is read without it.
  const payload = Object.fromEntries(Object.entries(whole).filter(([, value]) => !(value instanceof BrokenText)));
  if (table === 'zk_catalogue') return readCataloguePayload(payload);
  if (table === 'zk_case') return { body: readCasePayload(payload), faults: [] };
  if (table !== 'zk_licence') return { body: {}, faults: [] };
  const identifier = toText(payload.identifier);
  if (operation === 'status')
    return { body: readStatusPayload(payload), faults: [], ...(identifier ? { identifier } : {}) };
  return { ...readLicencePayload(payload), ...readSealedFacts(payload) };
}
