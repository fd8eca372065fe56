/** What supervision does by the clock: findings are kept, circulars drafted. Run late or twice, it does the same. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { draftCirculars } from './draft-circulars.ts';
import { keepClockFindings } from './keep-clock-findings.ts';
import { keepStateFindings } from './keep-state-findings.ts';

export interface Supervised {
  /** Findings that were found, moved or closed. */
  readonly findings: number;
  /** Circulars drafted. */
  readonly drafted: number;
}

/** @param goOn asked before every portion; what is left is done at the next run */
export async function supervise(house: House, caller: Caller, goOn: () => boolean = () => true): Promise<Supervised> {
  const findings = (await keepClockFindings(house, goOn)) + (await keepStateFindings(house, goOn));
  const drafted = await draftCirculars(house, caller, goOn);
  if (findings > 0)
    await withTransaction(house.db, async (tx) => {
      await appendAudit(house, tx, caller, { act: 'supervision.keep', details: { findings } });
    });
  return { findings, drafted };
}
