import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ExcelJS from 'exceljs';
import { writeReportFiles } from '../../exchange/index.ts';
import { writeWorkbook } from '../../exchange/supervision/write-workbook.ts';
import { closeCase } from '../../models/deadline/close-case.ts';
import { meetDeadlines } from '../../models/deadline/open-deadline.ts';
import { withdrawCase } from '../../models/deadline/withdraw-case.ts';
import { houseCaller } from '../../models/house.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import { makeReports } from '../../models/supervision/make-reports.ts';
import { listFigureCases, openReportFile, type ReportView, readReport } from '../../models/supervision/read-reports.ts';
import { supervise } from '../../models/supervision/supervise.ts';
import { eachDatabase } from '../world/each-database.ts';
import { requireProgram } from '../world/programs.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
} from '../world/sample-entry.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';

const MONTH = 'month-2026-03-01';

eachDatabase('periodic reports of supervision', (openDatabase) => {
  const folder = temporaryFolder();
  const clock = houseCaller('clock');
  /** Case number → when it was due, and when its licence came. */
  const world = new Map<string, { readonly due: Date; readonly met: Date | null }>();
  let hourly: ReportView;
  let house: TestHouse;

  /** Cases of March 2026 by a fixed run of numbers; looked at by the clock as `looks` say. */
  async function live(looks: (day: number) => boolean): Promise<TestHouse> {
    const made = await openFurnishedHouse(await openDatabase());
    let seed = 20_260_302;
    const chance = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    world.clear();
    const awaited: { readonly number: string; readonly day: number }[] = [];
    for (let day = 2; day <= 33; day += 1) {
      const now = new Date(Date.UTC(2026, 2, day, 1));
      made.time.set(now);
      for (let count = chance(4); count > 0; count -= 1) {
        const number = `案-${world.size}`;
        const facts = { catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '现场无网络' } as const;
        const { dueAt } = await closeCase(made, clerk, { caseNumber: number, ...facts, closedAt: now.toISOString() });
        world.set(number, { due: new Date(dueAt ?? ''), met: null });
        awaited.push({ number, day: chance(3) === 0 ? 99 : day + 1 + chance(6) });
      }
      for (const { number, day: arrival } of awaited) if (arrival === day) await arrive(made, number, now);
      if (looks(day)) {
        await supervise(made, clock);
        await makeReports(made, clock);
      }
    }
    return made;
  }

  /** As its arrival stops the clock. */
  async function arrive(made: TestHouse, caseNumber: string, met: Date) {
    const row = await made.db.rows.cases.findOne({ where: { caseNumber } });
    await withTransaction(made.db, (tx) => meetDeadlines(made, tx, [row?.id ?? ''], met));
    const known = world.get(caseNumber);
    if (known) world.set(caseNumber, { ...known, met });
  }

  before(async function () {
    this.timeout(120_000);
    const first = await live(() => true);
    hourly = await readReport(first, bureauOfficer, MONTH);
    await first.close();
    house = await live((day) => day < 20 || day > 22);
  });

  after(async () => {
    await house.close();
    folder.remove();
  });

  const casesOf = async (figure: string, organisationCode?: string) => {
    const items = [];
    for (let after: string | undefined; ; ) {
      const asked = { after, limit: 7, ...(organisationCode ? { organisationCode } : {}) };
      const page = await listFigureCases(house, bureauOfficer, { reportId: MONTH, figure }, asked);
      items.push(...page.items);
      if (page.next === null) return items;
      after = page.next;
    }
  };

  it('have every overdue case exactly once, with the article and the minutes by the end of the period', async () => {
    const end = new Date('2026-03-31T16:00:00Z');
    const expected = [...world]
      .filter(([, { due, met }]) => due < end && (met === null || met > due))
      .map(([subject, { due, met }]) => {
        const until = met === null || met >= end ? end : met;
        return [subject, '第十一条第二款', Math.floor((until.getTime() - due.getTime()) / 60_000), until === end];
      });
    expect(expected.length).to.be.greaterThan(10);
    const open = (await casesOf('case-late.open')).map((one) => [one.subject, one.article, one.lateMinutes, true]);
    const ended = (await casesOf('case-late.ended')).map((one) => [one.subject, one.article, one.lateMinutes, false]);
    expect([...open, ...ended]).to.have.deep.members(expected);
  });

  it('are the same though the clock stood still for three days', async () => {
    const { madeAt: _, ...report } = await readReport(house, bureauOfficer, MONTH);
    const { madeAt: __, ...other } = hourly;
    expect(report).to.deep.equal(other);
  });

  it('count in every figure exactly its cases, and show a body its own', async () => {
    const report = await readReport(house, bureauOfficer, MONTH);
    for (const { organisationCode, figure, cases } of report.figures)
      expect((await casesOf(figure, organisationCode)).length, figure).to.equal(cases);
    expect((await readReport(house, clerk, MONTH)).figures).to.deep.equal(
      report.figures.filter(({ organisationCode }) => organisationCode === ISSUER),
    );
    expect((await readReport(house, otherClerk, MONTH)).figures).to.deep.equal(
      report.figures.filter(({ organisationCode }) => organisationCode === OTHER_ISSUER),
    );
  });

  it('say what was at the end of the period, though more is known when they are made', async () => {
    const { reports, reportCases, objections, deadlines } = house.db.rows;
    const now = house.clock();
    await objections.create({
      ...{ id: 'o1', number: 'YY1', licenceId: 'L', issuingBody: ISSUER, filedByType: 'holder', filedBy: 'h' },
      ...{ party: 'p', category: 'other', text: 't', openKey: 'k', state: 'rejected', lateMinutes: 540 },
      ...{ filedAt: new Date('2026-03-25T01:00:00Z'), answeredAt: now },
    });
    await deadlines.update({ lateReason: '系统升级', lateReasonAt: now }, { where: {} });
    const [open] = await casesOf('case-late.open');
    const id = open?.link.split('/').at(-1) ?? '';
    expect(await deadlines.count({ where: { id } })).to.equal(1);
    const taken = { caseNumber: open?.subject ?? '', catalogueCode: ENTRY.code, reason: '误报' };
    await withdrawCase(house, bureauOfficer, { ...taken, organisationCode: ISSUER });
    await supervise(house, clock);
    await reportCases.destroy({ where: { reportId: MONTH } });
    await reports.destroy({ where: { id: MONTH } });
    expect(await makeReports(house, clock)).to.equal(1);
    const made = await readReport(house, bureauOfficer, MONTH);
    expect(made.league).to.deep.equal(hourly.league);
    expect(made.figures.filter(({ figure }) => figure.startsWith('case-late'))).to.deep.equal(hourly.figures);
    expect((await casesOf('objections.filed')).map(({ lateMinutes }) => lateMinutes)).to.deep.equal([null]);
  });

  it('are made once for each week, month and quarter that has ended', async () => {
    const { reports } = house.db.rows;
    const ids = (await reports.findAll({ order: [['id', 'ASC']] })).map(({ id }) => id);
    expect(ids).to.deep.equal([
      ...['month-2026-02-01', MONTH, 'quarter-2025-10-01', 'quarter-2026-01-01'],
      ...['week-2026-02-23', 'week-2026-03-02', 'week-2026-03-09', 'week-2026-03-16', 'week-2026-03-23'],
    ]);
    expect(await makeReports(house, clock)).to.equal(0);
  });

  it('are written as a workbook and as a signed PDF that say the same', async function () {
    this.timeout(60_000);
    expect(await writeReportFiles(house)).to.equal(9);
    expect(await writeReportFiles(house)).to.equal(0);
    const report = await readReport(house, bureauOfficer, MONTH);
    const late = report.figures.find(({ figure }) => figure === 'case-late.open')?.cases ?? 0;
    const book = new ExcelJS.Workbook();
    const xlsx = await openReportFile(house, bureauOfficer, MONTH, 'xlsx');
    await book.xlsx.load(Buffer.from(xlsx) as unknown as Parameters<typeof book.xlsx.load>[0]);
    expect(book.worksheets.map(({ name }) => name)).to.deep.equal(['汇总', '分单位', '推送排名', '案件']);
    const rows = book.getWorksheet('案件')?.rowCount ?? 0;
    expect(rows - 1).to.equal(report.figures.reduce((sum, { cases }) => sum + cases, 0));
    expect(book.getWorksheet('案件')?.getCell('G2').hyperlink).to.match(/^https:\/\/zz\.example\/api\/v1\/deadlines\//);
    const path = join(folder.path, 'report.pdf');
    writeFileSync(path, await openReportFile(house, bureauOfficer, MONTH, 'pdf'));
    const text = execFileSync(requireProgram(this, 'pdftotext'), ['-layout', path, '-'], { encoding: 'utf8' });
    expect(text)
      .to.match(/电子证照监督月报/)
      .and.match(/2026-03-01 至 2026-03-31/)
      .and.match(/第 1 页，共 \d+ 页/);
    expect(text).to.match(new RegExp(`办结未按时归集（期末未消除）\\s+${late}\\s`));
  });

  it('say in the workbook what it has no room for', async () => {
    const report = await readReport(house, bureauOfficer, MONTH);
    const book = new ExcelJS.Workbook();
    const xlsx = await writeWorkbook(house, report, { names: new Map() }, { cases: 3, links: 2 });
    await book.xlsx.load(Buffer.from(xlsx) as unknown as Parameters<typeof book.xlsx.load>[0]);
    const cases = book.getWorksheet('案件');
    expect(cases?.rowCount).to.equal(5);
    expect([cases?.getCell('G3').hyperlink, cases?.getCell('G4').hyperlink].map(Boolean)).to.deep.equal([true, false]);
    expect(cases?.getCell('G4').text).to.match(/^https:\/\/zz\.example\//);
    for (const text of [cases?.getCell('A5').text, book.getWorksheet('汇总')?.getCell('A4').text])
      expect(text).to.equal('案件超过 3 件的部分未列入“案件”页，全部案件见系统接口');
  });

  it('are written though another cannot be, and signed when there is a key again', async function () {
    this.timeout(60_000);
    const { reports } = house.db.rows;
    const unwritten = { xlsxDigest: null, pdfDigest: null, pdfSigned: null };
    await reports.update(unwritten, { where: { id: ['month-2026-02-01', MONTH] } });
    await reports.update({ league: [null] as never }, { where: { id: 'month-2026-02-01' } });
    const now = house.clock();
    house.time.set('2099-01-01T00:00:00Z');
    expect([await writeReportFiles(house), await writeReportFiles(house)]).to.deep.equal([1, 0]);
    expect((await reports.findByPk(MONTH))?.pdfSigned).to.equal(false);
    house.time.set(now);
    expect([await writeReportFiles(house), await writeReportFiles(house)]).to.deep.equal([1, 0]);
    expect((await reports.findByPk(MONTH))?.pdfSigned).to.equal(true);
  });
});
