/** Kills the real server at random moments while licences are issued and front-end rows exchanged, lets it come to rest, and
 *  has the raw tables counted. `npm run campaign:kill -- [--kills N] [--seed S]`. */
import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import Libsql from 'libsql';
import { seededRandom } from '../bench/fresh-characters.ts';
import { licenceColumns } from '../exchange/department.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { checkRawTables, type Expected, type RawPlaces, type RawReport } from './check-raw-tables.ts';
import { IssuingClients } from './issuing-clients.ts';
import { type KillWorld, MACHINE, makeKillWorld } from './kill-world.ts';
import { end } from './server-process.ts';

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  /** Licences issued over HTTP, at least; as many rows again are half of them. */
  readonly licences: number;
  say(line: string): void;
  /** Look at the files and tables that were counted, before they are gone. */
  inspect?(places: RawPlaces, expected: Expected): void;
}

const LANES = 5;
const EARLIEST_KILL_MS = 50;
const LATEST_KILL_MS = 1500;
const REST_WITHIN_MS = 120_000;
/** Serial numbers of rows, out of the way of licences submitted online. */
const FIRST_ROW = 500_000;

export async function runKillCampaign(options: CampaignOptions): Promise<RawReport> {
  const folder = temporaryFolder();
  const world = await makeKillWorld(folder.path);
  const work = new Work(world, options);
  let server = await world.startServer();
  try {
    await work.clients.signIn();
    for (let kill = 1; kill <= options.kills; kill += 1) server = await work.wave(server, kill);
    await work.comeToRest();
    const faults = await work.clients.askAgain();
    await end(server, 'SIGTERM');
    await world.stopProvince();
    const places = { ...world, machine: MACHINE };
    const report = checkRawTables(places, work.expected);
    options.inspect?.(places, work.expected);
    return { faults: [...faults, ...report.faults], counts: { ...report.counts, ...work.clients.counts } };
  } finally {
    await end(server, 'SIGKILL');
    await world.stopProvince();
    folder.remove();
  }
}

class Work {
  readonly #world: KillWorld;
  readonly #options: CampaignOptions;
  readonly #random: () => number;
  readonly #clients: IssuingClients;
  readonly #goodKeys: string[] = [];
  readonly #brokenKeys: string[] = [];
  readonly #suspendedKeys: string[] = [];

  constructor(world: KillWorld, options: CampaignOptions) {
    this.#world = world;
    this.#clients = new IssuingClients(world);
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  get expected(): Expected {
    return {
      issuedOnline: this.#clients.issued,
      goodKeys: this.#goodKeys,
      brokenKeys: this.#brokenKeys,
      suspendedKeys: this.#suspendedKeys,
    };
  }

  get clients(): IssuingClients {
    return this.#clients;
  }

  /** Licences and rows are under way; in their midst the server is killed, and started again. */
  async wave(server: ChildProcess, kill: number): Promise<ChildProcess> {
    const share = Math.ceil(this.#options.licences / this.#options.kills);
    this.#pushRows(Math.max(2, Math.ceil(share / 2)));
    const issuing = this.#clients.issueMany(share, LANES);
    const afterMs = Math.round(EARLIEST_KILL_MS + this.#random() * (LATEST_KILL_MS - EARLIEST_KILL_MS));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await end(server, 'SIGKILL');
    const again = await this.#world.startServer();
    this.#options.say(
      `kill ${kill}: after ${afterMs} ms, ${this.#clients.issued.length} of ${this.#clients.submitted} licences issued`,
    );
    await issuing;
    return again;
  }

  /** Right rows, a wrong one, and a suspension of an earlier row that was answered. */
  #pushRows(count: number): void {
    const machine = this.#openMachine();
    for (let i = 0; i < count; i += 1) {
      const key = `K-${this.#goodKeys.length + 1}`;
      insert(machine, { business_key: key, revision: 1, ...licenceColumns(FIRST_ROW + this.#goodKeys.length) });
      this.#goodKeys.push(key);
    }
    const broken = `B-${this.#brokenKeys.length + 1}`;
    insert(machine, { business_key: broken, revision: 1, ...licenceColumns(0), holders: 'not json' });
    this.#brokenKeys.push(broken);
    const issued = machine
      .prepare("SELECT business_key FROM zk_licence WHERE receipt_code = 'ISSUED' ORDER BY row_id")
      .all([]) as { business_key: string }[];
    const next = issued.find(({ business_key }) => !this.#suspendedKeys.includes(business_key));
    if (next) {
      const status = { operation: 'status', status_act: 'suspend', legal_basis: '样例条例第一条', reason: '核查' };
      insert(machine, { business_key: next.business_key, revision: 2, ...status });
      this.#suspendedKeys.push(next.business_key);
    }
    machine.close();
  }

  #openMachine(): Libsql.Database {
    const machine = new Libsql(this.#world.frontEndFile);
    machine.exec('PRAGMA busy_timeout=20000');
    return machine;
  }

  /** Until every row is answered and nothing waits for the province. */
  async comeToRest(): Promise<void> {
    const deadline = Date.now() + REST_WITHIN_MS;
    const city = new Libsql(this.#world.cityFile);
    const machine = this.#openMachine();
    const count = (database: Libsql.Database, sql: string) =>
      Number((database.prepare(sql).get([]) as { n: number }).n);
    for (;;) {
      const rows = count(
        machine,
        "SELECT COUNT(*) AS n FROM zk_licence WHERE state < 2 OR receipt_code LIKE 'AWAITING%'",
      );
      const messages = count(city, "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting'");
      const intents = count(city, "SELECT COUNT(*) AS n FROM licence_intents WHERE state = 'intended'");
      if (rows + messages + intents === 0) break;
      if (Date.now() > deadline) {
        this.#options.say(`not at rest: ${rows} rows, ${messages} messages, ${intents} intents`);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    city.close();
    machine.close();
  }
}

function insert(machine: Libsql.Database, values: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(values);
  const marks = names.map(() => '?').join(', ');
  machine.prepare(`INSERT INTO zk_licence (${names.join(', ')}) VALUES (${marks})`).run(Object.values(values));
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '25' }, seed: { type: 'string' } } });
  const kills = Number(values.kills);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${seed}, ${kills} kills`);
  const { faults, counts } = await runKillCampaign({ kills, seed, licences: Math.max(50, 4 * kills), say });
  say(JSON.stringify({ kills, seed, ...counts, faults: faults.length }));
  for (const fault of faults) say(`✘ ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
