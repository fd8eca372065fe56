import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { byToken, makeSignDigest } from '../../../exchange/index.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { answerAsked, askOutside } from '../../../models/sealing/ask-outside.ts';
import { NOBODY_OUTSIDE } from '../../../models/sealing/make-files.ts';
import type { Outside } from '../../../models/sealing/outside.ts';
import { OID } from '../../../signing/der/oids.ts';
import { digestSignerOf, generateSoftwareKey, remoteKey, softwareKeyFromPkcs8 } from '../../../signing/index.ts';
import { verifySigned } from '../../../signing/x509/verify-signed.ts';
import { keysConform } from '../../signing/keys/key-conformance.ts';

const pkcs8 = { SM2: generateSoftwareKey('SM2'), RSA: generateSoftwareKey('RSA') };
const publicKeys = {
  SM2: softwareKeyFromPkcs8(pkcs8.SM2).publicKey,
  RSA: softwareKeyFromPkcs8(pkcs8.RSA).publicKey,
};
const references = (['SM2', 'RSA'] as const).map((algorithm) => ({
  ...{ keyId: algorithm, algorithm, publicKey: publicKeys[algorithm] },
}));
const signers = { SM2: digestSignerOf(pkcs8.SM2), RSA: digestSignerOf(pkcs8.RSA) };
const service: Outside = {
  ...NOBODY_OUTSIDE,
  signDigest: async (_keyId, algorithm, digest) => signers[algorithm](digest),
};

/** A thread's way outside, what answers it, and the faults that stayed on the process's side. */
function openWay(outside: Outside) {
  const { port1, port2 } = new MessageChannel();
  const faults: unknown[] = [];
  answerAsked(port1, outside, (fault) => faults.push(fault));
  const asked = askOutside(port2, ['sm3']);
  const sign = asked.signDigest ?? expect.fail();
  return { asked, sign, faults, port: port1, threadPort: port2 };
}

const digest = Buffer.alloc(32, 7);
const refused = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );

describe('keys outside, asked for from a thread', () => {
  keysConform(async () => {
    const { sign, port } = openWay(service);
    return {
      publicKeys,
      provider: {
        async openKey(name) {
          const reference = references.find(({ keyId }) => keyId === name);
          if (reference) return remoteKey(reference, sign);
          return remoteKey({ keyId: name, algorithm: 'SM2', publicKey: new Uint8Array() }, sign);
        },
      },
      close: () => port.close(),
    };
  });

  it('sign inside a real thread, which ends when it has done its work', async function () {
    this.timeout(30_000);
    const { port1, port2 } = new MessageChannel();
    answerAsked(port1, service, (fault) => expect.fail(String(fault)));
    const room = JSON.stringify(new URL('./seal-in-worker.ts', import.meta.url).href);
    const worker = new Worker(`import('tsx/esm/api').then(({ register }) => (register(), import(${room})))`, {
      eval: true,
      workerData: { port: port2, references, messages: ['甲', '乙'] },
      transferList: [port2],
    });
    const answers: { algorithm: 'SM2' | 'RSA'; message: string; signature: Uint8Array }[] = [];
    worker.on('message', (answer: (typeof answers)[number]) => answers.push(answer));
    const status = await new Promise((resolve, reject) => {
      worker.once('exit', resolve);
      worker.once('error', reject);
    });
    expect(status).to.equal(0);
    expect(answers.map(({ algorithm, message }) => `${algorithm} ${message}`)).to.deep.equal([
      'SM2 甲',
      'SM2 乙',
      'RSA 甲',
      'RSA 乙',
    ]);
    const oids = { SM2: OID.sm2WithSm3, RSA: OID.sha256WithRsa };
    for (const { algorithm, message, signature } of answers) {
      expect(verifySigned(oids[algorithm], publicKeys[algorithm], Buffer.from(message), signature)).to.equal(true);
    }
  });
});

describe('the way outside from a thread', () => {
  it('keeps a fault on the process’s side, whole, and tells the thread no more than that there is no answer', async () => {
    const fault = new Fault('KEY_SERVICE_REFUSED', { detail: 'QUOTA' });
    const { sign, faults, port } = openWay({ ...service, signDigest: () => Promise.reject(fault) });
    const told = await refused(sign('SM2', 'SM2', digest));
    expect(told).to.be.instanceOf(Error).and.not.have.property('code');
    expect(String(told)).to.not.contain('QUOTA');
    expect(faults).to.deep.equal([fault]);
    port.close();
  });

  it('answers each question with its own answer, whichever comes first', async () => {
    const waiting: (() => void)[] = [];
    const { asked, port } = openWay({
      ...service,
      signDigest: (keyId) => new Promise((resolve) => waiting.push(() => resolve(Buffer.from(keyId)))),
      stamp: { sm3: async () => Buffer.from('stamped') },
    });
    const first = asked.signDigest?.('first', 'SM2', digest);
    const second = asked.signDigest?.('second', 'SM2', digest);
    expect(Buffer.from((await asked.stamp.sm3?.(digest)) ?? []).toString()).to.equal('stamped');
    for (const answer of waiting.reverse()) answer();
    expect(Buffer.from((await second) ?? []).toString()).to.equal('second');
    expect(Buffer.from((await first) ?? []).toString()).to.equal('first');
    port.close();
  });

  it('fails whoever asks for what nobody is connected for', async () => {
    const { asked, sign, faults, port } = openWay(NOBODY_OUTSIDE);
    await refused(sign('SM2', 'SM2', digest));
    const request = { esId: '1', dataHash: digest, propertyInfo: '/x', at: new Date(0) };
    await refused(asked.pressSeal('city', request));
    expect(faults.map((fault) => (fault instanceof Fault ? fault.code : 'other'))).to.deep.equal([
      'other',
      'SEAL_SERVICE_MISSING',
    ]);
    expect(asked.stamp.sha256).to.equal(undefined);
    port.close();
  });

  it('fails what still waits when it is closed, and what comes after', async () => {
    const { sign, port } = openWay({ ...service, signDigest: () => new Promise(() => undefined) });
    const waiting = refused(sign('SM2', 'SM2', digest));
    port.close();
    expect(String(await waiting)).to.contain('closed');
    expect(String(await refused(sign('SM2', 'SM2', digest)))).to.contain('closed');
  });

  it('ends in time when the service never answers', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const line = { url, authorise: byToken('x'), random: (count: number) => new Uint8Array(count), timeoutMs: 100 };
    const { sign, faults, port } = openWay({ ...service, signDigest: makeSignDigest(line) });
    await refused(sign('SM2', 'SM2', digest));
    expect(faults[0]).to.have.property('code', 'KEY_SERVICE_UNAVAILABLE');
    port.close();
    server.closeAllConnections();
    server.close();
  });
});
