import { expect } from 'chai';
import fc from 'fast-check';
import { element, integer, sequence, utf8String } from '../../../signing/der/write-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { writeImprint } from '../../../signing/tsp/message-imprint.ts';
import { parseTimeStampInfo, writeTimeStampInfo } from '../../../signing/tsp/time-stamp-info.ts';
import { parseTimeStampRequest, writeTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import {
  parseTimeStampResponse,
  writeGrantedResponse,
  writeRejection,
} from '../../../signing/tsp/time-stamp-response.ts';
import { digestOf, POLICY, STAMPED } from './authorities.ts';

const malformed = (act: () => unknown): boolean => {
  try {
    act();
    return false;
  } catch (error) {
    return error instanceof SigningError && error.code === 'MALFORMED';
  }
};

describe('time-stamp requests', () => {
  it('are read as they were written', () => {
    const cases = fc.record(
      {
        hash: fc.constantFrom('sha256' as const, 'sm3' as const),
        digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        nonce: fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
        policy: fc.constantFrom(POLICY, '1.3.6.1.4.1.32473.8460.1'),
        certificates: fc.boolean(),
      },
      { requiredKeys: ['hash', 'digest'] },
    );
    fc.assert(
      fc.property(cases, (question) => {
        const read = parseTimeStampRequest(writeTimeStampRequest(question));
        expect(read.imprint.hash).to.equal(question.hash);
        expect(Buffer.from(read.imprint.digest)).to.deep.equal(Buffer.from(question.digest));
        expect(read.nonce).to.equal(question.nonce);
        expect(read.policy).to.equal(question.policy);
        expect(read.certificates).to.equal(question.certificates ?? true);
        expect(read.extended).to.equal(false);
      }),
    );
  });

  it('are refused with another version, trailing bytes, or a member too many', () => {
    const imprint = writeImprint('sm3', digestOf('sm3', STAMPED));
    expect(malformed(() => parseTimeStampRequest(sequence(integer(1), imprint)))).to.equal(false);
    const wrong = [
      sequence(integer(2), imprint),
      sequence(integer(1), imprint, integer(1), integer(1)),
      sequence(integer(1)),
      Buffer.concat([sequence(integer(1), imprint), Buffer.from([0])]),
      new Uint8Array(),
    ];
    for (const bytes of wrong) expect(malformed(() => parseTimeStampRequest(bytes))).to.equal(true);
  });
});

describe('time-stamp responses', () => {
  const token = sequence(integer(7));

  it('say why a stamp was refused', () => {
    for (const failure of ['badAlg', 'badDataFormat', 'unacceptedPolicy', 'systemFailure'] as const) {
      const read = parseTimeStampResponse(writeRejection(failure, 'why'));
      expect(read).to.deep.equal({ status: 'rejection', texts: ['why'], failures: [failure], token: undefined });
    }
  });

  it('are refused when a grant has no token, a refusal has one, or bytes follow', () => {
    expect(parseTimeStampResponse(writeGrantedResponse(token)).status).to.equal('granted');
    const wrong = [
      sequence(sequence(integer(0))),
      sequence(sequence(integer(2)), token),
      sequence(sequence(integer(3)), token),
      sequence(sequence(integer(6))),
      sequence(sequence(integer(-1))),
      sequence(sequence(integer(0)), token, token),
      sequence(sequence(integer(2), sequence(utf8String('x')), element(3, Uint8Array.of(3, 0xff)))),
      Buffer.concat([writeGrantedResponse(token), Buffer.from([0])]),
    ];
    for (const bytes of wrong) expect(malformed(() => parseTimeStampResponse(bytes))).to.equal(true);
  });
});

describe('what a time-stamp says', () => {
  const imprint = writeImprint('sha256', digestOf('sha256', STAMPED));
  const info = { policy: POLICY, imprint, serial: 1n << 120n, at: new Date('2026-02-28T23:59:59.120Z') };

  it('is read as it was written, with and without a fraction of the second', () => {
    const accuracy = { seconds: 1, millis: 500, micros: 999 };
    const full = parseTimeStampInfo(
      writeTimeStampInfo({ ...info, fraction: true, accuracy, ordering: true, nonce: 9n }),
    );
    expect(full).to.deep.include({ policy: POLICY, serial: 1n << 120n, accuracy, ordering: true, nonce: 9n });
    expect(full.at).to.deep.equal(info.at);
    const bare = parseTimeStampInfo(writeTimeStampInfo(info));
    expect(bare).to.deep.include({ accuracy: undefined, ordering: false, nonce: undefined });
    expect(bare.at).to.deep.equal(new Date('2026-02-28T23:59:59.000Z'));
  });

  it('has a time that exists, in the one form of DER', () => {
    const der = Buffer.from(writeTimeStampInfo({ ...info, fraction: true }));
    const at = der.indexOf('20260228235959.12Z');
    expect(at).to.be.greaterThan(0);
    for (const text of ['20260230235959.12Z', '20260228236059.12Z', '20260228235959.10Z', '202602282359590.1Z']) {
      const changed = Buffer.from(der);
      changed.write(text, at, 'latin1');
      expect(
        malformed(() => parseTimeStampInfo(changed)),
        text,
      ).to.equal(true);
    }
  });

  it('is refused with a critical extension that nobody here knows', () => {
    const der = writeTimeStampInfo(info);
    const body = der.subarray(der[1] === 0x81 ? 3 : 2);
    const extension = (critical: boolean): Uint8Array =>
      element(
        0xa1,
        sequence(
          element(6, Uint8Array.of(0x2a, 3)),
          ...(critical ? [element(1, Uint8Array.of(0xff))] : []),
          element(4),
        ),
      );
    expect(malformed(() => parseTimeStampInfo(sequence(body, extension(false))))).to.equal(false);
    expect(malformed(() => parseTimeStampInfo(sequence(body, extension(true))))).to.equal(true);
  });
});
