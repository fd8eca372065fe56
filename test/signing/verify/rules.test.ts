import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { addChecks, applyRules, policyUnder } from '../../../signing/verify/apply-rules.ts';
import { CHECK_CODES, type CheckCode, check, passed } from '../../../signing/verify/check-words.ts';
import { parseRules, rulesNamed } from '../../../signing/verify/parse-rules.ts';
import type { Check, SignatureFacts, VerificationReport } from '../../../signing/verify/report.ts';
import { BUILT_IN_RULES, DEFAULT_RULES, LOOSE_CODES, type VerificationRules } from '../../../signing/verify/rules.ts';

const AT = new Date('2026-06-03T00:00:00Z');
const POLICY = { at: AT, certificates: [] };

const OWN: VerificationRules = { ...DEFAULT_RULES, name: 'own', outcomes: {} };

const CERTIFICATE = {
  subject: 'CN=Signer',
  issuer: 'CN=Issuing',
  serial: '1f',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2028-01-01T00:00:00.000Z',
  key: 'RSA',
  bits: 2048,
} as const;

function signature(changes: Partial<SignatureFacts> = {}): SignatureFacts {
  return {
    where: 'signature 1',
    kind: 'signature',
    seal: null,
    claimedAt: '2026-06-01T00:00:00.000Z',
    provenAt: null,
    digestAlgorithm: 'SHA-256',
    signatureAlgorithm: 'RSA',
    certificate: CERTIFICATE,
    chain: [],
    covers: { unit: 'bytes', count: 1000, whole: true },
    ...changes,
  };
}

function report(checks: readonly Check[], signatures: readonly SignatureFacts[] = [signature()]): VerificationReport {
  const valid = !checks.some(({ outcome }) => outcome === 'failed');
  return { format: 'pdf', signed: true, valid, trusted: true, checks, signatures };
}

const codes = ({ checks }: VerificationReport) => checks.map(({ code, outcome }) => `${code ?? 'ok'} ${outcome}`);

function pointerOfFault(value: unknown): unknown {
  try {
    parseRules(value);
  } catch (error) {
    if (error instanceof SigningError && error.code === 'RULES_INVALID') return error.details.pointer;
    throw error;
  }
  return undefined;
}

