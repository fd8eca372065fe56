import { expect } from 'chai';
import fc from 'fast-check';
import { CHECK_CODES, check, passed } from '../../../signing/verify/check-words.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { LATER, makeOffice } from '../ofd/sealed-package.ts';

const POLICY = { at: LATER };

describe('judging any file', () => {
  it('lets the verifier of the format speak', async () => {
    const office = await makeOffice();
    expect(verifyFile(await office.press(), office.policy)).to.include({ format: 'ofd', valid: true });
    expect(verifyFile(Buffer.from('%PDF-1.7\nnothing more'), POLICY)).to.include({ format: 'pdf', valid: false });
  });

  it('says of other files that they are neither', () => {
    const report = verifyFile(Buffer.from('GIF89a'), POLICY);
    expect(report).to.include({ format: 'unknown', signed: false, valid: false, trusted: null });
    expect(report.checks.map((one) => [one.name, one.outcome, one.code])).to.deep.equal([
      ['structure', 'failed', 'UNKNOWN_FORMAT'],
    ]);
    expect(verifyFile(new Uint8Array(), { ...POLICY, certificates: [] }).trusted).to.equal(false);
  });

  it('never throws, whatever the bytes, and never calls noise valid', () => {
    const head = fc.constantFrom('', 'PK\x03\x04', '%PDF-1.7\n');
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 400 }), (start, noise) => {
        const report = verifyFile(Buffer.concat([Buffer.from(start, 'latin1'), noise]), POLICY);
        expect(report.valid).to.equal(false);
        expect(report.checks.some((one) => one.name === 'structure' && one.outcome === 'failed')).to.equal(true);
      }),
    );
  });

  it('has a Chinese and an English sentence for every code', () => {
    for (const code of CHECK_CODES) {
      const { zh, en } = check('structure', 'failed', code);
      expect(zh, code).to.match(/[\u4e00-\u9fff]/);
      expect(en, code).to.match(/^[A-Z][^\u4e00-\u9fff]+$/);
    }
    expect(passed('digest', 'here')).to.include({ outcome: 'passed', where: 'here' }).and.not.have.property('code');
  });
});
