import { expect } from 'chai';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { type Caller, houseCaller } from '../../../models/house.ts';
import { changeStatus } from '../../../models/licence/index.ts';
import { listNotices } from '../../../models/notice/index.ts';
import { askForPaper } from '../../../models/paper/ask-for-paper.ts';
import { judgeReport } from '../../../models/paper/judge-report.ts';
import { judgeRequest } from '../../../models/paper/judge-request.ts';
import { listObtainable } from '../../../models/paper/list-obtainable.ts';
import { listPaperReports, readPaperReport } from '../../../models/paper/list-reports.ts';
import { listPaperRequests, readPaperRequest } from '../../../models/paper/list-requests.ts';
import { reportPaper } from '../../../models/paper/report-paper.ts';
import { openUse, saveMatter } from '../../../models/sharing/index.ts';
import { issueOrder } from '../../../models/supervision/issue-order.ts';
import { listFindings } from '../../../models/supervision/list-findings.ts';
import { makeReports } from '../../../models/supervision/make-reports.ts';
import { listFigureCases, readReport } from '../../../models/supervision/read-reports.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  COMPANY,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';
import { issueOne } from '../licence/issue-one.ts';

const OTHER = `${ISSUER}002`;
const LOST = `${OTHER_ISSUER}009`;
const legalBasis = '《样例市档案条例》第八条';

