/** What every row must have, whatever it is about. */
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import type { FrontEndRow } from './profile.ts';

export const OPERATIONS: readonly string[] = ['upsert', 'status'];

/** A control character in a key would show up in nobody's list. */
const KEY = /^[^\p{C}\s/][^\p{C}/]{0,118}[^\p{C}\s/]$|^[^\p{C}\s/]$/u;
const MAX_REVISION = 2_147_483_647;

/** Throws `REQUEST_INVALID` or `ROW_OPERATION_UNKNOWN`. */
export function checkEnvelope({ businessKey, revision, operation }: FrontEndRow): void {
  const faults: PointedFault[] = [];
  if (!KEY.test(businessKey))
    faults.push({ pointer: '/business_key', code: 'FIELD_PATTERN', detail: '1–120，不含斜杠、首尾空格和控制字符' });
  if (!Number.isInteger(revision) || revision < 1 || revision > MAX_REVISION) {
    faults.push({ pointer: '/revision', code: 'FIELD_TYPE', detail: 'integer ≥ 1' });
  }
  throwFaults(faults);
  if (!OPERATIONS.includes(operation)) throw new Fault('ROW_OPERATION_UNKNOWN', { detail: operation.slice(0, 20) });
}
