/** Ends the real server with SIGKILL at each named point between intending a licence and confirming it, over and over, while
 *  licences are issued over HTTP; then lets it come to rest and has the raw tables counted.
 *  `npm run campaign:points -- [--times N] [--seed S]`: N kills at every point. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import Libsql from 'libsql';
import { SEALING_POINTS, type SealingPoint } from '../../models/sealing/sealing-point.ts';
import { seededRandom } from '../bench/fresh-characters.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { checkRawTables, type RawReport } from './check-raw-tables.ts';
import { IssuingClients } from './issuing-clients.ts';
import { type KillWorld, MACHINE, makeKillWorld } from './kill-world.ts';
import { end } from './server-process.ts';

export interface PointsOptions {
  /** Kills at every point. */
  readonly times: number;
  readonly points: readonly SealingPoint[];
  readonly seed: number;
  say(line: string): void;
}

const LANES = 2;
/** A point is met by the first, second or third licence after a start. */
const MOST_HITS = 3;
const PRELOAD = `--import ${new URL('./end-at-point.mjs', import.meta.url).href}`;
const DEAD_WITHIN_MS = 60_000;

export async function runPointsCampaign(options: PointsOptions): Promise<RawReport> {
  const folder = temporaryFolder();
  const world = await makeKillWorld(folder.path, { exchangeCron: NEVER, pdfSignatures: 'rsa+sm2' });
  const reached = join(folder.path, 'points-reached.txt');
  const clients = new IssuingClients(world);
  let server = await world.startServer();
  try {
    await clients.signIn();
    await end(server, 'SIGKILL');
    const lanes = clients.issueUntilStopped(LANES);
    const killed = await killAtPoints(world, options, reached);
    server = await world.startServer({ ZHENGKU_EXCHANGE_CRON: EVERY_SECOND });
    clients.stop();
    await lanes;
    const faults = [...(await comeToRest(world)), ...(await clients.askAgain())];
    await end(server, 'SIGTERM');
    await world.stopProvince();
    const report = checkRawTables(
      { ...world, machine: MACHINE },
      { issuedOnline: clients.issued, goodKeys: [], brokenKeys: [], suspendedKeys: [] },
    );
    const accounts = checkAccounts(world.cityFile, readFileSync(reached, 'utf8'));
    return {
      faults: [...faults, ...report.faults, ...accounts.faults],
      counts: { ...report.counts, ...accounts.counts, ...killed },
    };
  } finally {
    clients.stop();
    await end(server, 'SIGKILL');
    await world.stopProvince();
    folder.remove();
  }
}

const EVERY_SECOND = '* * * * * *';
const NEVER = '0 0 1 1 *';

/** One start of the server for each kill, in an order that the seed decides. */
async function killAtPoints(
  world: KillWorld,
  { times, points, seed, say }: PointsOptions,
  reached: string,
): Promise<Record<string, number>> {
  const random = seededRandom(seed);
  const plan = Array.from({ length: times }, () => points).flat();
  const order = plan.map((point) => ({ point, at: random() })).sort((a, b) => a.at - b.at);
  const killed: Record<string, number> = Object.fromEntries(points.map((point) => [`killed ${point}`, 0]));
  for (const [index, { point }] of order.entries()) {
    const hit = 1 + Math.floor(random() * MOST_HITS);
    const server = await world.startServer({
      NODE_OPTIONS: PRELOAD,
      END_AT: point,
      END_AT_TIME: String(hit),
      POINTS_REACHED: reached,
    });
    const gone = once(server, 'exit') as Promise<[number | null, string | null]>;
    const signal = server.signalCode ?? (await untilKilled(gone, `${point} was not reached ${hit} times`));
    if (signal !== 'SIGKILL') throw new Error(`the server ended by ${signal}, not by SIGKILL`);
    killed[`killed ${point}`] = (killed[`killed ${point}`] ?? 0) + 1;
    if ((index + 1) % 25 === 0) say(`${index + 1} of ${order.length} kills`);
  }
  return killed;
}

