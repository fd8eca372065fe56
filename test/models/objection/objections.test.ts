import { expect } from 'chai';
import { logAccess } from '../../../models/audit/append-audit.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { tellClocks } from '../../../models/deadline/tell-clocks.ts';
import { type Caller, houseCaller } from '../../../models/house.ts';
import { checkByCode } from '../../../models/licence/check-by-code.ts';
import { changeStatus } from '../../../models/licence/index.ts';
import type { LicenceView } from '../../../models/licence/view-licence.ts';
import { addEvidence } from '../../../models/objection/add-evidence.ts';
import { answerObjection } from '../../../models/objection/answer-objection.ts';
import { assignObjection } from '../../../models/objection/assign-objection.ts';
import { correctObjection, planCorrection } from '../../../models/objection/correct-objection.ts';
import { escalateObjections } from '../../../models/objection/escalate-objections.ts';
import { fileObjection, type ObjectionInput } from '../../../models/objection/file-objection.ts';
import { findDisputed } from '../../../models/objection/find-disputed.ts';
import { getEvidence } from '../../../models/objection/get-evidence.ts';
import { listObjections } from '../../../models/objection/list-objections.ts';
import { readObjection } from '../../../models/objection/read-objection.ts';
import { remindIssuer } from '../../../models/objection/remind-issuer.ts';
import { withdrawObjection } from '../../../models/objection/withdraw-objection.ts';
import { openUse } from '../../../models/sharing/open-use.ts';
import { saveMatter } from '../../../models/sharing/save-matter.ts';
import { statusShared } from '../../../models/sharing/status-shared.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  CITIZEN,
  COMPANY,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne } from '../licence/issue-one.ts';
import { EVIDENCE, handIn } from './file-world.ts';

