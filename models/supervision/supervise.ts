/** What supervision does by the clock: findings are kept, circulars drafted. Run late or twice, it does the same. A step that cannot be taken
 *  does not keep the others from being taken. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { draftCirculars } from './draft-circulars.ts';
import { keepClockFindings } from './keep-clock-findings.ts';
import { keepStateFindings } from './keep-state-findings.ts';
import { WRONG_NOW } from './wrong-now.ts';

export interface Supervised {
  /** Findings that were found, moved or closed. */
  readonly findings: number;
  /** Circulars drafted. */
  readonly drafted: number;
  /** Steps that failed; each is in the log as an error. */
  readonly failed: readonly string[];
}

/** @param goOn asked before every portion; what is left is done at the next run */
export async function supervise(house: House, caller: Caller, goOn: () => boolean = () => true): Promise<Supervised> {
  const failed: string[] = [];
  const attempt = async (step: string, act: () => Promise<number>): Promise<number> => {
    try {
      return await act();
    } catch (error) {
      house.log.error({ err: error, step }, 'a step of supervision failed');
      failed.push(step);
      return 0;
    }
  };
  let findings = await attempt('clocks', () => keepClockFindings(house, goOn));
  for (const wrong of WRONG_NOW) findings += await attempt(wrong.kind, () => keepStateFindings(house, wrong, goOn));
  const drafted = await attempt('circulars', async () => {
    const circulars = await draftCirculars(house, caller, goOn);
    if (circulars.failed > 0) failed.push('circulars');
    return circulars.drafted;
  });
  if (findings > 0)
    await withTransaction(house.db, async (tx) => {
      await appendAudit(house, tx, caller, { act: 'supervision.keep', details: { findings } });
    });
  return { findings, drafted, failed };
}
