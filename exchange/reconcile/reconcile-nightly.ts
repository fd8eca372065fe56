/** The night's work: compare, send what is to be sent again, compare once more when anything was repaired, and sign the day's
 *  statement. Harmless to run again: a day has one statement. */
import type { House } from '../../models/house.ts';
import type { ProvinceConnector } from '../province/connector.ts';
import { pushToProvince } from '../province/push-to-province.ts';
import { type Comparison, compareWithProvince } from './compare-with-province.ts';
import { issueStatement } from './issue-statement.ts';
import { isAgreed } from './tally.ts';

export interface NightlyResult {
  readonly comparisons: number;
  readonly repaired: number;
  readonly agreed: boolean;
  /** The day of the statement. */
  readonly statement: string | null;
}

/** Throws `PROVINCE_UNAVAILABLE`; then the next night's statement covers this one too. Throws the signal's reason when it is aborted:
 *  it is to be run again. */
export async function reconcileNightly(
  house: House,
  connector: ProvinceConnector,
  signal?: AbortSignal,
): Promise<NightlyResult> {
  const options = signal ? { signal } : {};
  const first = await compareWithProvince(house, connector, options);
  const repaired = repairsOf(first);
  let last = first;
  if (repaired > 0) {
    await pushToProvince(house, connector, signal);
    signal?.throwIfAborted();
    last = await compareWithProvince(house, connector, options);
  }
  const statement = await issueStatement(house);
  return {
    comparisons: last === first ? 1 : 2,
    repaired: repaired + (last === first ? 0 : repairsOf(last)),
    agreed: isAgreed(last.counts),
    statement: statement?.day ?? null,
  };
}

function repairsOf({ counts: { requeued, withdrawn } }: Comparison): number {
  return requeued + withdrawn;
}
