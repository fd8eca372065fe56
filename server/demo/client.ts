/** A client of the repository's HTTP interface, as an integrator would write it: a person with a session, or a system with a
 *  token. Every write carries an idempotency key. */
import { randomUUID } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The body as JSON; undefined when it is not JSON. */
  readonly json: Json;
}

// Answers are data of another program: looked into with care, typed where they are used.
export type Json = { readonly [key: string]: unknown } & { readonly items?: readonly Json[] };

export class Client {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(base: string, headers: Readonly<Record<string, string>>) {
    this.#base = base;
    this.#headers = headers;
  }

  static anonymous(base: string): Client {
    return new Client(base, {});
  }

  static async person(base: string, name: string, password: string): Promise<Client> {
    const answer = await new Client(base, {}).post('/api/v1/session', { name, password }, 201);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return new Client(base, { Cookie: cookie, 'X-CSRF-Token': String(answer.json.csrfToken) });
  }

  static async system(base: string, clientId: string, clientSecret: string): Promise<Client> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const response = await fetch(`${base}/oauth/token`, { method: 'POST', body });
    const token = (await response.json()) as { access_token?: string };
    if (!token.access_token) throw new Error(`no token: ${response.status}`);
    return new Client(base, { Authorization: `Bearer ${token.access_token}` });
  }

  get(path: string, expected = 200): Promise<Answer> {
    return this.#send('GET', path, undefined, undefined, expected);
  }

  post(path: string, body: unknown, expected = 201): Promise<Answer> {
    return this.#send('POST', path, JSON.stringify(body), 'application/json', expected);
  }

  upload(path: string, bytes: Uint8Array, expected = 200): Promise<Answer> {
    return this.#send('POST', path, new Uint8Array(bytes), 'application/octet-stream', expected);
  }

  async #send(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    type: string | undefined,
    expected: number,
  ): Promise<Answer> {
    const headers = { ...this.#headers, ...(type ? { 'Content-Type': type, 'Idempotency-Key': randomUUID() } : {}) };
    const response = await fetch(this.#base + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const json = (isJson ? JSON.parse(Buffer.from(bytes).toString('utf8')) : {}) as Json;
    if (response.status !== expected) {
      throw new Error(
        `${method} ${path}: ${response.status} instead of ${expected}: ${Buffer.from(bytes).toString('utf8').slice(0, 600)}`,
      );
    }
    return { status: response.status, headers: response.headers, bytes, json };
  }
}
