/** A claimed row as a value: its envelope checked, its payload apart. */

import type { RowMark } from '../../models/exchange-state/index.ts';
import { canonicalJson } from '../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import type { SqlRow } from './connection.ts';
import { type FrontEndTable, payloadColumns } from './tables.ts';

export const OPERATIONS = ['upsert', 'status'] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface FrontEndRow extends RowMark {
  readonly table: FrontEndTable;
  readonly operation: Operation;
  /** Columns by name; an empty text counts as none. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A control character in a key would show up in nobody's list. */
const KEY = /^[^\p{C}\s/][^\p{C}/]{0,118}[^\p{C}\s/]$|^[^\p{C}\s/]$/u;
const MAX_REVISION = 2_147_483_647;

/** What the exchange must know to answer a row at all; its payload may still be faulty. */
export function readMark(frontEnd: string, table: FrontEndTable, row: SqlRow): FrontEndRow {
  const entries = payloadColumns(table).map((name) => [name, row[name] ?? null] as const);
  const payload = Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ''));
  const operation = row.operation as Operation;
  return {
    frontEnd,
    table,
    businessKey: String(row.business_key ?? ''),
    rowId: Number(row.row_id),
    revision: Number(row.revision),
    operation,
    payload,
    payloadDigest: sm3Hex(canonicalJson({ operation: String(operation), payload })),
  };
}

/** Throws `REQUEST_INVALID` or `ROW_OPERATION_UNKNOWN`. */
export function checkEnvelope(row: FrontEndRow): void {
  const faults: PointedFault[] = [];
  if (!KEY.test(row.businessKey))
    faults.push({ pointer: '/business_key', code: 'FIELD_PATTERN', detail: '1–120，不含斜杠、首尾空格和控制字符' });
  if (!Number.isInteger(row.revision) || row.revision < 1 || row.revision > MAX_REVISION) {
    faults.push({ pointer: '/revision', code: 'FIELD_TYPE', detail: 'integer ≥ 1' });
  }
  throwFaults(faults);
  if (!OPERATIONS.includes(row.operation))
    throw new Fault('ROW_OPERATION_UNKNOWN', { detail: String(row.operation).slice(0, 20) });
}

/** In order of revision, then of row number, key by key. */
export function groupByKey(rows: readonly FrontEndRow[]): FrontEndRow[][] {
  const groups = new Map<string, FrontEndRow[]>();
  for (const row of rows) groups.set(row.businessKey, [...(groups.get(row.businessKey) ?? []), row]);
  return [...groups.values()].map((group) =>
    group.sort((a, b) => a.revision - b.revision || Number(a.rowId) - Number(b.rowId)),
  );
}