describe('verification rules', () => {
  it('are read from JSON as they were written, the built-in ones among them', () => {
    for (const rules of [...BUILT_IN_RULES, OWN]) {
      expect(parseRules(JSON.parse(JSON.stringify(rules)))).to.deep.equal(rules);
    }
    expect(rulesNamed('strict').demands.timeStamp).to.equal(true);
    expect(() => rulesNamed('lenient'))
      .to.throw(SigningError)
      .with.property('code', 'RULES_INVALID');
  });

  it('are refused at the place where they are wrong', () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [null, ''],
      [[], ''],
      [{ ...OWN, extra: 1 }, '/extra'],
      [{ ...OWN, name: 'Own!' }, '/name'],
      [{ ...OWN, name: 'default', version: 2 }, '/name'],
      [{ ...OWN, version: 0 }, '/version'],
      [{ ...OWN, version: '1' }, '/version'],
      [{ ...OWN, aheadMinutes: 6 }, '/aheadMinutes'],
      [{ ...OWN, crlGraceHours: -1 }, '/crlGraceHours'],
      [{ ...OWN, minimumRsaBits: 512 }, '/minimumRsaBits'],
      [{ ...OWN, demands: { ...OWN.demands, timeStamp: 1 } }, '/demands/timeStamp'],
      [{ ...OWN, demands: { ...OWN.demands, luck: true } }, '/demands/luck'],
      [{ ...OWN, demands: {} }, '/demands/timeStamp'],
      [{ ...OWN, outcomes: { NO_SUCH: 'failed' } }, '/outcomes/NO_SUCH'],
      [{ ...OWN, outcomes: { 'a/b': 'failed' } }, '/outcomes/a~1b'],
      [{ ...OWN, outcomes: { CRL_STALE: 'passed' } }, '/outcomes/CRL_STALE'],
      [{ ...OWN, outcomes: null }, '/outcomes'],
    ];
    for (const [value, pointer] of wrong) expect(pointerOfFault(value), JSON.stringify(value)).to.equal(pointer);
  });

  it('may never relax what proves an alteration, but may always be stricter', () => {
    const firm = CHECK_CODES.filter((code) => LOOSE_CODES[code] === undefined);
    expect(firm).to.include.members(['DIGEST_MISMATCH', 'SIGNATURE_INVALID', 'UNSIGNED', 'UNCOVERED', 'REVOKED']);
    for (const code of firm) {
      for (const outcome of ['warned', 'not-judged']) {
        expect(pointerOfFault({ ...OWN, outcomes: { [code]: outcome } }), code).to.equal(`/outcomes/${code}`);
      }
    }
    for (const code of CHECK_CODES) {
      const rules = parseRules({ ...OWN, outcomes: { [code]: 'failed' } });
      const ruled = applyRules(report([check('structure', 'warned', code)]), rules, POLICY);
      expect(ruled.valid, code).to.equal(false);
    }
  });

  it('keep a failure even when the same code is often only odd', () => {
    const outcomes: Partial<Record<CheckCode, 'warned'>> = { BER_SHELL: 'warned', DATA_DESCRIPTOR: 'warned' };
    const own = report([check('structure', 'failed', 'BER_SHELL'), check('structure', 'failed', 'DIGEST_MISMATCH')]);
    const ruled = applyRules(own, { ...OWN, outcomes }, POLICY);
    expect(codes(ruled)).to.deep.equal(['BER_SHELL failed', 'DIGEST_MISMATCH failed']);
    expect(ruled.valid).to.equal(false);
  });

  it('relax what a house may decide by itself, and the verdict follows', () => {
    const foreign = report([passed('digest'), check('seal', 'failed', 'SEAL_MAKER_NOT_ACCEPTED')]);
    expect(applyRules(foreign, OWN, POLICY).valid).to.equal(false);
    const relaxed = applyRules(foreign, { ...OWN, outcomes: { SEAL_MAKER_NOT_ACCEPTED: 'warned' } }, POLICY);
    expect([relaxed.valid, codes(relaxed)]).to.deep.equal([true, ['ok passed', 'SEAL_MAKER_NOT_ACCEPTED warned']]);
    expect(applyRules({ ...foreign, trusted: false }, OWN, POLICY).valid).to.equal(false);
  });

  it('demand what they say, and only of what is signed', () => {
    const demands = { timeStamp: true, revocation: true, acceptedMaker: true, bothAlgorithms: true };
    const rules = { ...OWN, demands };
    const sealed = signature({ seal: { name: 's', maker: 'm', validFrom: '', validTo: '' } });
    const bare = applyRules(report([check('revocation', 'not-judged', 'REVOCATION_UNKNOWN')], [sealed]), rules, POLICY);
    expect(codes(bare)).to.deep.equal([
      'REVOCATION_UNKNOWN failed',
      'TIMESTAMP_MISSING failed',
      'SEAL_MAKERS_NOT_GIVEN failed',
      'ALGORITHM_MISSING failed',
    ]);
    const proven = '2026-06-01T00:00:00.000Z';
    const sm2 = { ...CERTIFICATE, key: 'SM2', bits: 256 } as const;
    const whole = applyRules(
      report(
        [passed('revocation')],
        [
          { ...sealed, provenAt: proven },
          signature({ certificate: sm2, provenAt: proven }),
          signature({ kind: 'time-stamp' }),
        ],
      ),
      rules,
      { ...POLICY, sealMakers: [] },
    );
    expect([whole.valid, codes(whole)]).to.deep.equal([true, ['ok passed']]);
    const unread: VerificationReport = { ...report([check('structure', 'failed', 'UNREADABLE')], []), signed: false };
    expect(codes(applyRules(unread, rules, POLICY))).to.deep.equal(['UNREADABLE failed']);
  });

  it('remark that nobody said which makers are accepted, and refuse where one is demanded', () => {
    const sealed = report([], [signature({ seal: { name: 's', maker: 'm', validFrom: '', validTo: '' } })]);
    const judged = applyRules(sealed, DEFAULT_RULES, POLICY);
    expect([judged.valid, codes(judged)]).to.deep.equal([true, ['SEAL_MAKERS_NOT_GIVEN not-judged']]);
    expect(codes(applyRules(sealed, DEFAULT_RULES, { ...POLICY, sealMakers: [] }))).to.deep.equal([]);
    expect(codes(applyRules(report([]), DEFAULT_RULES, POLICY))).to.deep.equal([]);
    const noted = { SEAL_MAKERS_NOT_GIVEN: 'warned' } as const;
    const demanding = { ...OWN, outcomes: noted, demands: { ...OWN.demands, acceptedMaker: true } };
    expect(codes(applyRules(sealed, demanding, POLICY))).to.deep.equal(['SEAL_MAKERS_NOT_GIVEN failed']);
    expect(codes(applyRules(sealed, { ...OWN, outcomes: noted }, POLICY))).to.deep.equal([
      'SEAL_MAKERS_NOT_GIVEN warned',
    ]);
  });

  it('look at the length of RSA keys along the whole chain; hopeless ones are refused by all, and it is said once', () => {
    const short = (bits: number) => report([], [signature({ chain: [{ ...CERTIFICATE, bits }] })]);
    const long = { ...OWN, minimumRsaBits: 2048 };
    const noted = { ...long, outcomes: { KEY_TOO_SHORT: 'not-judged' } } as const;
    expect(codes(applyRules(short(1536), DEFAULT_RULES, POLICY))).to.deep.equal([]);
    expect(codes(applyRules(short(1536), long, POLICY))).to.deep.equal(['KEY_TOO_SHORT failed']);
    expect(codes(applyRules(short(1536), noted, POLICY))).to.deep.equal(['KEY_TOO_SHORT failed']);
    const remarked = check('certificate', 'warned', 'KEY_TOO_SHORT', 'signature 1');
    const signed = report([remarked], [signature({ certificate: { ...CERTIFICATE, bits: 1536 } })]);
    expect(codes(applyRules(signed, DEFAULT_RULES, POLICY))).to.deep.equal(['KEY_TOO_SHORT warned']);
    expect(codes(applyRules(signed, long, POLICY))).to.deep.equal(['KEY_TOO_SHORT failed']);
    expect(codes(applyRules(short(2048), long, POLICY))).to.deep.equal([]);
    for (const rules of BUILT_IN_RULES) expect(applyRules(short(768), rules, POLICY).valid).to.equal(false);
  });

  it('say how far a claimed time may run ahead; a proven one is not asked', () => {
    const claimedAt = new Date(AT.getTime() + 3 * 60_000).toISOString();
    const ahead = (facts: Partial<SignatureFacts>) =>
      report([passed('time', 'signature 1'), passed('digest', 'signature 1')], [signature({ claimedAt, ...facts })]);
    const narrow = { ...OWN, aheadMinutes: 2 };
    expect(codes(applyRules(ahead({}), narrow, POLICY))).to.deep.equal(['TIME_IN_FUTURE failed', 'ok passed']);
    expect(applyRules(ahead({}), OWN, POLICY).valid).to.equal(true);
    expect(applyRules(ahead({ provenAt: claimedAt }), narrow, POLICY).valid).to.equal(true);
  });

  it('give revocation lists their grace through the policy', () => {
    expect(policyUnder(OWN, POLICY)).to.equal(POLICY);
    expect(policyUnder({ ...OWN, crlGraceHours: 2 }, POLICY)).to.deep.equal({ ...POLICY, crlGraceMs: 7_200_000 });
  });

  it('speak also of what the floors above add', () => {
    const status = check('status', 'failed', 'STATUS_NOT_IN_FORCE');
    expect(addChecks(report([]), [status], DEFAULT_RULES).valid).to.equal(false);
    expect(addChecks(report([]), [status], rulesNamed('archive')).valid).to.equal(true);
  });
});