eachDatabase('paper that was asked for', (openDatabase) => {
  let house: TestHouse;
  let useCode: string;
  let licenceId: string;
  let holder: Caller;
  const window = callerWith(['consumer.window'], CONSUMER, 'window');
  const approver = callerWith(['consumer.approver'], CONSUMER, 'approver');
  const supervisor = callerWith(['bureau.supervisor'], null, 'supervisor');
  const stranger: Caller = { ...callerWith(['holder'], null, 'stranger'), holderId: 'nobody' };
  const reason = '窗口核对原件';

  // Monday 2 March 2026, 09:00 in Shanghai.
  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    house.time.set('2026-03-02T01:00:00Z');
    await saveEntry(house, clerk, { ...ENTRY, code: OTHER });
    const catalogueCodes = [ENTRY.code, OTHER];
    await saveMatter(house, bureauOfficer, { code: 'SX-1', name: '验收', organisationCode: CONSUMER, catalogueCodes });
    await house.db.rows.matters.update({ catalogueCodes: [...catalogueCodes, LOST] }, { where: { code: 'SX-1' } });
    const issued = await issueOne(house);
    licenceId = issued.licenceId;
    holder = { ...callerWith(['holder'], null, 'holder'), holderId: issued.holders[0]?.holderId ?? '' };
    useCode = await open();
  });

  after(() => house.close());

  const open = async () => {
    const use = { case: 'SL-1', matter: 'SX-1', purpose: '核验', holder: { type: 'legal', number: COMPANY } } as const;
    return (await openUse(house, window, use)).useCode;
  };
  const told = async () =>
    (await listObtainable(house, window, { useCode })).items.map(({ catalogueCode, why }) => [catalogueCode, why]);
  const ask = (more: object = {}) =>
    askForPaper(house, window, { useCode, catalogueCode: ENTRY.code, reason, ...more });
  const report = (more: object = {}, by = holder) => {
    const body = {
      organisationCode: CONSUMER,
      catalogueCode: ENTRY.code,
      askedOn: '2026-03-02',
      words: '要求交复印件',
    };
    return reportPaper(house, by, { ...body, ...more });
  };
  const findings = async (by = supervisor) => (await listFindings(house, by, { kind: 'paper-asked' })).items;

  it('is not asked for what can be had here, unless a law is named; each attempt is kept', async () => {
    expect(await told()).to.deep.equal([
      ...[[ENTRY.code, null] as const, [OTHER, 'none'] as const, [LOST, 'catalogue-unknown'] as const],
    ]);
    expect((await faultOf(ask())).code).to.equal('PAPER_NOT_NEEDED');
    const vague = await faultOf(ask({ exception: { legalBasis: '内部规定', words: '须留存' } }));
    expect(linesOf(vague)).to.deep.equal(['/exception/legalBasis LEGAL_BASIS_UNNAMED']);
    expect(linesOf(await faultOf(ask({ catalogueCode: 'X' })))).to.deep.equal(['/catalogueCode CATALOGUE_UNKNOWN']);
    const excepted = await ask({ exception: { legalBasis, words: '须留存原件' } });
    expect(excepted).to.include({ outcome: 'excepted', obtainable: true, legalBasis, why: null, tenable: null });
    expect(await ask({ catalogueCode: OTHER })).to.include({ outcome: 'asked', obtainable: false, why: 'none' });
    const kept = await listPaperRequests(house, approver, {});
    expect(kept.items.map(({ outcome }) => outcome)).to.deep.equal(['asked', 'excepted', 'refused']);
    expect(JSON.stringify(kept)).to.not.include(COMPANY);
    expect((await listPaperRequests(house, supervisor, { outcome: 'refused', limit: 1 })).items).to.have.length(1);
    expect((await listPaperRequests(house, otherClerk, {})).items).to.deep.equal([]);
    expect((await faultOf(readPaperRequest(house, otherClerk, excepted.requestId))).code).to.equal('NOT_FOUND');
    const acts = await house.db.rows.auditEntries.findAll({ where: { act: ['paper.obtainable', 'paper.ask'] } });
    expect(acts.map(({ act, outcome }) => `${act} ${outcome}`).sort()).to.deep.equal([
      ...['paper.ask done', 'paper.ask done', 'paper.ask refused', 'paper.ask refused', 'paper.ask refused'],
      'paper.obtainable done',
    ]);
  });

  it('is a breach where the exception is untenable, judged once', async () => {
    const [excepted] = (await listPaperRequests(house, supervisor, { outcome: 'excepted' })).items;
    const [refused] = (await listPaperRequests(house, supervisor, { outcome: 'refused' })).items;
    const judge = (id: string | undefined, tenable: boolean) =>
      judgeRequest(house, supervisor, id ?? '', { tenable, reason: '该条不要求原件' });
    expect((await faultOf(judge(refused?.requestId, false))).code).to.equal('PAPER_NOT_EXCEPTED');
    expect(await judge(excepted?.requestId, false)).to.include({ tenable: false, judgement: '该条不要求原件' });
    expect((await faultOf(judge(excepted?.requestId, true))).code).to.equal('PAPER_JUDGED');
    const link = `/api/v1/paper-requests/${excepted?.requestId}`;
    const [found, ...more] = await findings(approver);
    expect(found).to.include({ organisationCode: CONSUMER, article: '第十六条', subject: 'SL-1', link });
    expect(more).to.deep.equal([]);
    expect(await findings(otherClerk)).to.deep.equal([]);
    const sound = await ask({ exception: { legalBasis, words: '须留存原件' } });
    await judge(sound.requestId, true);
    expect(await findings()).to.have.length(1);
  });

  it('is reported by the holder alone; what is confirmed is a finding that goes into an order', async () => {
    const wrong = { organisationCode: '9'.repeat(18), catalogueCode: 'X', askedOn: '2026-03-03' };
    expect(linesOf(await faultOf(report(wrong)))).to.deep.equal([
      ...['/organisationCode NOT_FOUND', '/catalogueCode CATALOGUE_UNKNOWN', '/askedOn PAPER_DAY_TO_COME'],
    ]);
    expect((await faultOf(report({}, stranger))).code).to.equal('NOT_FOUND');
    const filed = await report({ matter: 'SX-1' });
    expect(filed).to.include({ state: 'filed', obtainable: true, excepted: true, matter: 'SX-1' });
    expect((await faultOf(report())).code).to.equal('PAPER_REPORTED');
    const early = await report({ askedOn: '2026-03-01' });
    expect(early.obtainable).to.equal(false);
    expect((await listPaperReports(house, approver, {})).items).to.deep.equal([]);
    expect((await faultOf(readPaperReport(house, stranger, filed.reportId))).code).to.equal('NOT_FOUND');
    const judge = (id: string, confirmed: boolean) =>
      judgeReport(house, supervisor, id, { confirmed, reason: '已核查' });
    expect((await faultOf(judge(early.reportId, true))).code).to.equal('PAPER_NOT_OBTAINABLE');
    await judge(early.reportId, false);
    await judge(filed.reportId, true);
    expect((await faultOf(judge(filed.reportId, false))).code).to.equal('PAPER_JUDGED');
    expect((await listPaperReports(house, holder, {})).items.map(({ state }) => state)).to.deep.equal([
      ...['dismissed', 'confirmed'],
    ]);
    expect(
      (await listPaperReports(house, approver, {})).items.map(({ number, words }) => [number, words]),
    ).to.deep.equal([[filed.number, null]]);
    expect((await readPaperReport(house, holder, filed.reportId)).words).to.equal('要求交复印件');
    expect((await listNotices(house, holder, {})).items.map(({ kind }) => kind)).to.deep.equal([
      ...['paper.judged', 'paper.judged'],
    ]);
    const found = (await findings()).find(({ subject }) => subject === filed.number);
    expect(found).to.include({ article: '第十六条', since: '2026-03-01T16:00:00.000Z', endedBy: 'event' });
    const order = { organisationCode: CONSUMER, findings: [found?.findingId ?? ''], persons: ['王一'] };
    const issued = await issueOrder(house, supervisor, { ...order, demand: '停止索要纸质证照' });
    expect(issued.findings).to.deep.equal([found?.findingId]);
  });

  it('is reported once: not again once confirmed, nor by two at once, but again where it was dismissed', async () => {
    expect((await faultOf(report({ matter: 'SX-1' }))).code).to.equal('PAPER_REPORTED');
    expect((await report({ askedOn: '2026-03-01' })).state).to.equal('filed');
    house.time.set('2026-03-05T01:00:00Z');
    const both = await Promise.allSettled([report({ askedOn: '2026-03-04' }), report({ askedOn: '2026-03-04' })]);
    expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('is counted in the report of its period, with the cases behind each figure', async () => {
    await changeStatus(house, clerk, licenceId, { act: 'suspend', legalBasis: '《条例》第一条', reason: '核查' });
    useCode = await open();
    expect((await told())[0]).to.deep.equal([ENTRY.code, 'suspended']);
    expect(await ask()).to.include({ outcome: 'asked', why: 'suspended' });
    house.time.set('2026-04-01T01:00:00Z');
    await makeReports(house, houseCaller('clock'));
    const month = 'month-2026-03-01';
    const { figures } = await readReport(house, approver, month);
    const counted = figures
      .map(({ figure, cases }) => [figure, cases])
      .filter(([figure]) => /^paper/.test(`${figure}`));
    expect(counted).to.have.deep.members([
      ...[
        ['paper-asked.ended', 2],
        ['paper.excepted', 2],
        ['paper.refused', 1],
      ],
    ]);
    // What is not confirmed is the bureau's to know.
    const reported = { reportId: month, figure: 'paper.reported' };
    expect((await listFigureCases(house, approver, reported, {})).items).to.deep.equal([]);
    expect((await listFigureCases(house, supervisor, reported, {})).items).to.have.length(4);
    const asked = { reportId: month, figure: 'paper.excepted' };
    const { items } = await listFigureCases(house, approver, asked, {});
    for (const { link, caseId } of items) expect(link).to.equal(`/api/v1/paper-requests/${caseId}`);
    expect((await readPaperRequest(house, approver, items[0]?.caseId ?? '')).outcome).to.equal('excepted');
  });
});
