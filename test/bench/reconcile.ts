/** City and province compared with a million licences on both sides: nothing changed, then a thousand differences of every kind. The
 *  city on MariaDB with durable settings, the reference province over HTTP. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { connectProvince } from '../../exchange/province/connect-province.ts';
import { compareWithProvince } from '../../exchange/reconcile/compare-with-province.ts';
import { nodeKey, placeOf } from '../../models/digest-tree/tree-shape.ts';
import { SQL_TREE } from '../../models/digest-tree/tree-store.ts';
import { runTree } from '../../models/exchange-state/tree-fold.ts';
import type { House } from '../../models/house.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { startProvince } from '../../server/sandbox/province/start-province.ts';
import { startMariaDb } from '../world/mariadb.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { openTestHouse } from '../world/test-house.ts';
import { atLeast, atMost, type Bench, type BenchOptions, type BenchResult } from './bench.ts';
import { generateLicences, type LicenceSource, loadCity, messageOf } from './load-licences.ts';
import { openProvinceLoader } from './load-province.ts';
import { loadTree } from './load-tree.ts';

const COUNTS = { quick: 10_000, plain: 100_000, full: 1_000_000 } as const;
const PLANTED = 1000;
const SEED = 20260302;
const BODIES = Array.from({ length: 20 }, (_, index) => `1141990000000${String(index).padStart(4, '0')}X`);
const KINDS = BODIES.map((issuingBody) => ({ issuingBody, catalogueCode: `${issuingBody}001`, catalogueVersion: 1 }));

const MOST_SECONDS = 60;
const MOST_UNCHANGED_SECONDS = 1;

export const reconcileBench: Bench = {
  words: 'city and province compared by their trees, unchanged and with 1,000 planted differences',
  run,
};

async function run({ quick, full, say }: BenchOptions): Promise<BenchResult> {
  const count = quick ? COUNTS.quick : full ? COUNTS.full : COUNTS.plain;
  const folder = temporaryFolder();
  const server = await startMariaDb({ durable: true });
  const { url } = await server.createDatabase();
  const house = await openTestHouse(url);
  try {
    const source = generateLicences({ house, seed: SEED, kinds: KINDS });
    await loadCity({ house, databaseUrl: url, count, seed: SEED, kinds: KINDS, say });
    const there = openProvinceLoader(join(folder.path, 'province.db'));
    const growing = await loadTree(house, source, count, there.add);
    there.end();
    say(`the city's tree grown in ${(growing / 1000).toFixed(1)} s`);
    const figures = await measure(house, folder.path, source, count, say);
    const found = figures.planted - figures.notFound;
    return {
      durability: 'mysql innodb_flush_log_at_trx_commit=1',
      figures: { licences: count, growSeconds: growing / 1000, ...figures },
      ratios: {},
      floors: [
        atMost('seconds with 1,000 differences', MOST_SECONDS, figures.seconds),
        atLeast('found of the planted', figures.planted, found),
        atMost('found and not planted', 0, figures.falselyFound),
        atMost('records read beyond the leaves that differ', 0, Math.max(0, figures.recordsRead - figures.leafRecords)),
        atMost('seconds unchanged', MOST_UNCHANGED_SECONDS, figures.unchangedSeconds),
        atMost('records read unchanged', 0, figures.unchangedRecordsRead),
      ],
    };
  } finally {
    await house.close();
    await server.stop();
    rmSync(folder.path, { recursive: true, force: true });
  }
}

async function measure(
  house: House,
  dataDir: string,
  source: LicenceSource,
  count: number,
  say: (line: string) => void,
) {
  const { certificates } = await openHouseKey(house, 'repository', 'SM2');
  const cityCertificate = certificates[0] ?? new Uint8Array();
  const province = await startProvince({
    ...{ port: 0, bind: '127.0.0.1', dataDir, cityCertificate, trust: [], clock: () => new Date() },
  });
  say("the province's tree is grown");
  try {
    const connector = connectProvince(house, { url: province.url, publicKey: province.key.publicKey });
    const timed = async () => {
      const started = performance.now();
      const comparison = await compareWithProvince(house, connector, { withdrawAll: true });
      return { comparison, seconds: (performance.now() - started) / 1000 };
    };
    await timed();
    const unchanged = await timed();
    const planted = choose(source, count);
    const leafRecords = await countLeaves(house, [...planted.keys()]);
    await plant(house, join(dataDir, 'province.db'), source, planted);
    const changed = await timed();
    const found = new Map(changed.comparison.differences.map(({ subject, kind }) => [subject, kind]));
    const notFound = [...planted].filter(([subject, { kind }]) => found.get(subject) !== kind).length;
    return {
      unchangedSeconds: unchanged.seconds,
      unchangedRecordsRead: unchanged.comparison.reads.records,
      seconds: changed.seconds,
      ...{ planted: planted.size, notFound },
      falselyFound: [...found.keys()].filter((subject) => !planted.has(subject)).length,
      nodesRead: changed.comparison.reads.nodes,
      recordsRead: changed.comparison.reads.records,
      leafRecords,
      sentAgain: changed.comparison.counts.requeued,
      withdrawn: changed.comparison.counts.withdrawn,
    };
  } finally {
    await province.close();
  }
}

const SHARES = [
  ...['missing', 'missing', 'missing', 'missing', 'differs', 'differs', 'differs', 'differs', 'differs'],
  ...['extra', 'extra', 'extra', 'extra', 'ahead', 'deleted', 'altered', 'altered', 'missing', 'differs', 'extra'],
] as const;

interface Planted {
  readonly index: number;
  readonly kind: (typeof SHARES)[number];
}

/** Spread over all departments and places. */
function choose(source: LicenceSource, count: number): Map<string, Planted> {
  const step = Math.floor(count / PLANTED);
  return new Map(
    Array.from({ length: PLANTED }, (_, number) => {
      const index = number * step + (number % step);
      const kind = SHARES[number % SHARES.length] ?? 'missing';
      const { subject } = messageOf(source.at(index));
      return [kind === 'extra' ? `${subject.slice(0, -5)}X.001.X` : subject, { index, kind }] as const;
    }),
  );
}

