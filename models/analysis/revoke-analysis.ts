/** The bureau takes a grant back: from this moment nothing is handed out, and the bytes go at once. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { changeAnalysis, lockAnalysis, requireState, tellOfAnalysis, withMove } from './move-analysis.ts';
import { sweepParts } from './parts.ts';
import { type AnalysisView, viewAnalysis } from './view-analysis.ts';

export const analysisRevocationSchema = z.strictObject({ reason: writtenText(1000, 2) });

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for what is not granted or over. */
export async function revokeAnalysis(
  house: House,
  caller: Caller,
  number: string,
  { reason }: z.infer<typeof analysisRevocationSchema>,
  remember?: Remember<AnalysisView>,
): Promise<AnalysisView> {
  requireRole(caller, 'bureau.officer');
  const view = await withTransaction(house.db, async (tx) => {
    const row = await lockAnalysis(house, tx, number);
    requireState(row, 'granted', 'preparing', 'ready');
    const revoked = await changeAnalysis(house, tx, row, withMove(row, caller, 'revoked', house.clock(), reason));
    await tellOfAnalysis(house, tx, 'analysis.revoked', revoked);
    await appendAudit(house, tx, caller, { act: 'analysis.revoke', details: { number } });
    const told = viewAnalysis(revoked);
    await remember?.(tx, told);
    return told;
  });
  await sweepParts(house);
  return view;
}
