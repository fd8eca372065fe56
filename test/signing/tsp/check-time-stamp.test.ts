import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OID } from '../../../signing/der/oids.ts';
import { DerFields, parseDer, TAG } from '../../../signing/der/read-der.ts';
import { octetString, oid, sequence } from '../../../signing/der/write-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { fromPemOrDer, toPem } from '../../../signing/keys/pem.ts';
import { checkTimeStamp } from '../../../signing/tsp/check-time-stamp.ts';
import { makeTimeStampToken, type TimeStampAuthority } from '../../../signing/tsp/make-time-stamp-token.ts';
import { writeImprint } from '../../../signing/tsp/message-imprint.ts';
import { openTimeStamp } from '../../../signing/tsp/open-time-stamp.ts';
import { readTimeStampResponse } from '../../../signing/tsp/read-time-stamp-response.ts';
import { writeTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember, NOW } from '../x509/certificates.ts';
import { answer, digestOf, HASH_OF, LONG, makeTsa, POLICY, questionOf, STAMPED, stampOf } from './authorities.ts';

type World = Awaited<ReturnType<typeof makeTsa>>;

/** The reason for which an act is refused; `MALFORMED` for what cannot be read. */
function reasonOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return String(error.details.reason ?? error.code);
  }
}

for (const algorithm of ['RSA', 'SM2'] as const) {
  const hash = HASH_OF[algorithm];

  describe(`a time-stamp by an ${algorithm} key`, () => {
    let world: World;
    let token: Uint8Array;

    const storeOf = (anchors: readonly Uint8Array[], crls: readonly Uint8Array[] = []) =>
      trustStoreOf({ certificates: anchors, crls, at: NOW });
    const judge = (stamp: Uint8Array, stamped: Uint8Array = STAMPED, anchor: Uint8Array = world.root.certificate) => {
      const { check, at } = checkTimeStamp(stamp, stamped, storeOf([anchor]), 'stamp');
      return { word: check.code ?? check.outcome, at: at?.toISOString() };
    };
    const invalid = { word: 'TIMESTAMP_INVALID', at: undefined };

    before(async () => {
      world = await makeTsa(algorithm, { fraction: true, accuracy: { millis: 20 }, ordering: true });
      token = await stampOf(world.authority, hash, new Date(NOW.getTime() - 880));
    });

    it('proves its time', () => {
      expect(judge(token)).to.deep.equal({ word: 'passed', at: '2026-05-31T23:59:59.120Z' });
    });

    it('is read in the shell of GM/T 0010 as well', () => {
      const shell = new DerFields(parseDer(token));
      shell.take(TAG.OID);
      const inGmShell = sequence(oid(OID.gmSignedData), shell.takeAny().raw);
      expect(judge(inGmShell)).to.deep.equal({ word: 'passed', at: '2026-05-31T23:59:59.120Z' });
    });

    it('is judged over a digest as over the bytes themselves', () => {
      const byDigest = checkTimeStamp(
        token,
        (name) => createHash(name).update(STAMPED).digest(),
        storeOf([world.root.certificate]),
        '',
      );
      expect(byDigest.check.outcome).to.equal('passed');
    });

    it('is refused over other bytes', () => {
      expect(judge(token, Buffer.from('another'))).to.deep.equal(invalid);
    });

    it('proves nothing when its authority is not trusted', async () => {
      const stranger = await makeMember(algorithm, 'root', 'Stranger', undefined, LONG);
      expect(judge(token, STAMPED, stranger.certificate)).to.deep.equal({ word: 'TIME_NOT_TRUSTED', at: undefined });
    });

    it('is refused when it comes from the future', async () => {
      const early = await stampOf(world.authority, hash, new Date('2027-01-01T00:00:00Z'));
      expect(judge(early)).to.deep.equal({ word: 'TIME_IN_FUTURE', at: undefined });
    });

    it('is refused when the authority was revoked before it', async () => {
      const list = (date: string) =>
        issueCrl({
          issuer: world.issuing.certificate,
          signer: world.issuing.key,
          thisUpdate: new Date('2026-05-01T00:00:00Z'),
          nextUpdate: new Date('2026-07-01T00:00:00Z'),
          number: 1n,
          revoked: [{ serial: parseCertificate(world.tsa.certificate).serial, revokedAt: new Date(date) }],
        });
      const judgeBy = async (date: string) =>
        checkTimeStamp(token, STAMPED, storeOf([world.root.certificate], [await list(date)]), '').check;
      expect(await judgeBy('2026-04-01T00:00:00Z')).to.include({ outcome: 'failed', code: 'TIMESTAMP_INVALID' });
      expect(await judgeBy('2026-06-01T00:00:00Z')).to.include({ outcome: 'passed' });
    });

    it('is refused outside the validity of its authority', async () => {
      const dates = { notBefore: LONG.notBefore, notAfter: new Date('2026-05-01T00:00:00Z') };
      const old = await makeMember(algorithm, 'time-stamping', 'Old clock', world.issuing, dates);
      const expired = { ...world.authority, key: old.key, certificate: old.certificate };
      expect(await stampOf(expired, hash, new Date('2026-04-30T00:00:00Z')).then((one) => judge(one).word)).to.equal(
        'passed',
      );
      const refused = await stampOf(expired, hash, NOW).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(SigningError).with.property('code', 'CERTIFICATE_UNFIT');
    });

    it('is refused from a key for another purpose', async () => {
      const signer = await makeMember(algorithm, 'signer', 'Signer', world.issuing, LONG);
      const wrong = await stampOf({ ...world.authority, key: signer.key, certificate: signer.certificate }, hash);
      expect(reasonOf(() => openTimeStamp(wrong))).to.equal('PURPOSE');
      expect(judge(wrong)).to.deep.equal(invalid);
    });

    it('is refused without the certificate, and over a digest of another length', async () => {
      const order = { certificates: true, serial: 5n, at: NOW };
      const imprint = writeImprint(hash, digestOf(hash, STAMPED));
      const bare = await makeTimeStampToken(world.authority, { ...order, imprint, certificates: false });
      expect(reasonOf(() => openTimeStamp(bare))).to.equal('CERTIFICATE_MISSING');
      expect(judge(bare)).to.deep.equal(invalid);
      const short = await makeTimeStampToken(world.authority, { ...order, imprint: writeImprint(hash, STAMPED) });
      expect(reasonOf(() => openTimeStamp(short))).to.equal('IMPRINT');
    });

    it('proves nothing over an MD5 or SHA-1 digest, nor over one that is not known', async () => {
      const over = (id: string, digest: Uint8Array): Promise<Uint8Array> => {
        const imprint = sequence(sequence(oid(id)), octetString(digest));
        return makeTimeStampToken(world.authority, { certificates: true, serial: 5n, at: NOW, imprint });
      };
      const md5 = await over('1.2.840.113549.2.5', createHash('md5').update(STAMPED).digest());
      const sha1 = await over('1.3.14.3.2.26', createHash('sha1').update(STAMPED).digest());
      const sha3 = await over('2.16.840.1.101.3.4.2.8', createHash('sha3-256').update(STAMPED).digest());
      expect([md5, sha1, sha3].map((one) => judge(one))).to.deep.equal([
        { word: 'DIGEST_WEAK', at: undefined },
        { word: 'DIGEST_WEAK', at: undefined },
        { word: 'ALGORITHM_UNSUPPORTED', at: undefined },
      ]);
    });

    it('answers only the question that was asked', async () => {
      const asked = questionOf(hash);
      const response = await answer(world.authority, writeTimeStampRequest(asked));
      const read = (expected: object, bytes: Uint8Array = response): string | undefined =>
        reasonOf(() => readTimeStampResponse(bytes, { ...asked, ...expected }));
      expect(read({})).to.equal(undefined);
      expect(read({ nonce: asked.nonce + 1n })).to.equal('NONCE');
      expect(read({ nonce: undefined })).to.equal('NONCE');
      expect(read({ digest: digestOf(hash, Buffer.from('other')) })).to.equal('IMPRINT');
      expect(read({ hash: hash === 'sm3' ? 'sha256' : 'sm3' })).to.equal('IMPRINT');
      expect(read({ policy: POLICY })).to.equal(undefined);
      expect(read({ policy: '1.2.3.4.2' })).to.equal('POLICY');
      expect(read({}, Buffer.concat([response, Buffer.from([0])]))).to.equal('NOT_DER');
    });

    it('is refused, or reads the same, whatever byte of it is changed', () => {
      const before = { judged: judge(token), info: openTimeStamp(token).info };
      let refused = 0;
      for (let at = 0; at < token.length; at += 1) {
        const changed = Uint8Array.from(token);
        // one bit, walking, so that every position of a byte has its turn
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        if (reasonOf(() => openTimeStamp(changed)) !== undefined) refused += 1;
        else expect({ judged: judge(changed), info: openTimeStamp(changed).info }, `byte ${at}`).to.deep.equal(before);
      }
      // our own tokens leave no byte unprotected
      expect(refused).to.equal(token.length);
    });
  });
}