/** What lies in the leaves of these subjects, on both sides together, with what is planted there. */
async function countLeaves(house: House, subjects: readonly string[]): Promise<number> {
  const leaves = new Map<string, number>();
  for (const subject of subjects) {
    const { body, place } = placeOf(subject);
    for (let prefix = ''; ; ) {
      const key = nodeKey({ body, prefix });
      const node = (await runTree(house.db, SQL_TREE.loadNodes([key]))).get(key);
      const label = place.charAt(prefix.length);
      const child = node?.children?.find((one) => one.label === label);
      prefix += label;
      if (child?.inner) continue;
      leaves.set(body + prefix, child?.count ?? 0);
      break;
    }
  }
  const extra = subjects.filter((subject) => subject.endsWith('X.001.X')).length;
  return [...leaves.values()].reduce((sum, one) => sum + 2 * one, 0) + extra;
}

/** By hand, past both programs. */
async function plant(
  house: House,
  file: string,
  source: LicenceSource,
  planted: ReadonlyMap<string, Planted>,
): Promise<void> {
  const there = new Libsql(file);
  there.exec('PRAGMA busy_timeout=5000');
  const act = (sql: string, ...values: (string | number)[]) => there.prepare(sql).run(...values);
  there.exec('BEGIN IMMEDIATE');
  for (const [subject, { index, kind }] of planted) {
    const { id } = source.at(index).licence;
    const here = (sql: string) => house.db.sequelize.query(sql, { replacements: [id] });
    if (kind === 'missing') act('DELETE FROM subjects WHERE subject = ?', subject);
    else if (kind === 'differs' && index % 2 === 0)
      act("UPDATE subjects SET record = replace(record, '样例', '另例') WHERE subject = ?", subject);
    else if (kind === 'differs') act('UPDATE subjects SET sequence = 1 WHERE subject = ?', subject);
    else if (kind === 'ahead') act('UPDATE subjects SET sequence = 99 WHERE subject = ?', subject);
    else if (kind === 'extra')
      act("INSERT INTO subjects (subject, sequence, digest, record, received_at) VALUES (?, 1, '', '{}', '')", subject);
    else if (kind === 'deleted') await here('DELETE FROM licences WHERE id = ?');
    else await here("UPDATE licences SET fields = REPLACE(fields, '样例', '另例') WHERE id = ?");
  }
  there.exec('COMMIT');
  there.close();
}
