/** Started by `zhengku bench`: choose a bench by name, run it, print its result as the last line. */
import { parseArgs } from 'node:util';
import { type Bench, type BenchOptions, currentCommit, describeMachine, round } from './bench.ts';
import { clocksBench } from './clocks.ts';
import { exchangeBench } from './exchange.ts';
import { freshnessBench } from './freshness.ts';
import { issueBench } from './issue.ts';
import { reconcileBench } from './reconcile.ts';
import { signingBench } from './signing.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  clocks: clocksBench,
  exchange: exchangeBench,
  freshness: freshnessBench,
  issue: issueBench,
  reconcile: reconcileBench,
  signing: signingBench,
};

const USAGE_STATUS = 2;

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, full: { type: 'boolean' } },
  });
  const [name = ''] = positionals;
  const names = name === 'all' ? Object.keys(BENCHES) : [name];
  if (names.some((wanted) => !Object.hasOwn(BENCHES, wanted))) {
    const known = Object.entries(BENCHES).map(([key, { words }]) => `  ${key.padEnd(9)}  ${words}`);
    process.stderr.write(`zhengku bench: there is no bench “${name}”. There are:\n${known.join('\n')}\n`);
    return USAGE_STATUS;
  }
  const say = (line: string) => void (values.json || process.stdout.write(`${line}\n`));
  const options: BenchOptions = { quick: values.quick ?? false, full: values.full ?? false, say };
  let held = true;
  for (const wanted of names) held = (await runOne(wanted, options)) && held;
  return held ? 0 : 1;
}

async function runOne(name: string, options: BenchOptions): Promise<boolean> {
  const bench = BENCHES[name];
  if (!bench) return false;
  // Taken before: the load that others put on the machine, not ours.
  const machine = describeMachine();
  const { durability, figures, ratios, floors } = await bench.run(options);
  for (const { name: floor, got, min, max, ok } of floors) {
    options.say(
      `${ok ? '✔' : '✘'} ${floor}: ${got.toPrecision(4)}${min === undefined ? '' : ` (at least ${min})`}${max === undefined ? '' : ` (at most ${max})`}`,
    );
  }
  const result = {
    bench: name,
    machine,
    commit: currentCommit(),
    durability,
    figures: round(figures),
    ratios: round(ratios),
    floors,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return floors.every(({ ok }) => ok);
}

// As in the built program: the loader's source maps make every stack trace dear, and the database library takes many.
process.setSourceMapsEnabled(false);
process.exitCode = await main(process.argv.slice(2));
