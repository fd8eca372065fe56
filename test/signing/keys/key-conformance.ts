/** What every key must do, wherever it lives. Declared once, run on each kind. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OID } from '../../../signing/der/oids.ts';
import type { KeyProvider } from '../../../signing/keys/key-provider.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import type { KeyAlgorithm } from '../../../signing/keys/signing-key.ts';
import { verifySigned } from '../../../signing/x509/verify-signed.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const SIGNATURES = { SM2: OID.sm2WithSm3, RSA: OID.sha256WithRsa } as const;

/** @param open gives a provider whose keys are called `SM2` and `RSA`, and their public halves (SPKI DER) */
export function keysConform(
  open: () => Promise<{
    provider: KeyProvider;
    publicKeys: Readonly<Record<KeyAlgorithm, Uint8Array>>;
    close?: () => void | Promise<void>;
  }>,
): void {
  let world: Awaited<ReturnType<typeof open>>;
  before(async () => {
    world = await open();
  });
  after(() => world.close?.());

  for (const algorithm of ['SM2', 'RSA'] as const) {
    it(`sign with ${algorithm} what their public key verifies`, async () => {
      const key = await world.provider.openKey(algorithm);
      expect(key.algorithm).to.equal(algorithm);
      expect(Buffer.from(key.publicKey)).to.deep.equal(Buffer.from(world.publicKeys[algorithm]));
      for (const message of [Buffer.from('证照'), Buffer.alloc(0), Buffer.alloc(100_000, 7)]) {
        const signature = await key.sign(message);
        expect(verifySigned(SIGNATURES[algorithm], key.publicKey, message, signature)).to.equal(true);
        const other = Buffer.concat([message, Buffer.of(1)]);
        expect(verifySigned(SIGNATURES[algorithm], key.publicKey, other, signature)).to.equal(false);
      }
    });

    it(`sign with ${algorithm} what openssl verifies`, async function () {
      const openssl = requireProgram(this, 'openssl');
      const folder = temporaryFolder();
      try {
        const key = await world.provider.openKey(algorithm);
        const file = (name: string, bytes: Uint8Array | string) => {
          writeFileSync(join(folder.path, name), bytes);
          return join(folder.path, name);
        };
        const message = file('message', '电子证照');
        const signature = file('signature', await key.sign(Buffer.from('电子证照')));
        const publicKey = file('public.pem', toPem('PUBLIC KEY', key.publicKey));
        const args = ['-verify', '-pubin', '-inkey', publicKey, '-rawin', '-in', message, '-sigfile', signature];
        const how =
          algorithm === 'SM2'
            ? ['-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678']
            : ['-digest', 'sha256', '-pkeyopt', 'rsa_padding_mode:pkcs1'];
        const said = execFileSync(openssl, ['pkeyutl', ...args, ...how], { encoding: 'utf8' });
        expect(said).to.contain('Verified Successfully');
      } finally {
        folder.remove();
      }
    });

    it(`sign with ${algorithm} many at once, each its own`, async () => {
      const key = await world.provider.openKey(algorithm);
      const messages = Array.from({ length: 12 }, (_, index) => Buffer.from(`证照 ${index}`));
      const signatures = await Promise.all(messages.map((message) => key.sign(message)));
      const right = messages.map((message, index) =>
        verifySigned(SIGNATURES[algorithm], key.publicKey, message, signatures[index] ?? Buffer.alloc(0)),
      );
      expect(right).to.deep.equal(messages.map(() => true));
    });
  }

  it('are not opened by a name that nobody has', async () => {
    const error: unknown = await world.provider.openKey('nobody').catch((caught: unknown) => caught);
    expect(error).to.have.property('code', 'KEY_UNUSABLE');
  });
}
