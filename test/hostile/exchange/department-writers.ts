/** Twenty clerks' systems that push rows, each over its own licences: with commits that come late, in another order than the
 *  rows were numbered, doubled, broken, taken back; and that push on while their database comes and goes. */
import mysql from 'mysql2/promise';
import { licenceColumns } from '../../exchange/department.ts';

export interface WriterOptions {
  readonly url: string;
  /** Unlike those of any other writer of the machine. */
  readonly prefix: string;
  readonly firstSerial: number;
  readonly licences: number;
  /** Rows after the first of each licence. */
  readonly changes: number;
  random(): number;
}

type Values = Readonly<Record<string, string | number>>;

const LONGEST_COMMIT_MS = 1_200;
const RETRY_MS = 150;

export class DepartmentWriter {
  /** Rows whose commit was answered. */
  committed = 0;
  /** Transactions taken back, or broken off. */
  undone = 0;
  readonly #options: WriterOptions;
  readonly #revisions = new Map<string, number>();
  #connection: mysql.Connection | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { licences, changes, prefix, random } = this.#options;
    const keys = Array.from({ length: licences }, (_, index) => `${prefix}-${index + 1}`);
    try {
      for (const [index, key] of keys.entries()) await this.#pushNew(key, index);
      for (let change = 0; change < changes; change += 1) {
        await this.#pushChange(keys[Math.floor(random() * keys.length)] ?? '');
      }
    } finally {
      await this.#connection?.end().catch(() => undefined);
    }
  }

  /** One licence in eight is wrong at first and put right by a further revision. */
  async #pushNew(key: string, index: number): Promise<void> {
    const { firstSerial, random } = this.#options;
    const right = licenceColumns(firstSerial + index) as Values;
    if (random() < 1 / 8)
      await this.#push([{ ...right, business_key: key, revision: this.#next(key), fields: '{"lic' }]);
    const row = { ...right, business_key: key, revision: this.#next(key) };
    await this.#push(random() < 1 / 8 ? [row, row] : [row]);
  }

  async #pushChange(key: string): Promise<void> {
    const { random } = this.#options;
    const kind = random();
    if (kind < 0.1) {
      // The later revision is committed first.
      const [earlier, later] = [this.#status(key), this.#status(key)];
      await this.#push([later]);
      await this.#push([earlier]);
    } else if (kind < 0.25) {
      const row = this.#status(key);
      await this.#push([row]);
      await this.#push([row]);
    } else if (kind < 0.35) {
      await this.#push([{ ...this.#status(key), status_act: 'vanish' }]);
    } else {
      await this.#push([this.#status(key)]);
    }
  }

  #next(key: string): number {
    const revision = (this.#revisions.get(key) ?? 0) + 1;
    this.#revisions.set(key, revision);
    return revision;
  }

  #status(key: string): Values {
    const revision = this.#next(key);
    const act = this.#options.random() < 0.5 ? 'suspend' : 'resume';
    const words = { legal_basis: '演练方案', reason: `演练 ${revision}` };
    return { business_key: key, revision, operation: 'status', status_act: act, ...words };
  }

  /** One transaction in twenty is taken back before it is made good. A commit that broke off may have been kept: then the row
   *  is there twice, as with any department that tries again. */
  async #push(rows: readonly Values[]): Promise<void> {
    let takesBack = this.#options.random() < 0.05;
    for (;;) {
      try {
        const connection = await this.#connect();
        await connection.beginTransaction();
        for (const row of rows) await insert(connection, row);
        await pause(this.#options.random() * LONGEST_COMMIT_MS);
        if (!takesBack) {
          await connection.commit();
          this.committed += rows.length;
          return;
        }
        takesBack = false;
        await connection.rollback();
      } catch {
        this.#connection?.destroy();
        this.#connection = undefined;
        await pause(RETRY_MS);
      }
      this.undone += 1;
    }
  }

  async #connect(): Promise<mysql.Connection> {
    if (this.#connection) return this.#connection;
    const connection = await mysql.createConnection(this.#options.url);
    connection.on('error', () => undefined);
    this.#connection = connection;
    return connection;
  }
}

async function insert(connection: mysql.Connection, row: Values): Promise<void> {
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  await connection.query(`INSERT INTO zk_licence (${names.join(', ')}) VALUES (${marks})`, Object.values(row));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
