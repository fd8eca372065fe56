import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import {
  bySignature,
  byToken,
  listServiceKeys,
  makeSealService,
  makeSignDigest,
  type ServiceLine,
} from '../../../exchange/index.ts';
import { generateSoftwareKey, remoteKey, remoteKeys, sm3, softwareKeyFromPkcs8 } from '../../../signing/index.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { verifyStamp } from '../../../signing/seal/verify-stamp.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { keysConform } from '../../signing/keys/key-conformance.ts';
import { openTrustWorld, type TrustWorld } from './trust-world.ts';

async function refusalOf(act: Promise<unknown>): Promise<{ code?: unknown; detail?: unknown }> {
  return act.then(
    () => expect.fail('it was done'),
    (error: unknown) => error as { code?: unknown },
  );
}

describe('keys at the signing service behind the contract of all keys', () => {
  keysConform(async () => {
    const world = await openTrustWorld();
    const listed = await listServiceKeys(world.line);
    const references = new Map(listed.map((key) => [key.algorithm as string, key]));
    const of = (algorithm: 'SM2' | 'RSA') => references.get(algorithm)?.publicKey ?? expect.fail();
    return {
      provider: remoteKeys(references, makeSignDigest(world.line)),
      publicKeys: { SM2: of('SM2'), RSA: of('RSA') },
      close: () => world.close(),
    };
  });
});

