/** A client that never gives up and never does a thing twice: every write carries an idempotency key, and is sent again
 *  with the same key until it is answered. */

export interface Answered {
  readonly key: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  /** The answer, byte for byte. */
  readonly text: string;
}

const PAUSE_MS = 50;
const GIVE_UP_AFTER_MS = 180_000;

export class StubbornClient {
  readonly answered: Answered[] = [];
  /** Requests that broke off without an answer. */
  broken = 0;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(base: string, headers: Readonly<Record<string, string>>) {
    this.#base = base;
    this.#headers = headers;
  }

  static async signIn(base: string, name: string, password: string): Promise<StubbornClient> {
    const response = await fetch(`${base}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, password }),
    });
    const { csrfToken } = (await response.json()) as { csrfToken?: string };
    if (!csrfToken) throw new Error(`${name} cannot sign in: ${response.status}`);
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return new StubbornClient(base, { Cookie: cookie, 'X-CSRF-Token': csrfToken });
  }

  /** Send until it is answered. Throws for any answer but `expected` that is not a request to wait. */
  async post(path: string, content: unknown, key: string, expected: number): Promise<Record<string, unknown>> {
    const body = JSON.stringify(content);
    const answer = await this.send(path, body, key);
    if (answer.status !== expected)
      throw new Error(`POST ${path} (${key}): ${answer.status} ${answer.text.slice(0, 500)}`);
    this.answered.push(answer);
    return JSON.parse(answer.text) as Record<string, unknown>;
  }

  async send(path: string, body: string, key: string): Promise<Answered> {
    const deadline = Date.now() + GIVE_UP_AFTER_MS;
    while (Date.now() < deadline) {
      const answer = await this.#once(path, body, key);
      if (answer && !asksToWait(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`POST ${path} (${key}) was never answered`);
  }

  async #once(path: string, body: string, key: string): Promise<Answered | undefined> {
    const headers = { ...this.#headers, 'Content-Type': 'application/json', 'Idempotency-Key': key };
    try {
      const response = await fetch(this.#base + path, { method: 'POST', headers, body });
      return { key, path, body, status: response.status, text: await response.text() };
    } catch {
      this.broken += 1;
      return undefined;
    }
  }
}

/** Another try with the same key may still be under way. */
function asksToWait({ status, text }: Answered): boolean {
  return status === 429 || status >= 500 || (status === 409 && text.includes('IDEMPOTENCY_IN_PROGRESS'));
}
