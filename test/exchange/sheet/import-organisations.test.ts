import { expect } from 'chai';
import ExcelJS from 'exceljs';
import { importOrganisations } from '../../../exchange/sheet/import-organisations.ts';
import { organisationKind } from '../../../exchange/sheet/organisation-kind.ts';
import { writeTemplate } from '../../../exchange/sheet/write-template.ts';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { faultOf, linesOf } from '../../models/fault-of.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { CONSUMER, clerk, ISSUER, OTHER_ISSUER, systemAdmin } from '../../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { type Cell, makeCsv, makeXlsx } from './make-sheets.ts';

const HEADINGS = [
  '统一社会信用代码*',
  '单位名称*',
  '层级*',
  '证照签发单位',
  '证照应用单位',
  '负责机构',
  '责任人一姓名',
  '责任人一职责',
  '责任人一电话',
  '责任人二姓名',
  '责任人二职责',
];
const BUREAU = [ISSUER, '样例市城乡建设局', '市级', '是', '否', '办公室', '王一', '经办', '0379-1', '李二', '审核'];
const CENTRE = [CONSUMER, '样例市政务服务中心', '市级', '', '是'];

eachDatabase('bodies by sheet', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  beforeEach(async () => {
    await house.db.rows.organisations.destroy({ where: {} });
    await house.db.rows.persons.destroy({ where: {} });
  });

  const importLines = async (...lines: readonly (readonly Cell[])[]) =>
    importOrganisations(house, systemAdmin, await makeXlsx([HEADINGS, ...lines]));
  const faultsOf = async (...lines: readonly (readonly Cell[])[]) => linesOf(await faultOf(importLines(...lines)));
  const stored = () => house.db.rows.organisations.count();

  it('are registered, each with those responsible; active where they are named', async () => {
    const result = await importLines(BUREAU, CENTRE);
    expect(result).to.deep.equal({
      added: 2,
      updated: 0,
      rows: [
        { row: 2, code: ISSUER, name: '样例市城乡建设局', state: 'active', outcome: 'added' },
        { row: 3, code: CONSUMER, name: '样例市政务服务中心', state: 'registered', outcome: 'added' },
      ],
    });
    expect(await house.db.rows.organisations.findByPk(ISSUER)).to.include({
      level: 'city',
      isIssuer: true,
      isConsumer: false,
    });
    const people = await house.db.rows.persons.findAll({ where: { organisationCode: ISSUER } });
    expect(people.map(({ name, duty }) => `${name} ${duty}`).sort()).to.deep.equal(['李二 审核', '王一 经办']);
    const phone = people.find(({ name }) => name === '王一')?.phoneCipher ?? '';
    expect(house.cipher.decrypt('organisation_persons.phone', phone)).to.equal('0379-1');
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('are brought up to date by the same sheet again, without a second record', async () => {
    await importLines(BUREAU, CENTRE);
    const again = await importLines(BUREAU.with(1, '样例市住房和城乡建设局'), CENTRE);
    expect(again).to.include({ added: 0, updated: 2 });
    expect(await stored()).to.equal(2);
    expect((await house.db.rows.organisations.findByPk(ISSUER))?.name).to.equal('样例市住房和城乡建设局');
    expect(await house.db.rows.persons.count({ where: { organisationCode: ISSUER } })).to.equal(2);
  });

  it('are all refused for one fault, and every fault is named by row and heading', async () => {
    const faults = await faultsOf(
      BUREAU,
      [OTHER_ISSUER.replace(/.$/, (last) => (last === '0' ? '1' : '0')), '', '县处级', '对'],
      [],
      [CONSUMER, '名'.repeat(121), '市级', '', '', '', '', '无名'],
      [ISSUER, '同一代码', '市级'],
      ['123', '短码', '市级', '', '', '', '', '', '', '李二', '审核'],
    );
    expect(faults).to.have.members([
      '/rows/3/单位名称 FIELD_REQUIRED',
      '/rows/3/层级 FIELD_NOT_IN_CODE_LIST',
      '/rows/3/证照签发单位 FIELD_NOT_IN_CODE_LIST',
      '/rows/5/单位名称 FIELD_TOO_LONG',
      '/rows/5/责任人一姓名 FIELD_REQUIRED',
      '/rows/6/统一社会信用代码 ALREADY_EXISTS',
      '/rows/7/统一社会信用代码 FIELD_PATTERN',
      '/rows/7/责任人一姓名 FIELD_REQUIRED',
    ]);
    expect(await stored()).to.equal(0);
  });

  it('are refused for a code whose check character is wrong', async () => {
    expect(await faultsOf([`${ISSUER.slice(0, 17)}${ISSUER.endsWith('0') ? '1' : '0'}`, '错码', '市级'])).to.deep.equal(
      ['/rows/2/统一社会信用代码 CHECK_CHARACTER_WRONG'],
    );
  });

  it('are read from formulas, rich text, links, numbers and dates by what they show', async () => {
    await importLines([
      { formula: 'A1', result: ISSUER },
      { richText: [{ text: '样例市' }, { font: { bold: true }, text: '建设局' }] },
      '市级',
      '是',
      '否',
      { text: '办公室', hyperlink: 'https://example.cn/' },
      new Date('2026-03-02T00:00:00Z'),
      '经办',
      3791234567,
    ]);
    expect((await house.db.rows.organisations.findByPk(ISSUER))?.name).to.equal('样例市建设局');
    const [person] = await house.db.rows.persons.findAll();
    expect(person?.name).to.equal('2026-03-02');
    expect(house.cipher.decrypt('organisation_persons.phone', person?.phoneCipher ?? '')).to.equal('3791234567');
  });

  it('are refused for hidden control characters', async () => {
    expect(await faultsOf([ISSUER, '样例\u202e局', '市级'], [CONSUMER, '两\n行', '市级'])).to.deep.equal([
      '/rows/2/单位名称 CONTROL_CHARACTER',
      '/rows/3/单位名称 CONTROL_CHARACTER',
    ]);
  });

  it('may have their columns in any order, and faults keep the row numbers of the sheet', async () => {
    const sheet = await makeXlsx([
      ['层级', '单位名称', '统一社会信用代码'],
      [],
      [],
      ['市级', '样例局', ISSUER],
      ['无级', '样例局', CONSUMER],
    ]);
    const fault = await faultOf(importOrganisations(house, systemAdmin, sheet));
    expect(linesOf(fault)).to.deep.equal(['/rows/5/层级 FIELD_NOT_IN_CODE_LIST']);
  });

  it('need the headings of the template: unknown, repeated and missing ones are named', async () => {
    const sheet = await makeXlsx([
      ['单位名称', '单位名称', '邮箱'],
      ['a', 'b', 'c'],
    ]);
    expect(linesOf(await faultOf(importOrganisations(house, systemAdmin, sheet)))).to.deep.equal([
      '/rows/1/单位名称 ALREADY_EXISTS',
      '/rows/1/邮箱 FIELD_UNKNOWN',
      '/rows/1/统一社会信用代码 FIELD_REQUIRED',
      '/rows/1/层级 FIELD_REQUIRED',
    ]);
  });

  it('are read from CSV in UTF-8, with or without a mark, quoted or not', async () => {
    const csv = makeCsv([HEADINGS, BUREAU.with(5, '办公室,"一科"'), CENTRE]);
    await importOrganisations(house, systemAdmin, csv);
    expect((await house.db.rows.organisations.findByPk(ISSUER))?.responsibleBody).to.equal('办公室,"一科"');
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...csv]);
    expect(await importOrganisations(house, systemAdmin, marked)).to.include({ added: 0, updated: 2 });
  });

  it('are read from CSV in GB 18030', async () => {
    // 统一社会信用代码,单位名称,层级 and 样例局, 市级
    const gb = (hex: string) => Buffer.from(hex, 'hex').toString('latin1');
    const headings = `${gb('cdb3d2bbc9e7bbe1d0c5d3c3b4fac2eb')},${gb('b5a5cebbc3fbb3c6')},${gb('b2e3bcb6')}`;
    const line = `${ISSUER},${gb('d1f9c0fdbed6')},${gb('cad0bcb6')}`;
    await importOrganisations(house, systemAdmin, new Uint8Array(Buffer.from(`${headings}\n${line}\n`, 'latin1')));
    expect((await house.db.rows.organisations.findByPk(ISSUER))?.name).to.equal('样例局');
  });

  it('come back in the template that was handed out, hints and all', async () => {
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load((await writeTemplate(organisationKind)).slice().buffer);
    const sheet = workbook.worksheets[0];
    expect(sheet?.getCell('C3').dataValidation.formulae).to.deep.equal(['"国家级,省级,市级,县级"']);
    expect(sheet?.getCell('C5002').dataValidation.type).to.equal('list');
    expect(sheet?.getCell('A3').numFmt).to.equal('@');
    for (const [index, value] of [ISSUER, '样例局', '市级'].entries())
      if (sheet) sheet.getCell(3, index + 1).value = value;
    const filled = new Uint8Array(await workbook.xlsx.writeBuffer());
    expect(await importOrganisations(house, systemAdmin, filled)).to.include({ added: 1 });
  });

  it('are refused in a file that is no sheet, an old one, or nothing', async () => {
    const codeOf = async (bytes: Uint8Array) => (await faultOf(importOrganisations(house, systemAdmin, bytes))).code;
    expect(await codeOf(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    expect(await codeOf(new Uint8Array([0x50, 0x4b, 3, 4, 5, 6, 7, 8]))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    expect(await codeOf((await makeXlsx([HEADINGS])).subarray(0, 3000))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    expect(await codeOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    expect(await codeOf(new Uint8Array())).to.equal('REQUEST_INVALID');
    expect(await faultsOf()).to.deep.equal(['/rows FIELD_REQUIRED']);
  });

  it('are refused in a file beyond the limits: bytes, rows, unpacked size', async function () {
    this.timeout(60_000);
    const codeOf = async (bytes: Uint8Array) => (await faultOf(importOrganisations(house, systemAdmin, bytes))).code;
    expect(await codeOf(new Uint8Array(5 * 1024 * 1024 + 1).fill(65))).to.equal('REQUEST_TOO_LARGE');
    const many = Array.from({ length: 5001 }, (_, n) => [ISSUER, `第${n}行`, '市级']);
    expect(await codeOf(makeCsv([HEADINGS, ...many]))).to.equal('REQUEST_TOO_LARGE');
    expect(await codeOf(await makeXlsx([HEADINGS, ...many]))).to.equal('REQUEST_TOO_LARGE');
    expect(
      await codeOf(await makeXlsx(Array.from({ length: 2400 }, (_, n) => [String(n) + 'x'.repeat(32_000)]))),
    ).to.equal('REQUEST_TOO_LARGE');
    expect(await stored()).to.equal(0);
  });

  it('are imported by the system administrator alone', async () => {
    const sheet = await makeXlsx([HEADINGS, BUREAU]);
    expect((await faultOf(importOrganisations(house, clerk, sheet))).code).to.equal('FORBIDDEN');
  });

  it('are remembered together with the answer, or neither', async () => {
    const sheet = await makeXlsx([HEADINGS, BUREAU]);
    const failed = importOrganisations(house, systemAdmin, sheet, () => Promise.reject(new Error('no answer kept')));
    await failed.then(
      () => expect.fail('it should have failed'),
      (error: Error) => expect(error.message).to.equal('no answer kept'),
    );
    expect(await stored()).to.equal(0);
  });
});