describe('the signing service', () => {
  const client = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
  const digest = Buffer.alloc(32, 7);
  let world: TrustWorld;
  before(async () => {
    world = await openTrustWorld([client.publicKey]);
  });
  after(() => world.close());

  it('takes requests that a known client has signed, each once', async () => {
    const authorise = bySignature(client, () => world.time.now(), world.random);
    const [key] = await listServiceKeys({ ...world.line, authorise });
    expect(key?.certificates).to.have.length(3);
    const fixed = await authorise('GET', '/keys', '');
    const once = { ...world.line, authorise: async () => fixed };
    expect(await listServiceKeys(once)).to.have.length(2);
    expect(await refusalOf(listServiceKeys(once))).to.deep.include({
      code: 'KEY_SERVICE_REFUSED',
      detail: 'UNAUTHENTICATED',
    });
  });

  it('takes nothing without a token, with a wrong one, from strangers, from another time or with another body', async () => {
    const stranger = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
    const clock = () => world.time.now();
    const late = () => new Date(world.time.now().getTime() - 3_600_000);
    const altered = bySignature(client, clock, world.random);
    for (const authorise of [
      async () => ({}),
      byToken('guess'),
      bySignature(stranger, clock, world.random),
      bySignature(client, late, world.random),
      ((method, target) => altered(method, target, '{}')) satisfies ServiceLine['authorise'],
    ]) {
      const error = await refusalOf(makeSignDigest({ ...world.line, authorise })('city-sm2', 'SM2', digest));
      expect(error).to.deep.include({ code: 'KEY_SERVICE_REFUSED', detail: 'UNAUTHENTICATED' });
    }
  });

  it('refuses what it cannot sign, and says why', async () => {
    const signDigest = makeSignDigest(world.line);
    expect(await refusalOf(signDigest('nobody', 'SM2', digest))).to.have.property('detail', 'KEY_UNKNOWN');
    expect(await refusalOf(signDigest('city-sm2', 'RSA', digest))).to.have.property('detail', 'KEY_UNKNOWN');
    expect(await refusalOf(signDigest('city-sm2', 'SM2', Buffer.alloc(20)))).to.have.property(
      'detail',
      'REQUEST_INVALID',
    );
  });

  it('answers the same request id the same, and another body under it not at all', async () => {
    const post = async (facts: object) => {
      const headers = {
        ...(await world.line.authorise('POST', '/sign', '')),
        'content-type': 'application/json',
      };
      const response = await fetch(`${world.line.url}/sign`, { method: 'POST', headers, body: JSON.stringify(facts) });
      return { status: response.status, body: await response.text() };
    };
    const facts = { requestId: 'the same twice', keyId: 'city-sm2', algorithm: 'SM2' };
    const first = await post({ ...facts, digest: digest.toString('base64') });
    expect(first.status).to.equal(200);
    expect(await post({ ...facts, digest: digest.toString('base64') })).to.deep.equal(first);
    expect(await post({ ...facts, digest: Buffer.alloc(32, 8).toString('base64') })).to.deep.equal({
      status: 409,
      body: '{"code":"REQUEST_ID_REUSED"}',
    });
  });

  it('presses its seal, and the stamp verifies', async () => {
    const dataHash = sm3(Buffer.from('Signature.xml'));
    const press = { esId: '41990000008461', dataHash, propertyInfo: '/Doc_0/Signs/Sign_0/Signature.xml' };
    const stamp = await makeSealService(world.line).press({ ...press, at: world.time.now() });
    const { authority } = world.trust.services;
    const store = trustStoreOf({
      certificates: [authority.sm2.root.certificate, authority.sm2.issuing.certificate],
      at: world.time.now(),
    });
    const parsed = parseSesSignature(stamp);
    const judged = verifyStamp(parsed, { dataHash, store, where: 'x', strict: true });
    expect(judged.trusted).to.equal(true);
    expect(judged.checks.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([]);
    const service = makeSealService(world.line);
    expect(await refusalOf(service.press({ ...press, esId: 'x', at: world.time.now() }))).to.have.property(
      'detail',
      'SEAL_UNKNOWN',
    );
    const past = new Date(world.time.now().getTime() - 3_600_000);
    expect(await refusalOf(service.press({ ...press, at: past }))).to.have.property('detail', 'TIME_REFUSED');
  });
});

describe('a signing service in trouble', () => {
  const reference = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));

  /** What a client is told by a service that behaves like this. */
  async function told(behave: RequestListener, timeoutMs = 5_000): Promise<{ code?: unknown; detail?: unknown }> {
    const server = createServer(behave);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const line: ServiceLine = { url, authorise: byToken('x'), random: (n) => new Uint8Array(n), timeoutMs };
    try {
      const key = remoteKey({ keyId: 'k', algorithm: 'SM2', publicKey: reference.publicKey }, makeSignDigest(line));
      return await refusalOf(key.sign(Buffer.from('证照')));
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const UNAVAILABLE = { code: 'KEY_SERVICE_UNAVAILABLE' };
  const REFUSED = { code: 'KEY_SERVICE_REFUSED' };
  const say =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(status, headers).end(body);

  it('is unavailable when it fails, is busy, does not answer or is not there', async () => {
    for (const status of [500, 503, 429]) expect(await told(say(status, '{}'))).to.deep.include(UNAVAILABLE);
    expect(await told((request) => request.socket.destroy())).to.deep.include(UNAVAILABLE);
    expect(await told(() => undefined, 150)).to.deep.include(UNAVAILABLE);
    const line: ServiceLine = { url: 'http://127.0.0.1:1', authorise: byToken('x'), random: (n) => new Uint8Array(n) };
    expect(await refusalOf(listServiceKeys(line))).to.deep.include(UNAVAILABLE);
  });

  it('is asked once more when the connection breaks, under the same request id', async () => {
    const seen: string[] = [];
    const error = await told((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += String(part);
      });
      request.on('end', () => {
        seen.push((JSON.parse(body) as { requestId: string }).requestId);
        if (seen.length === 1) request.socket.destroy();
        else response.end('{"signature":"AAAA"}');
      });
    });
    expect(seen).to.have.length(2);
    expect(seen[0]).to.equal(seen[1]);
    expect(error).to.have.property('code', 'KEY_UNUSABLE');
  });

  it('is refused when it leads elsewhere, answers too much, or answers something else', async () => {
    let followed = 0;
    const elsewhere: RequestListener = (request, response) => {
      if (request.url !== '/sign') followed += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    };
    expect(await told(elsewhere)).to.deep.include(REFUSED);
    expect(followed).to.equal(0);
    expect(await told(say(200, 'x'.repeat(300_000)))).to.deep.include({ ...REFUSED, detail: 'TOO_LARGE' });
    for (const body of ['', 'null', '{}', '{"signature":1}', '{"signature":"***"}', '<html>'])
      expect(await told(say(200, body)), body).to.deep.include({ ...REFUSED, detail: 'ANSWER' });
  });

  it('gets no word of its own into what a person reads', async () => {
    const error = await told(say(400, '{"code":"<script>张三</script>"}'));
    expect(error).to.deep.include({ ...REFUSED, detail: 'HTTP 400' });
  });

  it('gets no wrong signature into a file', async () => {
    expect(await told(say(200, '{"signature":"MAYCAQECAQE="}'))).to.have.property('code', 'KEY_UNUSABLE');
  });
});
