import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { CHECK_CODES, CHECK_NAMES, check, passed } from '../../../signing/verify/check-words.ts';
import { tableOfCodes } from '../../../signing/verify/codes-table.ts';
import { conclude } from '../../../signing/verify/conclude.ts';
import { extendReport, judgeFile, reportUnexamined } from '../../../signing/verify/judge-file.ts';
import { rulesNamed } from '../../../signing/verify/parse-rules.ts';
import { printReport } from '../../../signing/verify/print-report.ts';
import type { ReportDocument } from '../../../signing/verify/report-document.ts';
import { reportSchema } from '../../../signing/verify/report-schema.ts';
import { BUILT_IN_RULES } from '../../../signing/verify/rules.ts';
import { makeSamples, type Sample } from './judged-files.ts';

describe('the report as a document', () => {
  let samples: readonly Sample[];
  let validate: ValidateFunction;
  const judged = (name: string): ReportDocument => {
    const sample = samples.find((one) => one.name === name);
    if (!sample) throw new RangeError(name);
    return judgeFile(sample.bytes, { policy: sample.policy, file: name });
  };

  function expectOfSchema(report: unknown): void {
    const asSent: unknown = JSON.parse(JSON.stringify(report));
    expect(validate(asSent), JSON.stringify(validate.errors)).to.equal(true);
  }

  before(async () => {
    samples = await makeSamples();
    const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
    ajv.addFormat('date-time', (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text));
    validate = ajv.compile(reportSchema());
  });

  it('is of the published schema for every file, under all rules', () => {
    for (const { name, bytes, policy } of samples) {
      for (const rules of BUILT_IN_RULES) expectOfSchema(judgeFile(bytes, { policy, rules, file: name }));
    }
    expectOfSchema(reportUnexamined({ policy: { at: new Date(0) } }, 5));
    expectOfSchema({ ...judged('good.ofd'), identifier: null });
  });

  it('is not of the schema with a code too few, a code unknown or a key too many', () => {
    const good = judged('good.ofd');
    const wrong: readonly unknown[] = [
      { ...good, extra: 1 },
      { ...good, verdict: 'perhaps' },
      { ...good, sm3: 'x' },
      { ...good, checks: [{ name: 'digest', outcome: 'failed', zh: '', en: '' }] },
      { ...good, checks: [{ name: 'digest', outcome: 'failed', code: 'NO_SUCH', zh: '', en: '' }] },
      { ...good, checks: [{ ...passed('digest'), code: 'UNSIGNED' }] },
      { ...good, signatures: [{}] },
    ];
    for (const report of wrong) expect(validate(report), JSON.stringify(report).slice(0, 80)).to.equal(false);
  });

  it('has a schema that is written down as it is', () => {
    const written = readFileSync('docs/schemas/verification-report.json', 'utf8');
    expect(JSON.parse(written), 'run `npm run schemas`').to.deep.equal(JSON.parse(JSON.stringify(reportSchema())));
    for (const code of CHECK_CODES) expect(written).to.include(`"${code}"`);
  });

  it('has its codes in the documentation as they are', () => {
    const page = readFileSync('docs/verification.md', 'utf8');
    expect(page, 'run `npm run schemas`').to.include(`<!-- codes -->\n${tableOfCodes()}<!-- /codes -->`);
    for (const name of CHECK_NAMES) expect(page).to.include(`\`${name}\``);
    for (const { name } of BUILT_IN_RULES) expect(page).to.include(`| \`${name}\` |`);
  });

  it('concludes: valid, not valid, or nobody can tell', () => {
    const verdicts = ['good.ofd', 'good.pdf', 'unjudged.ofd', 'unjudged.pdf', 'untrusted.ofd', 'empty'].map(
      (name) => judged(name).verdict,
    );
    expect(verdicts).to.deep.equal(['valid', 'valid', 'undetermined', 'undetermined', 'not-valid', 'not-valid']);
    for (const { name, bytes, policy } of samples) {
      const { verdict, valid, trusted, reason } = judgeFile(bytes, { policy });
      expect(verdict === 'valid', name).to.equal(valid && trusted === true);
      expect(reason.zh, name).to.match(/[\u4e00-\u9fff].*。$/);
      expect(reason.en, name).to.match(/^[A-Z].*\.$/);
    }
    expect(reportUnexamined({ policy: { at: new Date(0) } }, 5)).to.include({ verdict: 'undetermined', valid: false });
  });

  it('names the change before what follows from it', () => {
    const checks = [check('trust', 'failed', 'UNTRUSTED'), check('digest', 'failed', 'DIGEST_MISMATCH')];
    expect(conclude({ valid: false, trusted: false, checks }).reason.en).to.match(/^The content differs/);
  });

  it('tells of each signature who made it, when, how, and what it covers', () => {
    const [seal] = judged('good.ofd').signatures;
    expect(seal).to.deep.include({
      kind: 'seal',
      claimedAt: '2026-06-02T03:04:05.000Z',
      provenAt: null,
      digestAlgorithm: 'SM3',
      signatureAlgorithm: 'SM2',
    });
    expect(seal?.seal).to.include({ name: '测试专用章', validTo: '2028-01-01T00:00:00.000Z' });
    expect(seal?.certificate).to.include({ key: 'SM2', bits: 256 });
    expect(seal?.certificate?.subject).to.match(/^CN=.*郑州市样例局/);
    expect(seal?.chain).to.have.length(2);
    expect(seal?.covers).to.include({ unit: 'files', whole: true });
    expect(judged('good.ofd').checks.some(({ where }) => where === seal?.where)).to.equal(true);
  });

  it('takes what the floors above know, under the same rules', () => {
    const ended = [check('status', 'failed', 'STATUS_NOT_IN_FORCE', 'revoked')];
    expect(extendReport(judged('good.ofd'), ended)).to.include({ valid: false, verdict: 'not-valid' });
    const archive = extendReport(judged('good.ofd'), ended, rulesNamed('archive'));
    expect(archive).to.include({ valid: true, verdict: 'valid' });
    expectOfSchema(archive);
  });

  it('is refused by the strict rules where the default ones only remark', () => {
    const sample = samples.find(({ name }) => name === 'good.ofd');
    const policy = sample?.policy ?? { at: new Date(0) };
    const strict = judgeFile(sample?.bytes ?? new Uint8Array(), { policy, rules: rulesNamed('strict') });
    const failed = strict.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
    expect(strict.rules).to.deep.equal({ name: 'strict', version: 1 });
    expect(failed).to.include.members(['TIMESTAMP_MISSING', 'REVOCATION_UNKNOWN', 'SEAL_MAKERS_NOT_GIVEN']);
  });

  it('prints as a page that stands alone, whatever stands in the file', () => {
    const nasty = '<script>alert(1)</script>"\u202e&';
    const report = {
      ...judged('good.ofd'),
      file: nasty,
      checks: [check('digest', 'failed', 'DIGEST_MISMATCH', nasty)],
    };
    const html = printReport(report);
    expect(html).to.not.match(/<script|https?:|src=|\u202e/);
    expect(html)
      .to.include('&lt;script&gt;alert(1)')
      .and.include(report.sm3 ?? '');
    expect(html).to.include('内容与签名时的摘要不符').and.include('DIGEST_MISMATCH').and.include('2026-06-03 08:00:00');
  });
});
