import { expect } from 'chai';
import { templateKind, workThroughImports, writeCsvTemplate, writeTemplate } from '../../../exchange/sheet/index.ts';
import { judgeStep } from '../../../exchange/sheet/judge-step.ts';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { findCurrentEntry } from '../../../models/catalogue/index.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import type { ClosingNotice } from '../../../models/deadline/closing-notice.ts';
import { addScan, cancelImport, forgetImports, getScan, listScans, readImport } from '../../../models/import/index.ts';
import {
  reviewLicence,
  saveReviewRule,
  sealLicence,
  submitLicence,
  withdrawLicence,
} from '../../../models/licence/index.ts';
import { faultOf } from '../../models/fault-of.ts';
import { reviewOne } from '../../models/licence/issue-one.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  COMPANY,
  clerk,
  ENTRY,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  SUBMISSION,
  sealKeeper,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import {
  APPLY,
  answeredCopy,
  becameOf,
  HEADINGS,
  handIn,
  importSheet,
  numberOf,
  order,
  rowOf,
  sheetOf,
} from './import-world.ts';
import { makeXlsx, readBack, zipOf } from './make-sheets.ts';

eachDatabase('licences by sheet', (openDatabase) => {
  let house: TestHouse;

  beforeEach(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  afterEach(() => house.close());

  const stored = () => house.db.rows.licences.count();
  const many = (count: number, from = 1) => Array.from({ length: count }, (_, index) => rowOf(from + index));

  it('are judged in a dry run without a trace, and every fault is named by row and heading', async () => {
    const rows = [
      rowOf(1),
      rowOf(2, { 1: '91419900MA00000010', 3: '' }),
      rowOf(1, { 4: '别处' }),
      rowOf(3, { 6: '桥梁' }),
    ];
    const view = await importSheet(house, sheetOf(rows), { mode: 'dry-run' });
    expect(view).to.deep.include({
      state: 'done',
      rows: { total: 4, judged: 4, accepted: 1, alreadyThere: 0, refused: 3 },
    });
    expect(await becameOf(house, view.importId)).to.deep.equal([
      '2 accepted',
      '3 refused | /rows/3/工程名称 FIELD_REQUIRED | /rows/3/持证主体代码 HOLDER_NUMBER_WRONG',
      '4 refused | /rows/4/证照编号 LICENCE_NUMBER_DUPLICATE',
      '5 refused | /rows/5/工程类别 FIELD_NOT_IN_CODE_LIST',
    ]);
    expect(await stored()).to.equal(0);
  });

  it('are stored when they are applied: the good rows are licences that wait for review', async () => {
    const view = await importSheet(house, sheetOf([...many(205), rowOf(1, { 3: '另一工程' })]));
    expect(view).to.deep.include({
      state: 'done',
      rows: { total: 206, judged: 206, accepted: 205, alreadyThere: 0, refused: 1 },
      licences: { submitted: 205 },
    });
    const licence = await house.db.rows.licences.findOne({ where: { licenceNumber: numberOf(205) } });
    expect(licence?.get()).to.deep.include({
      state: 'submitted',
      source: 'sheet',
      sourceKey: `${view.importId}/206`,
      createdBy: clerk.id,
      fields: {
        licenceNumber: numberOf(205),
        projectName: '样例花园205期',
        address: '样例市样例路1号',
        startOn: '2026-03-02',
        kind: 'fj',
      },
    });
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('go on after a kill exactly where they stopped: no row twice, none left out', async () => {
    const bytes = sheetOf(many(350));
    const { importId } = await order(house, bytes, APPLY);
    for (let steps = 0; (await readImport(house, clerk, importId)).state !== 'done'; steps += 1) {
      expect(steps).to.be.lessThan(20);
      let left = 1;
      await workThroughImports(house, () => {
        left -= 1;
        return left >= 0;
      });
      // Its owner is gone: another process takes over.
      await house.db.rows.imports.update({ owner: 'another-host:1:1', lockedUntil: house.clock() }, { where: {} });
      house.time.advance({ seconds: 1 });
    }
    expect(await readImport(house, clerk, importId)).to.deep.include({
      rows: { total: 350, judged: 350, accepted: 350, alreadyThere: 0, refused: 0 },
    });
    expect(await stored()).to.equal(350);
  });

  it('keep nothing of a step whose lease was lost to another', async () => {
    const { importId } = await order(house, sheetOf(many(10)), APPLY);
    await workThroughImports(house, once());
    const stale = (await house.db.rows.imports.findByPk(importId))?.get();
    if (!stale) throw new Error('no import');
    await workThroughImports(house);
    expect(await judgeStep(house, stale).then(String, (error: Error) => error.name)).to.equal('ImportLost');
    expect(await stored()).to.equal(10);
  });

  it('are the same import when the same bytes come again', async () => {
    const bytes = sheetOf(many(5));
    const first = await importSheet(house, bytes);
    const again = await importSheet(house, bytes);
    expect(again).to.deep.equal(first);
    expect(await house.db.rows.importFiles.count()).to.equal(1);
    expect(await stored()).to.equal(5);
  });

  it('are there already when the same rows come in another file, with or without a number', async () => {
    const unnumbered = rowOf(9, { 2: '' });
    await importSheet(house, sheetOf([...many(5), unnumbered]));
    const other = await importSheet(house, sheetOf([unnumbered, ...many(5), rowOf(60)]));
    expect(other.rows).to.deep.include({ accepted: 1, alreadyThere: 6, refused: 0 });
    expect(await stored()).to.equal(7);
  });

  it('are there already when they came by another way and say the same', async () => {
    await submitLicence(house, clerk, { ...SUBMISSION, caseNumber: undefined }, { source: 'api' });
    const row = rowOf(1, { 3: '样例花园一期', 5: '', 6: '' });
    const view = await importSheet(house, sheetOf([row, row.with(3, '别的工程')]));
    expect(await becameOf(house, view.importId)).to.deep.equal([
      '2 there',
      '3 refused | /rows/3/证照编号 LICENCE_NUMBER_DUPLICATE',
    ]);
  });

  it('are refused the second time in one sheet', async () => {
    const view = await importSheet(house, sheetOf([rowOf(1, { 2: '' }), rowOf(1, { 2: '' })]));
    expect(await becameOf(house, view.importId)).to.deep.equal(['2 accepted', '3 refused | /rows/3 ALREADY_EXISTS']);
  });

  it('come back in a copy with the faults beside each row, which can be mended and handed in again', async () => {
    const makers = [sheetOf, (rows: string[][]) => makeXlsx([HEADINGS, ...rows])];
    for (const [index, make] of makers.entries()) {
      const bytes = await make([rowOf(1), rowOf(2 + index, { 1: '91419900MA00000010' })]);
      const { importId } = await importSheet(house, bytes);
      const copy = await answeredCopy(house, importId);
      const lines = copy[0] === 0x50 ? await readBack(copy) : csvLines(copy);
      expect(lines[0]).to.deep.equal([...HEADINGS, '处理结果', '问题']);
      expect(lines[1]?.[9]).to.be.oneOf(['通过', '已存在，未重复入库']);
      expect(lines[2]?.slice(9)).to.deep.equal(['退回', 'B列 持证主体代码：持证主体代码校验不通过']);
      const mended = lines.map((line) => line.map((cell) => (cell === '91419900MA00000010' ? COMPANY : cell)));
      const [, ...rows] = mended;
      const next = await importSheet(house, sheetOf(rows, lines[0]));
      expect(next.rows.refused).to.equal(0);
    }
    expect(await stored()).to.equal(3);
  });

  it('write no formula into what they hand out, and read their own guard back', async () => {
    const evil = '=HYPERLINK("http://x","y")';
    const first = await importSheet(house, sheetOf([rowOf(1, { 3: evil, 1: 'x' })]));
    const [, row] = csvLines(await answeredCopy(house, first.importId));
    expect(row?.[3]).to.equal(`'${evil}`);
    const second = await importSheet(house, sheetOf([rowOf(1, { 3: `'${evil}` })]));
    expect(second.rows.accepted).to.equal(1);
    const licence = await house.db.rows.licences.findOne();
    expect(licence?.fields.projectName).to.equal(evil);
  });

  it('fail as a whole for headings that are not the entry’s, no rows, or no sheet', async () => {
    const unknown = await importSheet(house, sheetOf([rowOf(1)], HEADINGS.with(3, '项目名称')));
    expect(unknown).to.deep.include({ state: 'failed' });
    expect(unknown.fault?.errors.map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      '/rows/1/项目名称 FIELD_UNKNOWN',
      '/rows/1/工程名称 FIELD_REQUIRED',
    ]);
    expect((await importSheet(house, sheetOf([]))).fault?.errors).to.deep.equal([
      { pointer: '/rows', code: 'FIELD_REQUIRED' },
    ]);
    expect((await importSheet(house, new Uint8Array([0x50, 0x4b, 3, 4]))).fault?.code).to.equal(
      'FILE_NOT_WHAT_IT_SAYS',
    );
  });

  it('are read in UTF-8 with a mark and in GB 18030', async () => {
    const plain = sheetOf([rowOf(1)]);
    const marked = await importSheet(house, new Uint8Array([0xef, 0xbb, 0xbf, ...plain]), { mode: 'dry-run' });
    const { execFileSync } = await import('node:child_process');
    const gb = new Uint8Array(execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: plain }));
    const other = await importSheet(house, gb, { mode: 'dry-run' });
    expect([marked.rows.accepted, other.rows.accepted]).to.deep.equal([1, 1]);
  });

  it('come back in the entry’s own template, whose hints and example are not read', async () => {
    const entry = await findCurrentEntry(house, ENTRY.code);
    if (!entry) throw new Error('no entry');
    const kind = templateKind('licence', entry);
    const lines = await readBack(await writeTemplate(kind));
    expect(lines[0]).to.include.members(['持证主体名称*', '证照编号', '工程名称*', '签发日期', '办件编号', '办结时间']);
    expect(lines[2]?.[0]).to.equal('※示例：样例建设有限公司');
    const view = await importSheet(house, writeCsvTemplate(kind), { mode: 'dry-run' });
    expect(view.fault?.errors).to.deep.equal([{ pointer: '/rows', code: 'FIELD_REQUIRED' }]);
    // The example is right in every point.
    const example = lines[2]?.map((cell) => cell.replace('※示例：', '')) ?? [];
    const tried = await importSheet(house, sheetOf([example], lines[0]), { mode: 'dry-run' });
    expect(await becameOf(house, tried.importId)).to.deep.equal(['2 accepted']);
  });

  it('are new versions where they name the licence whose place they take', async () => {
    const reviewed = await reviewOne(house, { fields: { ...SUBMISSION.fields, licenceNumber: numberOf(1) } });
    const { identifier = '' } = await sealLicence(house, sealKeeper, reviewed);
    const headings = [...HEADINGS, '原证照标识', '延续变更补证', '延续变更补证原因', '延续变更补证依据'];
    const named = (nth: number, ...cells: string[]) =>
      [...rowOf(nth), ...cells, '', '', '', ''].slice(0, headings.length);
    const rows = [
      named(1, identifier ?? '', '变更', '建设单位更名', '行政许可法第四十九条'),
      named(2, '无此证', '换发', '更名'),
      named(3, '', '延续'),
      named(4, identifier ?? '', '补证', '遗失'),
      named(5),
    ];
    const view = await importSheet(house, sheetOf(rows, headings));
    expect(await becameOf(house, view.importId)).to.deep.equal([
      '2 accepted',
      '3 refused | /rows/3/延续变更补证 FIELD_NOT_IN_CODE_LIST',
      '4 refused | /rows/4/原证照标识 FIELD_REQUIRED | /rows/4/延续变更补证原因 FIELD_REQUIRED',
      '5 refused | /rows/5/原证照标识 SUCCESSION_OPEN',
      '6 accepted',
    ]);
    const version = await house.db.rows.licences.findOne({ where: { predecessorId: reviewed } });
    expect(version).to.include({
      successionAct: 'amend',
      successionReason: '建设单位更名',
      licenceNumber: numberOf(1),
    });
    await reviewLicence(house, reviewer, version?.id ?? '', { decision: 'approved' });
    await sealLicence(house, sealKeeper, version?.id ?? '');
    expect((await house.db.rows.licences.findByPk(reviewed))?.status).to.equal('superseded');
    const again = await importSheet(house, sheetOf(rows.slice(0, 1), headings));
    expect(again.rows).to.deep.include({ accepted: 0, alreadyThere: 1 });
  });

  it('may be stopped: what is stored stays, nothing more comes', async () => {
    const { importId } = await order(house, sheetOf(many(250)), APPLY);
    let left = 2;
    await workThroughImports(house, () => {
      left -= 1;
      return left >= 0;
    });
    expect(await cancelImport(house, clerk, importId)).to.deep.include({ state: 'cancelled' });
    await workThroughImports(house);
    expect(await stored()).to.equal(100);
    expect((await importSheet(house, sheetOf(many(250)))).rows).to.deep.include({ accepted: 150, alreadyThere: 100 });
  });

  it('are nobody else’s', async () => {
    const { importId } = await order(house, sheetOf(many(1)), APPLY);
    expect(await faultOf(readImport(house, otherClerk, importId))).to.include({ code: 'NOT_FOUND' });
    expect(await faultOf(order(house, sheetOf(many(1)), APPLY, otherClerk))).to.include({ code: 'FOREIGN_ISSUER' });
    expect(OTHER_ISSUER).to.equal(otherClerk.organisationCode);
    expect(await house.db.rows.importFiles.count()).to.equal(1);
  });

  it('leave no holder’s number in clear in the database, and no sheet after its time', async () => {
    await importSheet(house, sheetOf(many(3)));
    const parts = await house.db.rows.importParts.findAll();
    expect(parts.length).to.be.greaterThan(1);
    for (const { content } of parts) expect(Buffer.from(content, 'base64').toString('latin1')).not.to.include(COMPANY);
    house.time.advance({ days: 31 });
    expect(await forgetImports(house)).to.equal(1);
    expect(await house.db.rows.importParts.count()).to.equal(0);
    expect(await house.db.rows.importRows.count()).to.equal(3);
  });

  it('leave no sheet after its time that failed while it was read, however many there are', async () => {
    for (let nth = 1; nth <= 103; nth += 1) await order(house, sheetOf([rowOf(nth)], ['甲', '乙', '丙']));
    await workThroughImports(house);
    expect(await house.db.rows.imports.count({ where: { state: 'failed', headings: null as never } })).to.equal(103);
    house.time.advance({ days: 31 });
    expect(await forgetImports(house)).to.equal(103);
    expect(await house.db.rows.importParts.count()).to.equal(0);
    expect(await house.db.rows.importFiles.count()).to.equal(0);
    expect(await forgetImports(house)).to.equal(0);
  });

  describe('of stock', () => {
    const headings = [...HEADINGS, '签发日期', '有效期止'];
    const stock = (nth: number, issuedOn = '2024-05-06', validTo = '') => [...rowOf(nth), issuedOn, validTo];
    const STOCK = { mode: 'apply', stock: 'true' };

    it('keep the number and the day of their paper, need both, and must still be valid', async () => {
      const rows = [
        stock(1),
        stock(2, ''),
        [...rowOf(3, { 2: '' }), '2024-05-06', ''],
        stock(4, '2019-01-01'),
        stock(5, '2030-01-01'),
      ];
      const view = await importSheet(house, sheetOf(rows, headings), STOCK);
      expect(await becameOf(house, view.importId)).to.deep.equal([
        '2 accepted',
        '3 refused | /rows/3/签发日期 FIELD_REQUIRED',
        '4 refused | /rows/4/证照编号 FIELD_REQUIRED',
        '5 refused | /rows/5/有效期止 STOCK_NOT_VALID',
        '6 refused | /rows/6/签发日期 VALIDITY_NOT_ALLOWED',
      ]);
      const licence = await house.db.rows.licences.findOne();
      expect(licence).to.include({ issuedOn: '2024-05-06', licenceNumber: numberOf(1), state: 'submitted' });
    });

    it('are sealed with that day where the issuer’s rule covers them and the entry lets the repository seal', async () => {
      const rule = { catalogueCode: ENTRY.code, sources: ['sheet' as const], coversCommitment: false };
      await saveReviewRule(house, sealKeeper, { ...rule, from: '2026-01-01', to: '2026-12-31' });
      const view = await importSheet(house, sheetOf([stock(1), stock(2)], headings), STOCK);
      expect(view).to.deep.include({ state: 'done', licences: { issued: 2 } });
      const licence = await house.db.rows.licences.findOne({ where: { licenceNumber: numberOf(1) } });
      expect(licence).to.include({
        issuedOn: '2024-05-06',
        validFrom: '2024-05-06',
        validTo: '2029-05-05',
        status: 'valid',
      });
    });

    it('get the scans of their paper by file name, each once, and unknown ones are named', async () => {
      const { importId } = await importSheet(house, sheetOf([stock(1), stock(2)], headings), STOCK);
      const pdf = Buffer.from('%PDF-1.4 scan');
      const zip = zipOf({
        [`scans/${numberOf(1)}.pdf`]: pdf,
        '别的.pdf': pdf,
        [`${numberOf(2)}.txt`]: Buffer.from('x'),
      });
      await addScan(house, clerk, importId, await handIn(house, zip, 'scans.zip'));
      await workThroughImports(house);
      expect((await readImport(house, clerk, importId)).scans).to.deep.equal({ received: 0, attached: 1, refused: 2 });
      await addScan(house, clerk, importId, await handIn(house, pdf, `${numberOf(2)}.pdf`));
      await workThroughImports(house);
      expect(await readImport(house, clerk, importId)).to.deep.include({
        state: 'done',
        scans: { received: 0, attached: 2, refused: 2 },
      });
      const licence = await house.db.rows.licences.findOne({ where: { licenceNumber: numberOf(1) } });
      const [scan, ...others] = await listScans(house, clerk, licence?.id ?? '');
      expect(others).to.deep.equal([]);
      const { bytes } = await getScan(house, clerk, licence?.id ?? '', scan?.scanId ?? '');
      expect(Buffer.from(bytes).equals(pdf)).to.equal(true);
      expect(await faultOf(getScan(house, otherClerk, licence?.id ?? '', scan?.scanId ?? ''))).to.include({
        code: 'NOT_FOUND',
      });
      const refused = await house.db.rows.licenceScans.findAll({ where: { state: 'refused' }, order: ['id'] });
      expect(refused.map(({ fault }) => fault?.code)).to.deep.equal(['SCAN_UNKNOWN', 'FILE_NOT_WHAT_IT_SAYS']);
    });
  });

  describe('have a clock', () => {
    const withCase = (nth: number) => rowOf(nth, { 7: `AJ-${nth}` });

    it('of one working day a case, whose reason is the declared one', async () => {
      await importSheet(house, sheetOf([withCase(1), withCase(2)]));
      const cases = await house.db.rows.cases.findAll();
      expect(cases.map(({ mode, offlineReason }) => `${mode} ${offlineReason}`)).to.deep.equal(
        Array.from({ length: 2 }, () => 'offline 乡镇无网络'),
      );
      const deadlines = await house.db.rows.deadlines.findAll();
      expect(deadlines.map(({ kind, metAt }) => `${kind} ${metAt !== null}`)).to.deep.equal(
        Array.from({ length: 2 }, () => 'offline-push true'),
      );
    });

    it('and must name their case and its closing, for without them a row would have none', async () => {
      const { importId } = await importSheet(house, sheetOf([rowOf(1, { 7: '' }), rowOf(2, { 8: '' })]));
      expect(await becameOf(house, importId)).to.deep.equal([
        ...['2 refused | /rows/2/办件编号 FIELD_REQUIRED', '3 refused | /rows/3/办结时间 FIELD_REQUIRED'],
      ]);
    });

    it('and must say why they come by sheet', async () => {
      const fault = await faultOf(order(house, sheetOf(many(1)), { mode: 'apply' }));
      expect(fault.errors.map(({ pointer }) => pointer)).to.deep.equal(['/way', '/reason']);
    });

    it('of three working days for a declared batch, which ends when nothing of it is refused', async () => {
      const batch = {
        mode: 'apply',
        way: 'batch',
        reason: '集中换证',
        caseNumber: 'PL-1',
        closedAt: '2026-03-02T08:00:00+08:00',
      };
      // The rows may carry the number of the batch: the first of them does not end its clock.
      const inBatch = (row: string[]) => row.with(7, 'PL-1').with(8, '2026-03-02 08:00');
      await importSheet(house, sheetOf([inBatch(rowOf(1)), inBatch(rowOf(2, { 3: '' }))]), batch);
      const clock = () => house.db.rows.deadlines.findOne({ where: { kind: 'batch-push' } });
      expect((await clock())?.metAt).to.equal(null);
      expect((await clock())?.dueAt.toISOString()).to.equal('2026-03-05T16:00:00.000Z');
      await importSheet(house, sheetOf([inBatch(rowOf(1)), inBatch(rowOf(2))]), batch);
      expect((await clock())?.metAt).to.not.equal(null);
      expect(await house.db.rows.deadlines.count()).to.equal(1);
    });

    it('of a batch, which a sheet stops only when the batch is its own and something of it has come', async () => {
      const closedAt = '2026-03-02T08:00:00+08:00';
      const batchOf = (caseNumber: string) => ({
        mode: 'apply',
        way: 'batch',
        reason: '集中换证',
        caseNumber,
        closedAt,
      });
      const declare = (caseNumber: string, more: object) =>
        closeCase(house, clerk, { caseNumber, catalogueCode: ENTRY.code, closedAt, ...more } as ClosingNotice);
      const stand = async (caseNumber: string) => {
        const row = await house.db.rows.cases.findOne({ where: { caseNumber } });
        const clock = await house.db.rows.deadlines.findOne({ where: { subjectId: row?.id ?? '' } });
        return clock && (clock.metAt === null ? 'runs' : clock.late ? 'late' : 'met');
      };
      const withCase = (nth: number, more = {}) => rowOf(nth, { 7: `AJ-${nth}`, 8: '2026-03-02 07:00', ...more });
      // Of a declared size all must have come, whatever case numbers the rows carry; and they have no clocks beside the batch's.
      await declare('PL-3', { mode: 'batch', batchSize: 3 });
      await importSheet(house, sheetOf([withCase(1), withCase(2)]), batchOf('PL-3'));
      expect(await stand('PL-3')).to.equal('runs');
      await importSheet(house, sheetOf([withCase(3)]), batchOf('PL-3'));
      expect([await stand('PL-3'), await stand('AJ-1')]).to.deep.equal(['met', null]);
      expect(await house.db.rows.deadlines.count()).to.equal(1);
      const licence = await house.db.rows.licences.findOne({ where: { caseNumber: 'AJ-2' } });
      await withdrawLicence(house, clerk, licence?.id ?? '', { reason: '误报' });
      expect(await stand('PL-3')).to.equal('runs');
      // What was there before is no delivery.
      await importSheet(house, sheetOf([withCase(3)]), { ...batchOf('PL-4'), again: 'true' });
      expect(await stand('PL-4')).to.equal('runs');
      // Of one without a declared size the first sheet says it: what was there before, or something else, is not what was refused.
      const some = [withCase(7), withCase(8, { 3: '' }), withCase(9, { 3: '' }), withCase(9, { 3: '' })];
      await importSheet(house, sheetOf(some), batchOf('PL-7'));
      await importSheet(house, sheetOf([withCase(7)]), { ...batchOf('PL-7'), again: 'true' });
      await importSheet(house, sheetOf([withCase(8)]), batchOf('PL-7'));
      expect(await stand('PL-7')).to.equal('runs');
      await importSheet(house, sheetOf([withCase(9)]), batchOf('PL-7'));
      expect(await stand('PL-7')).to.equal('met');
      // What was closed weeks before is late, also when it is called a batch of one.
      await importSheet(house, sheetOf([withCase(11, { 8: '2026-01-05 10:00' })]), batchOf('PL-8'));
      expect([await stand('PL-8'), await stand('AJ-11')]).to.deep.equal(['met', 'late']);
      // A case that was closed in another way is no batch, and fewer rows than the least are none.
      await declare('PL-5', { mode: 'offline', offlineReason: '无网络' });
      const misnamed = await importSheet(house, sheetOf([withCase(5)]), batchOf('PL-5'));
      expect([misnamed.state, misnamed.fault?.code, await stand('PL-5')]).to.deep.equal([
        ...['failed', 'CASE_NOT_A_BATCH', 'runs'],
      ]);
      const few = await importSheet({ ...house, leastBatchRows: 2 }, sheetOf([withCase(6)]), batchOf('PL-6'));
      expect([few.state, few.fault?.code, await stand('PL-6')]).to.deep.equal(['failed', 'BATCH_TOO_SMALL', null]);
    });

    it('of a batch that runs again when a later sheet brings more of it than has come', async () => {
      const closedAt = '2026-03-02T08:00:00+08:00';
      const batch = { mode: 'apply', way: 'batch', reason: '集中换证', caseNumber: 'PL-8', closedAt };
      const clock = async () => (await house.db.rows.deadlines.findOne())?.get();
      await importSheet(house, sheetOf([withCase(1)]), batch);
      expect((await clock())?.late).to.equal(false);
      await importSheet(house, sheetOf([withCase(2), rowOf(3, { 3: '', 7: 'AJ-3' })]), batch);
      expect((await clock())?.metAt).to.equal(null);
      house.time.set('2026-03-20T01:00:00Z');
      await importSheet(house, sheetOf([withCase(3)]), batch);
      expect((await clock())?.late).to.equal(true);
      // Of two rows of one case the earlier closing counts, in whatever order they stand.
      const rows = [withCase(11), rowOf(12, { 7: 'AJ-11' })];
      const other = { ...batch, caseNumber: 'PL-9', closedAt: '2026-03-20T08:00:00+08:00' };
      for (const row of rows) row[8] = row === rows[0] ? '2026-03-20 08:30' : '2026-01-05 10:00';
      await importSheet(house, sheetOf(rows), other);
      const own = await house.db.rows.cases.findOne({ where: { caseNumber: 'AJ-11' } });
      expect((await house.db.rows.deadlines.findOne({ where: { subjectId: own?.id ?? '' } }))?.late).to.equal(true);
      house.time.set('2026-03-02T01:00:00Z');
    });

    it('which a batch that is declared after its closing does not have', async () => {
      const batch = {
        mode: 'apply',
        way: 'batch',
        reason: '集中换证',
        caseNumber: 'PL-2',
        closedAt: '2026-02-27T08:00:00+08:00',
      };
      expect(await faultOf(order(house, sheetOf(many(1)), batch))).to.include({ code: 'BATCH_DECLARED_LATE' });
    });
  });
});

function once(): () => boolean {
  let left = 1;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

/** Plain CSV as we write it. */
function csvLines(bytes: Uint8Array): string[][] {
  const text = new TextDecoder('utf-8').decode(bytes);
  return text
    .trim()
    .split('\r\n')
    .map((line) =>
      (line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [])
        .slice(0, line.endsWith(',') ? undefined : -1)
        .map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"')),
    );
}