describe('a time-stamp by a certificate of another’s making', () => {
  let folder: TemporaryFolder;
  let world: World;
  before(async function () {
    requireProgram(this, 'openssl');
    folder = temporaryFolder();
    world = await makeTsa('RSA');
    writeFileSync(join(folder.path, 'ca.pem'), toPem('CERTIFICATE', world.issuing.certificate));
    writeFileSync(join(folder.path, 'ca.key'), toPem('PRIVATE KEY', world.issuing.pkcs8));
    writeFileSync(join(folder.path, 'tsa.key'), toPem('PRIVATE KEY', world.tsa.pkcs8));
  });
  after(() => folder?.remove());

  /** A certificate for the authority's key with these extensions, issued by OpenSSL. */
  const issue = (...extensions: string[]): TimeStampAuthority => {
    const run = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' });
    writeFileSync(join(folder.path, 'ext'), ['keyUsage=critical,digitalSignature', ...extensions].join('\n'));
    run('req', '-new', '-key', 'tsa.key', '-subj', '/CN=clock', '-out', 'csr');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '77', '-days', '3650', '-extfile', 'ext'];
    run('x509', '-req', '-in', 'csr', ...by, '-out', 'cert.pem');
    const [certificate = new Uint8Array()] = fromPemOrDer(readFileSync(join(folder.path, 'cert.pem')), 'CERTIFICATE');
    return { ...world.authority, certificate };
  };
  const openedAs = async (...extensions: string[]): Promise<string | undefined> => {
    const token = await stampOf(issue(...extensions), 'sha256', new Date(Date.now() + 60_000));
    return reasonOf(() => openTimeStamp(token));
  };

  it('holds when time-stamping is its one, critical purpose', async () => {
    expect(await openedAs('extendedKeyUsage=critical,timeStamping')).to.equal(undefined);
  });

  it('is refused when the purpose is not critical, not the only one, or not there', async () => {
    expect(await openedAs('extendedKeyUsage=timeStamping')).to.equal('PURPOSE');
    expect(await openedAs('extendedKeyUsage=critical,timeStamping,codeSigning')).to.equal('PURPOSE');
    expect(await openedAs('extendedKeyUsage=critical,codeSigning')).to.equal('PURPOSE');
    expect(await openedAs()).to.equal('PURPOSE');
  });
});
