/** Makes the corpus of altered and genuine files, judges every one, and says by family how many were judged rightly.
 *  `npm run campaign:corpus -- [--out FOLDER] [--seed S]`; with a folder, the files and what is expected of them are written
 *  there, for other verifiers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../bench/fresh-characters.ts';
import type { BadCase, GoodCase } from './corpus/case.ts';
import { badCases, goodCases, makeCorpusWorld } from './corpus/corpus.ts';
import { faultOfBad, faultOfGood } from './corpus/judge-corpus.ts';

interface Tally {
  readonly family: string;
  readonly kind: 'bad' | 'good';
  files: number;
  readonly wrong: string[];
}

export interface CorpusReport {
  readonly bad: number;
  readonly good: number;
  readonly families: readonly Tally[];
}

/** Judge the whole corpus. @param take sees every case */
export async function judgeCorpus(
  seed: number,
  take: (one: BadCase | GoodCase) => void = () => undefined,
): Promise<CorpusReport> {
  const world = await makeCorpusWorld();
  const tallies = new Map<string, Tally>();
  const count = { bad: 0, good: 0 };
  const note = (kind: Tally['kind'], one: BadCase | GoodCase, fault: string | undefined): void => {
    const tally = tallies.get(`${kind} ${one.family}`) ?? { family: one.family, kind, files: 0, wrong: [] };
    tallies.set(`${kind} ${one.family}`, tally);
    tally.files += 1;
    count[kind] += 1;
    if (fault !== undefined) tally.wrong.push(`${one.name}: ${fault}`);
    take(one);
  };
  for (const one of badCases(world, { random: seededRandom(seed) })) note('bad', one, faultOfBad(one));
  for await (const one of goodCases(world)) note('good', one, faultOfGood(one));
  return { ...count, families: [...tallies.values()] };
}

/** Puts every case into a folder: the file, whom to believe, and what is expected, in one index. */
function writerTo(folder: string) {
  const index: unknown[] = [];
  const known = new Map<string, string>();
  mkdirSync(join(folder, 'trust'), { recursive: true });
  const trust = (kind: string, items: readonly Uint8Array[] | undefined): string[] | undefined =>
    items?.map((der) => {
      const key = Buffer.from(der).toString('latin1');
      const name = known.get(key) ?? join('trust', `${known.size + 1}.${kind}`);
      if (!known.has(key)) writeFileSync(join(folder, name), der);
      known.set(key, name);
      return name;
    });
  const take = (one: BadCase | GoodCase): void => {
    const file = `${String(index.length + 1).padStart(4, '0')}.${one.format}`;
    writeFileSync(join(folder, file), one.bytes);
    const { at, certificates, crls, sealMakers } = one.policy;
    const policy = {
      at: at.toISOString(),
      certificates: trust('cer', certificates),
      crls: trust('crl', crls),
      sealMakers: trust('cer', sealMakers),
    };
    const expected =
      'blame' in one ? { valid: false, failed: one.blame, mayFail: one.also } : { valid: true, warned: one.warned };
    index.push({ file, family: one.family, name: one.name, expected, policy });
  };
  const finish = (): void => writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
  return { take, finish };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const writer = values.out === undefined ? undefined : writerTo(values.out);
  const report = await judgeCorpus(Number(values.seed), writer?.take);
  writer?.finish();
  for (const family of report.families) process.stdout.write(`${JSON.stringify(family)}\n`);
  const wrong = report.families.reduce((sum, family) => sum + family.wrong.length, 0);
  process.stdout.write(`${JSON.stringify({ seed: Number(values.seed), bad: report.bad, good: report.good, wrong })}\n`);
  return wrong === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
