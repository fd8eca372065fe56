import { expect } from 'chai';
import { digestSignerOf } from '../../../signing/keys/digest-key.ts';
import { encryptKey } from '../../../signing/keys/encrypt-key.ts';
import { remoteKeys, softwareKeys } from '../../../signing/keys/key-provider.ts';
import { type RemoteKeyReference, remoteKey, type SignDigest } from '../../../signing/keys/remote-key.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { keysConform } from './key-conformance.ts';

const pkcs8 = { SM2: generateSoftwareKey('SM2'), RSA: generateSoftwareKey('RSA') };
const publicKeys = {
  SM2: softwareKeyFromPkcs8(pkcs8.SM2).publicKey,
  RSA: softwareKeyFromPkcs8(pkcs8.RSA).publicKey,
};
const references = new Map<string, RemoteKeyReference>(
  (['SM2', 'RSA'] as const).map((algorithm) => [
    algorithm,
    { keyId: algorithm, algorithm, publicKey: publicKeys[algorithm] },
  ]),
);
const signers = { SM2: digestSignerOf(pkcs8.SM2), RSA: digestSignerOf(pkcs8.RSA) };
const service: SignDigest = async (_keyId, algorithm, digest) => signers[algorithm](digest);

async function refusalOf(act: Promise<unknown>): Promise<unknown> {
  return act.then(
    () => expect.fail('it was done'),
    (error: unknown) => error,
  );
}

describe('software keys behind the contract of all keys', () => {
  keysConform(async () => {
    const random = { salt: Buffer.alloc(16, 7), iv: Buffer.alloc(16, 9), iterations: 1000 };
    const files = new Map(Object.entries(pkcs8).map(([name, key]) => [name, encryptKey(key, 'secret', random)]));
    return { provider: softwareKeys(files, 'secret'), publicKeys };
  });
});

describe('remote keys behind the contract of all keys', () => {
  keysConform(async () => ({ provider: remoteKeys(references, service), publicKeys }));

  it('send the service 32 bytes and never the message', async () => {
    const seen: Uint8Array[] = [];
    const spy: SignDigest = (keyId, algorithm, digest) => {
      seen.push(digest);
      return service(keyId, algorithm, digest);
    };
    for (const reference of references.values()) await remoteKey(reference, spy).sign(Buffer.from('张三的证照'));
    expect(seen.map(({ length }) => length)).to.deep.equal([32, 32]);
  });

  for (const algorithm of ['SM2', 'RSA'] as const) {
    it(`refuse an ${algorithm} signature that is of another digest, another key, or none`, async () => {
      const other = digestSignerOf(generateSoftwareKey(algorithm));
      const reference = references.get(algorithm) ?? expect.fail();
      const wrong: SignDigest[] = [
        async () => signers[algorithm](Buffer.alloc(32, 1)),
        async (_keyId, _algorithm, digest) => other(digest),
        async () => Buffer.alloc(0),
        async () => Buffer.alloc(256, 1),
      ];
      for (const signDigest of wrong) {
        const error = await refusalOf(remoteKey(reference, signDigest).sign(Buffer.from('证照')));
        expect(error).to.have.property('code', 'KEY_UNUSABLE');
      }
    });

    it(`sign nothing with ${algorithm} that is not a digest`, () => {
      for (const length of [0, 20, 31, 33, 64])
        expect(() => signers[algorithm](Buffer.alloc(length)))
          .to.throw()
          .with.property('code', 'MALFORMED');
    });
  }

  it('are refused at once when the public key is no SM2 key', () => {
    const reference = { keyId: 'x', algorithm: 'SM2', publicKey: publicKeys.RSA } as const;
    expect(() => remoteKey(reference, service))
      .to.throw()
      .with.property('code', 'KEY_UNUSABLE');
  });
});