/** Throws when the point is not reached in time. */
async function untilKilled(gone: Promise<[number | null, string | null]>, late: string): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), DEAD_WITHIN_MS);
  });
  try {
    const [, signal] = await Promise.race([gone, limit]);
    return signal;
  } finally {
    clearTimeout(timer);
  }
}

const REST_WITHIN_MS = 300_000;

/** Until nothing is open and nothing waits for the province. */
async function comeToRest({ cityFile }: KillWorld): Promise<string[]> {
  const deadline = Date.now() + REST_WITHIN_MS;
  const city = new Libsql(cityFile);
  const count = (sql: string) => Number((city.prepare(sql).get([]) as { n: number }).n);
  try {
    while (Date.now() < deadline) {
      const open =
        count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting'") +
        count("SELECT COUNT(*) AS n FROM licence_intents WHERE state = 'intended'");
      if (open === 0) return [];
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return ['the repository did not come to rest'];
  } finally {
    city.close();
  }
}

/** Points after which a signature exists that did not before. */
const SIGNED: ReadonlySet<string> = new Set([
  'ofd-sealed',
  'ofd-countersigned',
  'pdf-signed',
  'pdf-sealed',
] satisfies SealingPoint[]);

type Row = Readonly<Record<string, unknown>>;

/** Each signature that the killed processes wrote down themselves has an intent that is finished or voided, a use of the
 *  seal on record with the same end, and was counted with its key; each confirmed licence is there. */
function checkAccounts(cityFile: string, reached: string): RawReport {
  const city = new Libsql(cityFile);
  const all = (sql: string) => city.prepare(sql).all([]) as Row[];
  const intents = all('SELECT id, identifier, state FROM licence_intents');
  const uses = all("SELECT subject_id, outcome FROM seal_uses WHERE subject = 'licence'");
  const counted = all("SELECT SUM(uses) AS n FROM signing_keys WHERE purpose IN ('signer', 'repository')");
  const ruled = all("SELECT COUNT(*) AS n FROM seal_uses WHERE subject = 'review-rule'");
  city.close();
  const faults = [...checkUses(intents, uses)];
  const stateOf = new Map(intents.map(({ identifier, state }) => [identifier, state]));
  let signatures = 0;
  let kills = 0;
  for (const line of reached.trim().split('\n')) {
    const [point = '', identifier = '', killed] = line.split(' ');
    const state = stateOf.get(identifier);
    if (killed) kills += 1;
    if (SIGNED.has(point)) signatures += 1;
    if (state !== 'finished' && state !== 'voided')
      faults.push(`${point} of ${identifier}: its intent is ${String(state)}`);
    if (point === 'confirmed' && state !== 'finished')
      faults.push(`${identifier} was confirmed and is ${String(state)}`);
  }
  const keyUses = Number(counted[0]?.n) - Number(ruled[0]?.n);
  if (keyUses < KEYS_A_LICENCE * intents.length)
    faults.push(`${intents.length} intents, and only ${keyUses} uses of keys were counted`);
  return { faults, counts: { signaturesMade: signatures, kills, keyUses, sealUses: uses.length } };
}

/** The seal's SM2 and RSA keys, and the repository's. */
const KEYS_A_LICENCE = 3;

function checkUses(intents: readonly Row[], uses: readonly Row[]): string[] {
  const ends: Readonly<Record<string, string>> = { finished: 'done', voided: 'voided' };
  return intents.flatMap(({ id, state }) => {
    const own = uses.filter(({ subject_id }) => subject_id === id).map(({ outcome }) => String(outcome));
    const wanted = ends[String(state)] ?? 'closed';
    return own.length === 1 && own[0] === wanted
      ? []
      : [`intent ${String(id)} is ${String(state)}, its use ${own.join()}`];
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { times: { type: 'string', default: '84' }, seed: { type: 'string' } } });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${seed}, ${SEALING_POINTS.length} points, ${values.times} kills at each`);
  const { faults, counts } = await runPointsCampaign({
    ...{ times: Number(values.times), points: SEALING_POINTS, seed },
    say,
  });
  say(JSON.stringify({ seed, ...counts, faults: faults.length }));
  for (const fault of faults) say(`✘ ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

if (existsSync(process.argv[1] ?? '') && import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main();
}