eachDatabase('an objection', (openDatabase) => {
  let house: TestHouse;
  let licence: LicenceView;
  let identifier: string;
  let holder: Caller;
  const window = callerWith(['consumer.window'], CONSUMER, 'window');
  const clock = houseCaller('clock');
  const text = '建设规模与批复不一致';
  const upheld = { outcome: 'upheld', answer: '属实，予以更正' } as const;
  const rejected = { outcome: 'rejected', answer: '经核实无误' } as const;
  const suspend = { act: 'suspend', legalBasis: '规定', reason: '核查' } as const;
  const resume = { act: 'resume', legalBasis: '规定', reason: '核查完毕' } as const;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    licence = await issueOne(house);
    identifier = licence.identifier ?? '';
    holder = { ...callerWith(['holder'], null, 'holder'), holderId: licence.holders[0]?.holderId ?? null };
    const matter = { code: 'M1', name: '竣工验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    await saveMatter(house, bureauOfficer, matter);
  });

  after(() => house.close());

  // Monday 2 March 2026, 09:00 in Shanghai. What a test leaves open is closed, so that each begins alone.
  beforeEach(async () => {
    house.time.set('2026-03-02T01:00:00Z');
    await house.db.rows.objections.update({ state: 'withdrawn', openKey: null }, { where: {} });
    await house.db.rows.deadlines.destroy({ where: {} });
  });

  const file = (more: Partial<ObjectionInput> = {}, caller = holder) =>
    fileObjection(house, caller, { identifier, text, ...more });
  const codeOf = async (act: Promise<unknown>) => (await faultOf(act)).code;
  const pointersOf = async (act: Promise<unknown>) =>
    (await faultOf(act)).errors.map(({ pointer, code }) => `${pointer} ${code}`);
  const isDisputed = async () =>
    (await findDisputed(house, [{ id: licence.licenceId, catalogueCode: ENTRY.code }])).size === 1;
  const publishedActs = async () => {
    const rows = await house.db.rows.changeIntake.findAll({ order: [['entry', 'ASC']] });
    return rows.map(({ act }) => act).filter((act) => act.startsWith('dispute'));
  };
  const toldOf = async (subjectId: string) => {
    const rows = await house.db.rows.notices.findAll({ where: { subjectId }, order: [['id', 'ASC']] });
    return rows.map(({ kind, recipient }) => `${kind} ${recipient.split(':')[0]}`);
  };

  it('is acknowledged at once: a number, five working days, the days that do not count, and who answers', async () => {
    const filed = await file({ category: 'face-data' });
    expect(filed.number).to.match(/^YY20260302[0-9A-Z]{8}$/);
    expect(filed).to.include({ state: 'filed', text, dueAt: '2026-03-09T16:00:00.000Z', answer: null, identifier });
    expect(filed.skipped).to.deep.equal(['2026-03-07', '2026-03-08']);
    expect(filed.answersBy).to.equal('样例市城乡建设局');
    expect(await toldOf(filed.number)).to.deep.equal(['objection.filed body']);
  });

  it('may be filed by a body that used the licence, and by none that did not', async () => {
    expect(await codeOf(file({}, window))).to.equal('NOT_FOUND');
    const holds = { type: 'legal', number: COMPANY } as const;
    const { useCode } = await openUse(house, window, {
      case: '案-1',
      matter: 'M1',
      purpose: '核验许可',
      holder: holds,
    });
    await statusShared(house, window, { useCode, identifier });
    expect((await file({}, window)).state).to.equal('filed');
    const printer = callerWith(['consumer.window'], OTHER_ISSUER, 'printer');
    expect(await codeOf(file({}, printer))).to.equal('NOT_FOUND');
    await logAccess(house, printer, { act: 'sharing.print', licenceId: licence.licenceId });
    expect((await file({}, printer)).state).to.equal('filed');
  });

  it('is refused to strangers, as if there were no such licence, and that is logged', async () => {
    const before = await house.db.rows.auditEntries.count({ where: { act: 'objection.file', outcome: 'refused' } });
    const stranger = { ...callerWith(['holder'], null, 'stranger'), holderId: CITIZEN };
    expect(await codeOf(file({}, stranger))).to.equal('NOT_FOUND');
    expect(await codeOf(file({}, { ...stranger, holderId: null }))).to.equal('NOT_FOUND');
    expect(await codeOf(file({ identifier: `${identifier}X` }))).to.equal('NOT_FOUND');
    expect(await codeOf(file({}, clerk))).to.equal('FORBIDDEN');
    const after = await house.db.rows.auditEntries.count({ where: { act: 'objection.file', outcome: 'refused' } });
    expect(after).to.be.at.least(before + 3);
  });

  it('stands alone in its kind while it is open, and may be taken up again once it is closed', async () => {
    const { number } = await file({ category: 'status' });
    expect(await codeOf(file({ category: 'status' }))).to.equal('OBJECTION_OPEN');
    expect((await file({ category: 'file' })).state).to.equal('filed');
    expect(await pointersOf(file({ follows: number }))).to.deep.equal(['/follows FORMER_UNKNOWN']);
    await withdrawObjection(house, holder, number, {});
    expect(await codeOf(withdrawObjection(house, holder, number, {}))).to.equal('STATE_CONFLICT');
    expect((await file({ category: 'status', follows: number })).follows).to.equal(number);
    expect(await toldOf(number)).to.include('objection.withdrawn body');
  });

  it('names fields of the licence with what is held right; these lie encrypted and numbers are masked', async () => {
    const claims = [
      { field: 'projectName', right: '样例花园二期' },
      { field: 'holderNumber', right: CITIZEN },
    ];
    const filed = await file({ claims });
    expect(filed.claims).to.deep.equal([claims[0], { field: 'holderNumber', right: '9901**********0019' }]);
    const row = await house.db.rows.objections.findOne({ where: { number: filed.number } });
    expect(row?.claims).to.not.match(/二期|990101/);
    const wrong = [{ field: 'nosuch', right: '甲' }, ...claims, { field: 'projectName', right: '乙' }];
    expect(await pointersOf(file({ category: 'status', claims: wrong }))).to.deep.equal([
      '/claims/0/field FIELD_UNKNOWN',
      '/claims/3/field ALREADY_EXISTS',
    ]);
  });

  it('makes the licence disputed until the last one is closed, and says so once each in the feed', async () => {
    const before = (await publishedActs()).length;
    const first = await file({ category: 'status' });
    const second = await file({ category: 'file' });
    expect(await isDisputed()).to.equal(true);
    const checked = await checkByCode(house, clock, licence.verificationCode ?? '');
    expect(checked).to.include({ disputed: true, status: 'valid' });
    await answerObjection(house, reviewer, first.number, rejected);
    expect(await isDisputed()).to.equal(true);
    await withdrawObjection(house, holder, second.number, { reason: '已弄清' });
    expect(await isDisputed()).to.equal(false);
    expect((await publishedActs()).slice(before)).to.deep.equal(['dispute-raised', 'dispute-closed']);
  });

  it('marks nothing where the entry in force says not to', async () => {
    await file();
    const setPolicy = async (definition: object) =>
      house.db.rows.catalogueEntries.update(
        { definition: definition as typeof ENTRY },
        { where: { code: ENTRY.code } },
      );
    const entry = await house.db.rows.catalogueEntries.findOne({ where: { code: ENTRY.code } });
    const definition = entry?.definition ?? ENTRY;
    await setPolicy({ ...definition, markDisputed: false });
    expect(await isDisputed()).to.equal(false);
    await setPolicy(definition);
    expect(await isDisputed()).to.equal(true);
  });

  it('is answered once by the issuer’s reviewer, not by who filed it; its course is told without names', async () => {
    const { number } = await file();
    expect(await codeOf(answerObjection(house, otherClerk, number, rejected))).to.equal('NOT_FOUND');
    expect(await codeOf(answerObjection(house, clerk, number, rejected))).to.equal('FORBIDDEN');
    const both = { ...reviewer, id: 'holder' };
    expect(await codeOf(answerObjection(house, both, number, rejected))).to.equal('SELF_ANSWER');
    house.time.advance({ hours: 2 });
    const answered = await answerObjection(house, reviewer, number, rejected);
    expect(answered).to.include({ state: 'rejected', answer: '经核实无误', answeredAt: '2026-03-02T03:00:00.000Z' });
    expect(answered.events.at(-1)).to.deep.include({ by: 'reviewer', details: { reviewedIt: true } });
    expect(await codeOf(answerObjection(house, reviewer, number, rejected))).to.equal('STATE_CONFLICT');
    expect(await codeOf(answerObjection(house, reviewer, 'YY0', rejected))).to.equal('NOT_FOUND');
    const { events } = await readObjection(house, holder, number);
    expect(events.map(({ act, by, details }) => [act, by, details])).to.deep.equal([
      ['filed', 'holder', {}],
      ['rejected', null, {}],
    ]);
    expect(await toldOf(number)).to.deep.equal(['objection.filed body', 'objection.answered holder']);
  });

  it('that is upheld stays open until a later change of the licence corrects it, within a clock of its own', async () => {
    await changeStatus(house, clerk, licence.licenceId, suspend);
    const { number } = await file({ category: 'status' });
    expect(await codeOf(planCorrection(house, clerk, number, { plan: '恢复为有效' }))).to.equal('STATE_CONFLICT');
    const answered = await answerObjection(house, reviewer, number, upheld);
    expect(answered).to.include({ state: 'upheld', correctionDueAt: '2026-03-09T16:00:00.000Z' });
    expect((await planCorrection(house, clerk, number, { plan: '恢复为有效' })).state).to.equal('correcting');
    const sequence = (await house.db.rows.licences.findByPk(licence.licenceId))?.sequence ?? 0;
    for (const wrong of [sequence, 99])
      expect(await pointersOf(correctObjection(house, clerk, number, { sequence: wrong }))).to.deep.equal([
        '/sequence CORRECTION_UNKNOWN',
      ]);
    await changeStatus(house, clerk, licence.licenceId, resume);
    expect(await isDisputed()).to.equal(true);
    expect(await codeOf(correctObjection(house, otherClerk, number, { sequence: sequence + 1 }))).to.equal('NOT_FOUND');
    const corrected = await correctObjection(house, clerk, number, { sequence: sequence + 1 });
    expect(corrected.state).to.equal('corrected');
    expect(corrected.correction).to.include({ plan: '恢复为有效', sequence: sequence + 1 });
    expect(await isDisputed()).to.equal(false);
    expect(await toldOf(number)).to.include('objection.corrected holder');
    expect(await house.db.rows.deadlines.count({ where: { metAt: null } })).to.equal(0);
  });

  it('answered too late is taken with the reason only, and stands as late', async () => {
    const { number } = await file();
    house.time.set('2026-03-09T16:00:00Z');
    expect((await listOverdue(house, bureauOfficer)).items.map(({ subject }) => subject)).to.not.include(number);
    house.time.set('2026-03-09T16:10:30Z');
    expect(await pointersOf(answerObjection(house, reviewer, number, rejected))).to.deep.equal([
      '/lateReason LATE_REASON_REQUIRED',
    ]);
    const late = await answerObjection(house, reviewer, number, { ...rejected, lateReason: '须向原审批单位核实' });
    expect(late).to.include({ lateMinutes: 10, lateReason: '须向原审批单位核实' });
    const item = (await listOverdue(house, bureauOfficer)).items.find(({ subject }) => subject === number);
    expect(item).to.include({ kind: 'objection', lateMinutes: 10, lateReason: '须向原审批单位核实' });
    expect(late.escalated).to.equal(true);
    expect(await escalateObjections(house, clock)).to.equal(0);
    expect(await toldOf(number)).to.include('objection.escalated bureau');
  });

  it('comes before the bureau once when its answer is late, and once when its correction is', async () => {
    const { number } = await file();
    expect(await escalateObjections(house, clock)).to.equal(0);
    house.time.set('2026-03-09T16:00:00Z');
    expect(await escalateObjections(house, clock)).to.equal(0);
    house.time.set('2026-03-12T01:00:00Z');
    expect(await escalateObjections(house, clock)).to.equal(1);
    expect(await escalateObjections(house, clock)).to.equal(0);
    await tellClocks(house);
    const overdueTold = await house.db.rows.notices.findAll({ where: { kind: 'clock.overdue' } });
    expect(overdueTold.map(({ recipient }) => recipient)).to.deep.equal([`body:${ISSUER}`]);
    await remindIssuer(house, bureauOfficer, number, { words: '请即答复' });
    const overdue = await listObjections(house, bureauOfficer, { stage: 'overdue' });
    expect(overdue.items.map((item) => [item.number, item.escalated])).to.deep.equal([[number, true]]);
    await answerObjection(house, reviewer, number, { ...upheld, lateReason: '人手不足，正在补充' });
    expect((await listObjections(house, bureauOfficer, { stage: 'overdue' })).items).to.deep.equal([]);
    house.time.set('2026-04-30T01:00:00Z');
    expect(await escalateObjections(house, clock)).to.equal(1);
    expect(await escalateObjections(house, clock)).to.equal(0);
    const late = (await listOverdue(house, bureauOfficer)).items.map(({ kind, subject }) => `${kind} ${subject}`);
    expect(late).to.deep.equal([`objection ${number}`, `correction ${number}`]);
    const acts = (await readObjection(house, bureauOfficer, number)).events.map(({ act }) => act);
    expect(acts).to.deep.equal(['filed', 'escalated', 'reminded', 'upheld', 'escalated']);
    const told = (await toldOf(number)).filter((line) => /escalated|reminded/.test(line));
    expect(told).to.have.members([
      ...['objection.escalated bureau', 'objection.escalated bureau'],
      ...['objection.escalated body', 'objection.escalated body', 'objection.reminded body'],
    ]);
  });

  it('takes five whole files of each side, judged by their content, and keeps them encrypted', async () => {
    const { number } = await file();
    const add = async (name: string, bytes: Uint8Array, caller = holder) =>
      addEvidence(house, caller, number, await handIn(house, name, bytes));
    const png = await add('批复.docx', EVIDENCE.png);
    expect(png).to.include({ name: '批复.docx', format: 'png', side: 'objector', sizeBytes: EVIDENCE.png.length });
    expect((await add('again.png', EVIDENCE.png)).evidenceId).to.equal(png.evidenceId);
    for (const [name, bytes] of [
      ['a.pdf', Buffer.from('MZ\x90 a program')],
      ['cut.png', EVIDENCE.png.subarray(0, -4)],
      ['cut.pdf', EVIDENCE.pdf.subarray(0, 20)],
      ['zip.ofd', Buffer.from('504b0304140000000000', 'hex')],
    ] as const) {
      const fault = await faultOf(add(name, bytes));
      expect([fault.code, fault.detail]).to.deep.equal(['EVIDENCE_REFUSED', name]);
    }
    for (let page = 1; page < 5; page += 1)
      await add(`${page}.pdf`, Buffer.concat([EVIDENCE.pdf, Buffer.from([page])]));
    expect(await codeOf(add('sixth.jpg', EVIDENCE.jpg))).to.equal('EVIDENCE_FULL');
    expect(await add('核查记录.jpg', EVIDENCE.jpg, reviewer)).to.include({ side: 'issuer', format: 'jpg' });
    expect(await codeOf(add('x.jpg', EVIDENCE.jpg, otherClerk))).to.equal('NOT_FOUND');
    for (const caller of [holder, clerk, bureauOfficer]) {
      const { bytes, format } = await getEvidence(house, caller, number, png.evidenceId);
      expect([format, Buffer.from(bytes).equals(EVIDENCE.png)]).to.deep.equal(['png', true]);
    }
    expect(await codeOf(getEvidence(house, otherClerk, number, png.evidenceId))).to.equal('NOT_FOUND');
    const parts = await house.db.rows.importParts.findAll();
    expect(parts.some(({ content }) => content.includes(EVIDENCE.png.toString('base64').slice(0, 40)))).to.equal(false);
    await answerObjection(house, reviewer, number, rejected);
    expect(await codeOf(add('late.pdf', EVIDENCE.pdf))).to.equal('STATE_CONFLICT');
    expect(await house.db.rows.importFiles.count()).to.equal(6);
  });

  it('is handled by somebody of the issuer', async () => {
    const { number } = await file();
    const user = { id: 'U-1', loginName: 'u1', displayName: '李四', organisationCode: clerk.organisationCode };
    await house.db.rows.users.create({
      ...{ ...user, passwordHash: '', roles: ['issuer.clerk'], state: 'active', failedLogins: 0 },
      ...{ lockedUntil: null, holderId: null, createdAt: house.clock() },
    });
    const assigned = await assignObjection(house, reviewer, number, { handler: 'U-1' });
    expect(assigned.handler).to.deep.equal({ userId: 'U-1', name: '李四' });
    const mine = await listObjections(house, { ...clerk, id: 'U-1' }, { mine: 'true' });
    expect(mine.items.map((item) => item.number)).to.deep.equal([number]);
    expect((await readObjection(house, holder, number)).handler).to.equal(null);
    await house.db.rows.users.update({ state: 'disabled' }, { where: { id: 'U-1' } });
    for (const handler of ['U-1', 'nobody'])
      expect(await pointersOf(assignObjection(house, reviewer, number, { handler }))).to.deep.equal([
        '/handler HANDLER_UNKNOWN',
      ]);
  });

  it('is read and listed by who filed it, the issuer and the bureau, by nobody else', async () => {
    const { number } = await file();
    for (const caller of [holder, reviewer, bureauOfficer]) {
      expect((await readObjection(house, caller, number)).number).to.equal(number);
      const page = await listObjections(house, caller, { state: 'filed' });
      expect(page.items.map((item) => item.number)).to.deep.equal([number]);
    }
    for (const caller of [otherClerk, window]) {
      expect(await codeOf(readObjection(house, caller, number))).to.equal('NOT_FOUND');
      expect((await listObjections(house, caller, { state: 'filed' })).items).to.deep.equal([]);
    }
    // The number of another's begins no page: whether there is such a number is not told.
    const own = await file({ category: 'other' }, window);
    const { number: others } = await file({ category: 'file' });
    const listed = async (after: string) =>
      (await listObjections(house, window, { after, state: 'filed' })).items.length;
    expect([await listed(own.number), await listed(others), await listed('YY0')]).to.deep.equal([0, 0, 0]);
    expect(await codeOf(listObjections(house, callerWith(['auditor']), {}))).to.equal('FORBIDDEN');
  });

  it('finds its licence as its dates say before the clock comes by, and is not corrected by what they do', async () => {
    const { licenceId: id } = licence;
    await house.db.rows.licences.update({ validTo: '2026-03-03', turnsOn: '2026-03-04' }, { where: { id } });
    const { number } = await file();
    await answerObjection(house, reviewer, number, upheld);
    house.time.set('2026-03-04T01:00:00Z');
    expect(await pointersOf(correctObjection(house, clerk, number, {}))).to.deep.equal([
      '/sequence CORRECTION_UNKNOWN',
    ]);
    await planCorrection(house, clerk, number, { plan: '延续后更正' });
    expect((await house.db.rows.licences.findByPk(id))?.status).to.equal('expired');
    expect(await pointersOf(correctObjection(house, clerk, number, {}))).to.deep.equal([
      '/sequence CORRECTION_UNKNOWN',
    ]);
  });
});
