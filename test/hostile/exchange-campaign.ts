/** The exchange under fire: writers that never stop, and everything else killed, restarted or away for days; then quiet, and
 *  the raw tables are counted. `npm run campaign:exchange -- [--short] [--kills N] [--seed S]`; docs/reliability.md. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../bench/fresh-characters.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { checkExchange, type ExchangeReport } from './exchange/check-exchange.ts';
import { comeToRest } from './exchange/come-to-rest.ts';
import { DepartmentWriter } from './exchange/department-writers.ts';
import { type ExchangeWorld, makeExchangeWorld } from './exchange/exchange-world.ts';
import { OUTAGES_MS, planFaults } from './exchange/fault-schedule.ts';
import { FaultRunner } from './exchange/run-faults.ts';

export interface ExchangeCampaignOptions {
  readonly kills: number;
  readonly seed: number;
  readonly workers: number;
  readonly writers: number;
  /** Licences a writer, and further rows. */
  readonly licences: number;
  readonly changes: number;
  readonly outages: readonly number[];
  say(line: string): void;
}

export async function runExchangeCampaign(options: ExchangeCampaignOptions): Promise<ExchangeReport> {
  const { kills, workers, outages, seed, say } = options;
  const folder = temporaryFolder();
  const random = seededRandom(seed);
  const world = await makeExchangeWorld(folder.path, workers);
  const faults = new FaultRunner(world, say);
  try {
    await faults.startWorkers();
    say('everything is up');
    const writers = makeWriters(world, options);
    const written = Promise.all(writers.map((writer) => writer.run()));
    await faults.run(planFaults({ kills, workers, outages }, random));
    await faults.reviveAll();
    await written;
    say(`${writers.reduce((sum, { committed }) => sum + committed, 0)} rows committed; waiting for quiet`);
    const unrest = await comeToRest(world, faults.aheadMs);
    const badEnds = await faults.stopWorkers();
    const report = await checkExchange(world);
    const undone = writers.reduce((sum, writer) => sum + writer.undone, 0);
    return {
      faults: [...unrest, ...badEnds, ...report.faults],
      counts: { ...report.counts, undone, ...faults.counts },
    };
  } finally {
    await faults.killAll();
    folder.remove();
  }
}

function makeWriters(world: ExchangeWorld, options: ExchangeCampaignOptions): DepartmentWriter[] {
  const { writers, licences, changes, seed } = options;
  return Array.from({ length: writers }, (_, index) => {
    const { url } = world.machines[index % world.machines.length] ?? { url: '' };
    const random = seededRandom(seed * 1000 + index);
    const first = { prefix: `W${index + 1}`, firstSerial: 1 + index * 1000 };
    return new DepartmentWriter({ url, ...first, licences, changes, random });
  });
}

const SHORT = { kills: 14, workers: 2, writers: 20, licences: 2, changes: 6, outages: [10_000, 3 * 86_400_000] };
const FULL = { kills: 500, workers: 3, writers: 20, licences: 12, changes: 120, outages: OUTAGES_MS };

async function main(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { short: { type: 'boolean' }, kills: { type: 'string' }, seed: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
  const shape = values.short ? SHORT : FULL;
  const kills = Number(values.kills ?? shape.kills);
  process.stdout.write(`seed ${seed}, ${kills} kills\n`);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const started = performance.now();
  const { faults, counts } = await runExchangeCampaign({ ...shape, kills, seed, say });
  const seconds = Math.round((performance.now() - started) / 1000);
  for (const fault of faults.slice(0, 50)) say(`✘ ${fault}`);
  say(JSON.stringify({ campaign: 'exchange', seed, seconds, faults: faults.length, counts }));
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(process.argv.slice(2));
