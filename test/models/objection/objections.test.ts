import { expect } from 'chai';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import type { Caller } from '../../../models/house.ts';
import { answerObjection } from '../../../models/objection/answer-objection.ts';
import { fileObjection } from '../../../models/objection/file-objection.ts';
import { readObjection } from '../../../models/objection/read-objection.ts';
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
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne } from '../licence/issue-one.ts';

eachDatabase('an objection', (openDatabase) => {
  let house: TestHouse;
  let identifier: string;
  let holder: Caller;
  const window = callerWith(['consumer.window'], CONSUMER, 'window');

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    const licence = await issueOne(house);
    identifier = licence.identifier ?? '';
    holder = { ...callerWith(['holder'], null, 'holder'), holderId: licence.holders[0]?.holderId ?? null };
  });

  after(() => house.close());

  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  const text = '建设规模与批复不一致';
  const file = (caller = holder) => fileObjection(house, caller, { identifier, text });

  it('of the holder gets a number, and five working days', async () => {
    const filed = await file();
    expect(filed.number).to.match(/^YY20260302[0-9A-Z]{8}$/);
    expect(filed).to.include({ state: 'filed', text, dueAt: '2026-03-09T16:00:00.000Z', answer: null });
  });

  it('may be filed by a body that used the licence, and by none that did not', async () => {
    expect((await faultOf(file(window))).code).to.equal('NOT_FOUND');
    const matter = { code: 'M1', name: '竣工验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    await saveMatter(house, bureauOfficer, matter);
    const use = {
      case: '案-1',
      matter: 'M1',
      purpose: '核验许可',
      holder: { type: 'legal', number: COMPANY },
    } as const;
    const { useCode } = await openUse(house, window, use);
    await statusShared(house, window, { useCode, identifier });
    expect((await file(window)).state).to.equal('filed');
  });

  it('is refused to strangers, as if there were no such licence, and that is logged', async () => {
    const before = await house.db.rows.auditEntries.count({ where: { act: 'objection.file', outcome: 'refused' } });
    const stranger = { ...callerWith(['holder'], null, 'stranger'), holderId: CITIZEN };
    expect((await faultOf(file(stranger))).code).to.equal('NOT_FOUND');
    expect((await faultOf(file({ ...stranger, holderId: null }))).code).to.equal('NOT_FOUND');
    expect((await faultOf(fileObjection(house, holder, { identifier: `${identifier}X`, text }))).code).to.equal(
      'NOT_FOUND',
    );
    expect((await faultOf(file(clerk))).code).to.equal('FORBIDDEN');
    const after = await house.db.rows.auditEntries.count({ where: { act: 'objection.file', outcome: 'refused' } });
    expect(after).to.be.at.least(before + 3);
  });

  it('is answered by the issuer’s reviewer, once', async () => {
    const { number } = await file();
    const answer = { outcome: 'upheld', answer: '属实，予以更正' } as const;
    expect((await faultOf(answerObjection(house, otherClerk, number, answer))).code).to.equal('NOT_FOUND');
    expect((await faultOf(answerObjection(house, clerk, number, answer))).code).to.equal('FORBIDDEN');
    house.time.advance({ hours: 2 });
    const answered = await answerObjection(house, reviewer, number, answer);
    expect(answered).to.include({ state: 'upheld', answer: '属实，予以更正', answeredAt: '2026-03-02T03:00:00.000Z' });
    expect((await faultOf(answerObjection(house, reviewer, number, answer))).code).to.equal('STATE_CONFLICT');
    expect((await faultOf(answerObjection(house, reviewer, 'YY0', answer))).code).to.equal('NOT_FOUND');
  });

  it('that is answered too late stands as late', async () => {
    const { number } = await file();
    house.time.set('2026-03-09T15:59:59Z');
    expect((await listOverdue(house, bureauOfficer)).items.map(({ subject }) => subject)).to.not.include(number);
    house.time.set('2026-03-09T16:10:00Z');
    await answerObjection(house, reviewer, number, { outcome: 'rejected', answer: '经核实无误' });
    const item = (await listOverdue(house, bureauOfficer)).items.find(({ subject }) => subject === number);
    expect(item).to.include({ kind: 'objection', lateMinutes: 10 });
  });

  it('is read by who filed it, the issuer and the bureau, by nobody else', async () => {
    const { number } = await file();
    for (const caller of [holder, reviewer, bureauOfficer]) {
      expect((await readObjection(house, caller, number)).number).to.equal(number);
    }
    for (const caller of [otherClerk, window]) {
      expect((await faultOf(readObjection(house, caller, number))).code).to.equal('NOT_FOUND');
    }
  });
});
