import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CMS_OID } from '../../../signing/cms/cms-oids.ts';
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { parseDer } from '../../../signing/der/read-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import { checkTimeStamp } from '../../../signing/tsp/check-time-stamp.ts';
import { readTimeStampResponse } from '../../../signing/tsp/read-time-stamp-response.ts';
import { parseTimeStampRequest, writeTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../../signing/tsp/time-stamp-response.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember } from '../x509/certificates.ts';
import { answer, LONG, makeTsa, questionOf, STAMPED } from './authorities.ts';

const CONFIGURATION = `[tsa]
default_tsa = authority
[authority]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sm3
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
ess_cert_id_alg = sha256
`;

const DISTINGUISHING = 'distid:1234567812345678';

describe('time-stamps and OpenSSL', () => {
  let folder: TemporaryFolder;
  let rsa: Awaited<ReturnType<typeof makeTsa>>;
  let sm2: Awaited<ReturnType<typeof makeTsa>>;

  const run = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' });
  const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder.path, name), bytes);
  const get = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder.path, name)));
  const isVerified = (...args: string[]): boolean => {
    try {
      return run('ts', '-verify', ...args).includes('Verification: OK');
    } catch {
      return false;
    }
  };

  before(async function () {
    requireProgram(this, 'openssl');
    folder = temporaryFolder();
    rsa = await makeTsa('RSA', { fraction: true, accuracy: { seconds: 1, millis: 5, micros: 7 }, ordering: true });
    sm2 = await makeTsa('SM2');
    put('stamped', STAMPED);
    put('tsa.cnf', CONFIGURATION);
    put('serial', '01\n');
    put('root.pem', toPem('CERTIFICATE', rsa.root.certificate));
    put('issuing.pem', toPem('CERTIFICATE', rsa.issuing.certificate));
    put('tsa.pem', toPem('CERTIFICATE', rsa.tsa.certificate));
    put('tsa.key', toPem('PRIVATE KEY', rsa.tsa.pkcs8));
    put('untrusted.pem', Buffer.concat([get('issuing.pem'), get('tsa.pem')]));
  });
  after(() => folder?.remove());

  for (const options of [
    ['-sha256', '-cert'],
    ['-sha384', '-cert'],
    ['-sha512', '-cert', '-no_nonce'],
    ['-sm3', '-cert', '-tspolicy', '1.2.3.4.1'],
    ['-sha256'],
  ]) {
    it(`verifies our RSA answer to its query with ${options.join(' ')}`, async () => {
      run('ts', '-query', '-data', 'stamped', ...options, '-out', 'query');
      const query = get('query');
      expect(parseTimeStampRequest(query).certificates).to.equal(options.includes('-cert'));
      const response = await answer(rsa.authority, query, new Date());
      put('response', response);
      const trust = ['-CAfile', 'root.pem', ...(options.includes('-cert') ? [] : ['-untrusted', 'untrusted.pem'])];
      expect(isVerified('-in', 'response', '-queryfile', 'query', ...trust)).to.equal(true);
      put('token', parseTimeStampResponse(response).token ?? '');
      expect(isVerified('-in', 'token', '-token_in', '-data', 'stamped', ...trust)).to.equal(true);
      put('other', 'other');
      expect(isVerified('-in', 'token', '-token_in', '-data', 'other', ...trust)).to.equal(false);
      if (!options.includes('-no_nonce')) {
        run('ts', '-query', '-data', 'stamped', ...options, '-out', 'query');
        expect(isVerified('-in', 'response', '-queryfile', 'query', ...trust)).to.equal(false);
      }
    });
  }

  it('reads our refusals and names the reason', async () => {
    const reasons = [
      [['-md5'], 'unrecognized or unsupported algorithm identifier'],
      [['-sha1'], 'unrecognized or unsupported algorithm identifier'],
      [['-sha256', '-tspolicy', '1.2.3.4.9'], 'the requested TSA policy is not supported'],
    ] as const;
    for (const [options, words] of reasons) {
      run('ts', '-query', '-data', 'stamped', ...options, '-out', 'query');
      put('response', await answer(rsa.authority, get('query')));
      expect(run('ts', '-reply', '-in', 'response', '-text').toString()).to.contain(words);
    }
    put('response', await answer(rsa.authority, Buffer.from('nonsense')));
    expect(run('ts', '-reply', '-in', 'response', '-text').toString()).to.contain('the data submitted has the wrong');
  });

  const replyTo = (query: Uint8Array, ...more: string[]): Uint8Array => {
    put('query', query);
    const who = ['-signer', 'tsa.pem', '-inkey', 'tsa.key', '-config', 'tsa.cnf', '-chain', 'issuing.pem'];
    run('ts', '-reply', '-queryfile', 'query', ...who, ...more, '-out', 'reply');
    return get('reply');
  };

  for (const hash of ['sha256', 'sm3'] as const) {
    it(`answers our query over ${hash}, and we read the token`, () => {
      const asked = questionOf(hash);
      const { info } = readTimeStampResponse(replyTo(writeTimeStampRequest(asked)), asked);
      expect(info).to.deep.include({ policy: '1.2.3.4.1', ordering: true, nonce: asked.nonce });
      expect(info.accuracy).to.deep.equal({ seconds: 1, millis: 500, micros: 100 });
    });
  }

  it('gives tokens that prove the same time, or none, whatever byte is changed', () => {
    const asked = questionOf('sha256');
    const token = parseTimeStampResponse(replyTo(writeTimeStampRequest(asked))).token ?? new Uint8Array();
    const store = trustStoreOf({ certificates: [rsa.root.certificate], at: new Date() });
    const provenBy = (bytes: Uint8Array): number | undefined => {
      try {
        return checkTimeStamp(bytes, STAMPED, store, '').at?.getTime();
      } catch (error) {
        if (error instanceof SigningError) return undefined;
        throw error;
      }
    };
    const proven = provenBy(token);
    expect(proven).to.be.a('number');
    for (let at = 0; at < token.length; at += 1) {
      const changed = Uint8Array.from(token);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(provenBy(changed), `byte ${at}`).to.be.oneOf([proven, undefined]);
    }
  });

  it('answers under the policy we ask for', () => {
    const asked = { ...questionOf('sha256'), policy: '1.2.3.4.2' };
    expect(readTimeStampResponse(replyTo(writeTimeStampRequest(asked)), asked).info.policy).to.equal('1.2.3.4.2');
  });

  const reasonOf = (reply: Uint8Array, asked: ReturnType<typeof questionOf>): unknown => {
    try {
      readTimeStampResponse(reply, asked);
      return undefined;
    } catch (error) {
      return error instanceof SigningError ? error.details.reason : error;
    }
  };

  it('stamps with an expired certificate, and we refuse that', async () => {
    const dates = { notBefore: LONG.notBefore, notAfter: new Date('2024-01-01T00:00:00Z') };
    const old = await makeMember('RSA', 'time-stamping', 'Old clock', rsa.issuing, dates);
    put('old.pem', toPem('CERTIFICATE', old.certificate));
    put('old.key', toPem('PRIVATE KEY', old.pkcs8));
    const asked = questionOf('sha256');
    const reply = replyTo(writeTimeStampRequest(asked), '-signer', 'old.pem', '-inkey', 'old.key');
    expect(reasonOf(reply, asked)).to.equal('VALIDITY');
  });

  it('signs with SHA-1, or names its certificate by SHA-1, and we refuse both', () => {
    const asked = questionOf('sha256');
    const replyWith = (from: string, to: string): Uint8Array => {
      put('weak.cnf', CONFIGURATION.replace(from, to));
      return replyTo(writeTimeStampRequest(asked), '-config', 'weak.cnf');
    };
    expect(reasonOf(replyWith('', ''), asked)).to.equal(undefined);
    expect(reasonOf(replyWith('signer_digest = sha256', 'signer_digest = sha1'), asked)).to.equal('ALGORITHM');
    const unbound = replyWith('ess_cert_id_alg = sha256', 'ess_cert_id_alg = sha1');
    expect(reasonOf(unbound, asked)).to.equal('CERTIFICATE_NOT_BOUND');
    // a stamp of the older kind is genuine: it proves nothing, and makes no signature a forgery
    const token = parseTimeStampResponse(unbound).token ?? new Uint8Array();
    const store = trustStoreOf({ certificates: [rsa.root.certificate], at: new Date() });
    expect(checkTimeStamp(token, STAMPED, store, '').check).to.include({
      outcome: 'not-judged',
      code: 'TIME_NOT_TRUSTED',
    });
  });

  it('refuses what it does not do, and we say so', () => {
    const asked = { ...questionOf('sha256'), policy: '1.2.3.4.9' };
    const refused = (): unknown => readTimeStampResponse(replyTo(writeTimeStampRequest(asked)), asked);
    expect(refused)
      .to.throw(SigningError)
      .with.property('details')
      .that.deep.equals({ reason: 'REJECTED', status: 'rejection', failure: 'unacceptedPolicy' });
  });

  it('verifies our SM2 token, piece by piece', async () => {
    const asked = questionOf('sm3');
    const response = await answer(sm2.authority, writeTimeStampRequest(asked));
    put('response', response);
    expect(run('ts', '-reply', '-in', 'response', '-text').toString()).to.contain('Hash Algorithm: sm3');
    const signed = parseSignedData(parseTimeStampResponse(response).token ?? new Uint8Array());
    put('content', signed.content ?? '');
    put('signed', signed.signedBytes);
    put('signature', signed.signature);
    put('key.pem', toPem('PUBLIC KEY', parseCertificate(sm2.tsa.certificate).publicKey));
    const verify = (file: string): string => {
      const what = ['-verify', '-rawin', '-digest', 'sm3', '-in', file, '-sigfile', 'signature'];
      return run('pkeyutl', ...what, '-pubin', '-inkey', 'key.pem', '-pkeyopt', DISTINGUISHING).toString();
    };
    expect(verify('signed')).to.contain('Signature Verified Successfully');
    expect(() => verify('content')).to.throw();
    const [stated] = signed.signedAttributes.get(CMS_OID.messageDigest) ?? [];
    const digest = run('dgst', '-sm3', '-r', 'content').toString().slice(0, 64);
    expect(Buffer.from(stated?.value ?? []).toString('hex')).to.equal(digest);
    const [names] = signed.signedAttributes.get(CMS_OID.signingCertificateV2) ?? [];
    const ours = createHash('sm3').update(sm2.tsa.certificate).digest();
    expect(Buffer.from(parseDer(names?.raw ?? new Uint8Array()).raw).includes(ours)).to.equal(true);
    // OpenSSL takes the identity for one certificate only: hop by hop
    put('root.sm2.pem', toPem('CERTIFICATE', sm2.root.certificate));
    put('issuing.sm2.pem', toPem('CERTIFICATE', sm2.issuing.certificate));
    put('tsa.sm2.pem', toPem('CERTIFICATE', signed.certificates.find(isOf(sm2.tsa.certificate)) ?? new Uint8Array()));
    const hop = (above: string, below: string, ...more: string[]): string =>
      run('verify', '-vfyopt', DISTINGUISHING, '-partial_chain', '-trusted', above, ...more, below).toString();
    expect(hop('issuing.sm2.pem', 'tsa.sm2.pem', '-purpose', 'timestampsign')).to.contain('OK');
    expect(hop('root.sm2.pem', 'issuing.sm2.pem')).to.contain('OK');
  });
});

const isOf = (certificate: Uint8Array) => (other: Uint8Array) => Buffer.compare(certificate, other) === 0;
