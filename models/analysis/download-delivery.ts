/** Hand out a delivery: to the applicant's body alone, within its period, at most so often. It is counted and logged in one
 *  transaction before the first byte leaves. */
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { changeAnalysis, lockAnalysis, requireState } from './move-analysis.ts';
import { requirePiece } from './pack-delivery.ts';
import type { AnalysisColumns } from './rows.ts';

export interface Delivery {
  readonly fileName: string;
  write(to: Writable): Promise<void>;
}

/** Which delivery was handed out. */
export const handedOutSchema = z.strictObject({ packageId: z.string() });
type HandedOut = z.infer<typeof handedOutSchema>;

/** Throws `NOT_FOUND` for another body's, `ANALYSIS_EXPIRED`, `ANALYSIS_SPENT`, `STATE_CONFLICT` for what is not ready. */
export function downloadDelivery(
  house: House,
  caller: Caller,
  number: string,
  remember?: Remember<HandedOut>,
): Promise<Delivery> {
  return handOut(house, caller, number, async (tx, row) => {
    if (row.downloads >= (row.granted?.mostDownloads ?? 0)) throw new Fault('ANALYSIS_SPENT');
    await changeAnalysis(house, tx, row, { downloads: row.downloads + 1 });
    await remember?.(tx, { packageId: row.packageId ?? '' });
    return { download: row.downloads + 1 };
  });
}

/** The answer was lost on its way: the same bytes once more, logged and not counted. Throws as `downloadDelivery`, but never
 *  `ANALYSIS_SPENT`; `STATE_CONFLICT` too when another delivery has taken its place. */
export function downloadAgain(house: House, caller: Caller, number: string, had: HandedOut): Promise<Delivery> {
  return handOut(house, caller, number, (_, row) => {
    if (row.packageId !== had.packageId) throw new Fault('STATE_CONFLICT', { detail: row.state });
    return Promise.resolve({ download: row.downloads, again: true });
  });
}

async function handOut(
  house: House,
  caller: Caller,
  number: string,
  act: (tx: Tx, row: AnalysisColumns) => Promise<object>,
): Promise<Delivery> {
  requireRole(caller, 'consumer.approver');
  const organisationCode = requireOrganisation(caller);
  try {
    const row = await withTransaction(house.db, async (tx) => {
      const locked = await lockAnalysis(house, tx, number);
      if (locked.organisationCode !== organisationCode) throw new Fault('NOT_FOUND');
      requireHad(locked, house.clock());
      const { purpose } = locked.application;
      const details = { number, sm3: locked.digest, sizeBytes: locked.sizeBytes, ...(await act(tx, locked)) };
      await appendAudit(house, tx, caller, { act: 'analysis.download', purpose, details });
      return locked;
    });
    return { fileName: `${number}.zip.p7m`, write: (to) => send(house, row, to) };
  } catch (error) {
    if (error instanceof Fault && error.code !== 'AUDIT_UNAVAILABLE')
      await logAccess(house, caller, { act: 'analysis.download', outcome: 'refused', details: { number } });
    throw error;
  }
}

function requireHad(row: AnalysisColumns, now: Date): void {
  if (row.state === 'expired' || (row.expiresAt && row.expiresAt <= now)) throw new Fault('ANALYSIS_EXPIRED');
  requireState(row, 'ready');
}

/** A grant that is taken back meanwhile leaves the file without its end. */
async function send(house: House, { packageId, packageParts }: AnalysisColumns, to: Writable): Promise<void> {
  for (let place = 0; place < packageParts; place += 1) {
    const more = to.write(await requirePiece(house, packageId ?? '', place));
    if (!more) await new Promise<void>((resolve) => to.once('drain', resolve).once('close', resolve));
    if (to.destroyed) return;
  }
  to.end();
  await finished(to).catch(() => undefined);
}
