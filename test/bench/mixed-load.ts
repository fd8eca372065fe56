/** How long a single issue at the counter takes while bulk work runs beside it, against the same house with nothing else to do:
 *  submitted, reviewed, sealed and stored, one after another, as one window does. */
import type { House } from '../../models/house.ts';
import { reviewLicence, sealLicence, submitLicence } from '../../models/licence/index.ts';
import { COMPANY, clerk, reviewer, sealKeeper } from '../world/sample-entry.ts';
import { quantile } from './bench.ts';
import { BENCH_ENTRY } from './exchange-world.ts';

export interface MixedLoad {
  readonly figures: Readonly<Record<string, number>>;
  /** p99 beside the bulk work to p99 of the idle house. */
  readonly ratio: number;
}

const WARM_UP = 20;
const IDLE_ISSUES = 200;
const FEWEST_ISSUES = 100;
/** A window is not a machine: between two licences somebody takes a breath. */
const BREATH_MS = 50;

/** @param bulk begins when it is called and ends when its rows are done */
export async function measureMixedLoad(house: House, rows: number, bulk: () => Promise<unknown>): Promise<MixedLoad> {
  let made = 0;
  const issue = async () => {
    const started = performance.now();
    await issueOne(house, made++);
    return performance.now() - started;
  };
  for (let count = 0; count < WARM_UP; count += 1) await issue();
  const idle: number[] = [];
  while (idle.length < IDLE_ISSUES) {
    idle.push(await issue());
    await breathe();
  }
  const started = performance.now();
  let over = false;
  const work = bulk().finally(() => {
    over = true;
  });
  const busy: number[] = [];
  while (!over) {
    busy.push(await issue());
    await breathe();
  }
  await work;
  if (busy.length < FEWEST_ISSUES) throw new RangeError(`only ${busy.length} licences were issued beside ${rows} rows`);
  const [idleP99Ms, mixedP99Ms] = [quantile(idle, 0.99), quantile(busy, 0.99)];
  const took = performance.now() - started;
  return {
    figures: {
      idleP99Ms,
      mixedP99Ms,
      idleP50Ms: quantile(idle, 0.5),
      mixedP50Ms: quantile(busy, 0.5),
      bulkRowsPerSec: (1000 * rows) / took,
    },
    ratio: mixedP99Ms / idleP99Ms,
  };
}

const breathe = () => new Promise((resolve) => setTimeout(resolve, BREATH_MS));

async function issueOne(house: House, serial: number): Promise<void> {
  const body = {
    catalogueCode: BENCH_ENTRY.code,
    holders: [{ name: '样例建设有限公司', type: 'legal', number: COMPANY }],
    fields: { licenceNumber: `施字第${String(3_000_000_000 + serial)}号`, projectName: `样例花园第${serial}期` },
  };
  const { licenceId } = await submitLicence(house, clerk, body, { source: 'form' });
  await reviewLicence(house, reviewer, licenceId, { decision: 'approved', reason: '材料齐全' });
  await sealLicence(house, sealKeeper, licenceId);
}
