/** People at their counters who issue licences over HTTP one after another, and never give up while the server comes and goes. */
import { numberOf } from '../exchange/department.ts';
import { SUBMISSION } from '../world/sample-entry.ts';
import { type KillWorld, PEOPLE } from './kill-world.ts';
import { StubbornClient } from './stubborn-client.ts';

export class IssuingClients {
  /** Ids of licences whose sealing was answered. */
  readonly issued: string[] = [];
  readonly #world: KillWorld;
  readonly #clients = new Map<string, StubbornClient>();
  #submitted = 0;
  #stopped = false;

  constructor(world: KillWorld) {
    this.#world = world;
  }

  get submitted(): number {
    return this.#submitted;
  }

  /** How many requests were answered, and how many broke off. */
  get counts(): { readonly answered: number; readonly broken: number } {
    const clients = [...this.#clients.values()];
    const answered = clients.reduce((sum, client) => sum + client.answered.length, 0);
    return { answered, broken: clients.reduce((sum, { broken }) => sum + broken, 0) };
  }

  async signIn(): Promise<void> {
    for (const person of PEOPLE) {
      this.#clients.set(person, await StubbornClient.signIn(this.#world.base, person, this.#world.password));
    }
  }

  async issueMany(count: number, lanes: number): Promise<void> {
    let left = count;
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.#issueOne();
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** Gives when `stop` was called and what was begun is done. */
  async issueUntilStopped(lanes: number): Promise<void> {
    const lane = async (): Promise<void> => {
      while (!this.#stopped) await this.#issueOne();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Every answer once more with its key: the same bytes, and no further effect, which the tables will tell. */
  async askAgain(): Promise<string[]> {
    const faults: string[] = [];
    for (const client of this.#clients.values()) {
      for (const { path, body, key, status, text } of client.answered) {
        const again = await client.send(path, body, key);
        if (again.status !== status || again.text !== text) faults.push(`${key} is answered otherwise the second time`);
      }
    }
    return faults;
  }

  async #issueOne(): Promise<void> {
    this.#submitted += 1;
    const serial = this.#submitted;
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial), projectName: `样例工程${serial}` };
    const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
    const { licenceId } = await this.#client('clerk').post('/api/v1/licences', body, `submit-${serial}`, 201);
    const path = `/api/v1/licences/${String(licenceId)}`;
    await this.#client('reviewer').post(`${path}/review`, { decision: 'approved' }, `review-${serial}`, 200);
    await this.#client('seal-keeper').post(`${path}/seal`, {}, `seal-${serial}`, 200);
    this.issued.push(String(licenceId));
  }

  #client(name: (typeof PEOPLE)[number]): StubbornClient {
    const client = this.#clients.get(name);
    if (!client) throw new Error(`${name} has not signed in`);
    return client;
  }
}
