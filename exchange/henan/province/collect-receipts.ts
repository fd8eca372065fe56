/** The receipts of rows: the province's task has moved them, or they came back in its inbox of refused rows. */
import {
  FILE_NUMBER_CONTEXT,
  findHenanSubjects,
  type HenanSubjectColumns,
  noteHenanRefused,
} from '../../../models/exchange-state/index.ts';
import type { House } from '../../../models/house.ts';
import type { FrontEndConnection } from '../../front-end/connection.ts';
import { nameError } from '../../front-end/name-error.ts';
import { type PendingMessage, ProvinceAway, type ProvinceOutcome, type Sent } from '../../province/connector.ts';
import { findPresent, type PresentRow } from './find-present.ts';
import { findRefusals, type RefusedRow } from './find-refusals.ts';

export async function collectReceipts(
  house: House,
  connection: FrontEndConnection,
  pending: readonly PendingMessage[],
): Promise<Sent> {
  const kept = await findHenanSubjects(
    house,
    pending.map(({ subject }) => subject),
  );
  const keys = new Map([...kept.values()].map((row) => [row.subject, keyOf(house, row)]));
  const { present, refusals } = await look(connection, [...keys.values()]);
  const receiptId = house.newId();
  const outcomes = new Map<string, ProvinceOutcome>();
  const proven: unknown[] = [];
  const refused: Pick<HenanSubjectColumns, 'serial' | 'refusal'>[] = [];
  for (const message of pending) {
    const row = kept.get(message.subject);
    const key = keys.get(message.subject) ?? '';
    const refusal = refusals.get(key);
    const outcome = judge(message, row, present.get(key), refusal, receiptId);
    if (!outcome) continue;
    outcomes.set(message.subject, outcome);
    if (outcome.outcome === 'refused' && row && refusal) refused.push({ serial: row.serial, refusal: refusal.digest });
    const syncDate = present.get(key)?.syncDate ?? null;
    if (outcome.outcome !== 'delayed') proven.push({ ...message, outcome: outcome.outcome, syncDate });
  }
  await noteHenanRefused(house, refused);
  const text = JSON.stringify({ tables: ['hn_catalog_sync', 'hn_license_sync'], items: proven });
  const receipts = proven.length > 0 ? [{ receiptId, batchId: receiptId, text, signature: '' }] : [];
  return { outcomes, receipts, unbelieved: [] };
}

async function look(connection: FrontEndConnection, keys: readonly string[]) {
  try {
    return { present: await findPresent(connection, keys), refusals: await findRefusals(connection, keys) };
  } catch (cause) {
    throw new ProvinceAway({ detail: nameError(cause), cause });
  }
}

function keyOf(house: House, { subject, fileNumberCipher }: HenanSubjectColumns): string {
  if (fileNumberCipher) return house.cipher.decrypt(FILE_NUMBER_CONTEXT, fileNumberCipher);
  return subject.slice(subject.indexOf(':') + 1);
}

/** Undefined: not moved yet. */
function judge(
  { sequence, digest }: PendingMessage,
  kept: HenanSubjectColumns | undefined,
  row: PresentRow | undefined,
  refusal: RefusedRow | undefined,
  receiptId: string,
): ProvinceOutcome | undefined {
  // What was handed over is not there: written again from what we hold.
  if (!kept || !row || kept.sequence < sequence) return { outcome: 'delayed', reason: 'ROW_NOT_THERE' };
  if (refusal && refusal.digest !== kept.refusal) return { outcome: 'refused', reason: refusal.reason, receiptId };
  if (kept.digest === null) return { outcome: 'delayed', reason: 'ROW_NOT_THERE' };
  if (!row.isMoved) return undefined;
  if (kept.sequence > sequence) return { outcome: 'stale', heldSequence: kept.sequence, receiptId };
  return kept.digest === digest ? { outcome: 'accepted', receiptId } : { outcome: 'delayed', reason: 'ROW_NOT_THERE' };
}
