/** Hand out a delivery: to the applicant's body alone, within its period, at most so often. It is counted and logged in one
 *  transaction before the first byte leaves. */
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { changeAnalysis, lockAnalysis, requireState } from './move-analysis.ts';
import { requirePiece } from './pack-delivery.ts';
import type { AnalysisColumns } from './rows.ts';

export interface Delivery {
  readonly fileName: string;
  write(to: Writable): Promise<void>;
}

/** Throws `NOT_FOUND` for another body's, `ANALYSIS_EXPIRED`, `ANALYSIS_SPENT`, `STATE_CONFLICT` for what is not ready. */
export async function downloadDelivery(house: House, caller: Caller, number: string): Promise<Delivery> {
  requireRole(caller, 'consumer.approver');
  const organisationCode = requireOrganisation(caller);
  try {
    const row = await withTransaction(house.db, (tx) => count(tx));
    return { fileName: `${number}.zip.p7m`, write: (to) => send(house, row, to) };
  } catch (error) {
    if (error instanceof Fault && error.code !== 'AUDIT_UNAVAILABLE')
      await logAccess(house, caller, { act: 'analysis.download', outcome: 'refused', details: { number } });
    throw error;
  }

  async function count(tx: Parameters<typeof lockAnalysis>[1]): Promise<AnalysisColumns> {
    const row = await lockAnalysis(house, tx, number);
    if (row.organisationCode !== organisationCode) throw new Fault('NOT_FOUND');
    requireHad(row, house.clock());
    const counted = await changeAnalysis(house, tx, row, { downloads: row.downloads + 1 });
    const { purpose } = row.application;
    const details = { number, sm3: row.digest, sizeBytes: row.sizeBytes, download: counted.downloads };
    await appendAudit(house, tx, caller, { act: 'analysis.download', purpose, details });
    return counted;
  }
}

function requireHad(row: AnalysisColumns, now: Date): void {
  if (row.state === 'expired' || (row.expiresAt && row.expiresAt <= now)) throw new Fault('ANALYSIS_EXPIRED');
  requireState(row, 'ready');
  if (row.downloads >= (row.granted?.mostDownloads ?? 0)) throw new Fault('ANALYSIS_SPENT');
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
