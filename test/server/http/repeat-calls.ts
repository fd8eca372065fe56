/** Writes that were made under an Idempotency-Key, made once more: whoever repeats a call is given the first answer. */
import type { Response, Test } from 'supertest';
import { ROUTES } from '../../../server/routes/index.ts';
import type { Hand, Web } from './web.ts';

interface Call {
  readonly hand: Hand;
  readonly method: 'post' | 'delete';
  readonly path: string;
  readonly key: string;
  readonly test: Test;
  body: object | undefined;
}

export interface Repeated {
  /** `post /api/v1/…` as routes are written. */
  readonly name: string;
  readonly first: Response;
  readonly second: Response;
}

export class Repeater {
  readonly #calls: Call[] = [];

  /** Its people's and systems' writes have a key of their own each, and are remembered. */
  watch(web: Web): Web {
    return {
      ...web,
      person: async (role, organisationCode) => this.watchHand(await web.person(role, organisationCode)),
      system: async (scopes, organisationCode) => this.watchHand(await web.system(scopes, organisationCode)),
    };
  }

  watchHand(hand: Hand): Hand {
    return {
      ...hand,
      post: (path, body) => this.#keep(hand, 'post', path, body, hand.post(path, body)),
      delete: (path) => this.#keep(hand, 'delete', path, undefined, hand.delete(path)),
    };
  }

  #keep(hand: Hand, method: Call['method'], path: string, body: object | undefined, test: Test): Test {
    const key = `repeated-${this.#calls.length}`;
    test.set('Idempotency-Key', key);
    const call: Call = { hand, method, path, key, test, body };
    this.#calls.push(call);
    // A file is sent afterwards.
    const send = test.send.bind(test);
    test.send = (data) => {
      call.body = data as object;
      return send(data);
    };
    return test;
  }

  /** The first that succeeded of each route that says it is idempotent. */
  async repeat(): Promise<Repeated[]> {
    const repeated = new Map<string, Repeated>();
    for (const { hand, method, path, key, test, body } of this.#calls) {
      const first = await test;
      const name = nameOf(method, path);
      if (name === undefined || repeated.has(name) || !first.ok) continue;
      const again = hand[method](path).set('Idempotency-Key', key);
      if (Buffer.isBuffer(body)) again.set('Content-Type', 'application/octet-stream');
      repeated.set(name, { name, first, second: await again.send(body) });
    }
    return [...repeated.values()];
  }
}

const IDEMPOTENT = ROUTES.filter(({ idempotent }) => idempotent);

function nameOf(method: string, path: string): string | undefined {
  const [plain = ''] = path.split('?');
  const isOf = (written: string) => new RegExp(`^${written.replaceAll(/:\w+/g, '[^/]+')}$`).test(plain);
  const found = IDEMPOTENT.find((route) => route.method === method && isOf(route.path));
  return found && `${found.method} ${found.path}`;
}
