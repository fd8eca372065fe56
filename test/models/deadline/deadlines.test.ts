import { expect } from 'chai';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import type { ClosingNotice } from '../../../models/deadline/closing-notice.ts';
import { findClocks } from '../../../models/deadline/find-clocks.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse, otherClerk, SUBMISSION } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

eachDatabase('the clock of a closed case', (openDatabase) => {
  let house: TestHouse;
  let cases = 0;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  const newCase = (more: Partial<ClosingNotice> = {}): ClosingNotice => {
    cases += 1;
    const common = { catalogueCode: ENTRY.code, offlineReason: '现场无网络', closedAt: '2026-03-02T09:00:00+08:00' };
    return { caseNumber: `案-${cases}`, mode: 'offline', ...common, ...more };
  };
  const submit = ({ caseNumber }: ClosingNotice, more: object = {}) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: `施字第${String(2026100000 + cases)}号` };
    return submitLicence(house, clerk, { ...SUBMISSION, fields, caseNumber, ...more }, { source: 'front-end' });
  };
  const overdueOf = async ({ caseNumber }: ClosingNotice) =>
    (await listOverdue(house, bureauOfficer, { limit: 200 })).items.find(({ subject }) => subject === caseNumber);
  const deadlineOf = async ({ caseNumber }: ClosingNotice) => {
    const row = await house.db.rows.cases.findOne({ where: { caseNumber } });
    return house.db.rows.deadlines.findOne({ where: { subjectId: row?.id ?? '' } });
  };

  it('runs one working day for an offline case, three for a batch, none online', async () => {
    const due = async (mode: ClosingNotice['mode']) => (await closeCase(house, clerk, newCase({ mode }))).dueAt;
    expect(await due('offline')).to.equal('2026-03-03T16:00:00.000Z');
    expect(await due('batch')).to.equal('2026-03-05T16:00:00.000Z');
    expect(await due('online')).to.equal(null);
  });

  it('is one however often its notice comes at once, and stops though the licence comes at the same moment', async () => {
    const notices = Array.from({ length: 8 }, () => newCase());
    const more = { fields: { ...SUBMISSION.fields, licenceNumber: '' } };
    const views = await Promise.all(
      notices.map(async (notice) => {
        const close = () => closeCase(house, clerk, notice);
        const [first, second] = await Promise.all([close(), close(), submit(notice, more)]);
        expect(second).to.deep.equal(first);
        return first.dueAt;
      }),
    );
    expect(new Set(views)).to.deep.equal(new Set(['2026-03-03T16:00:00.000Z']));
    for (const notice of notices) {
      expect(await house.db.rows.cases.count({ where: { caseNumber: notice.caseNumber } })).to.equal(1);
      expect((await deadlineOf(notice))?.late, notice.caseNumber).to.equal(false);
    }
  });

  it('starts at the closing, not at the notice', async () => {
    const view = await closeCase(house, clerk, newCase({ closedAt: '2026-02-13T18:00:00+08:00' }));
    expect(view.dueAt).to.equal('2026-02-14T16:00:00.000Z');
  });

  it('stops when the licence arrives in time, and nothing is late', async () => {
    const notice = newCase();
    await closeCase(house, clerk, notice);
    house.time.set('2026-03-03T15:59:59.999Z');
    await submit(notice);
    house.time.advance({ days: 30 });
    expect((await deadlineOf(notice))?.metAt?.toISOString()).to.equal('2026-03-03T15:59:59.999Z');
    expect(await overdueOf(notice)).to.equal(undefined);
  });

  it('stands as late when the licence arrives late, with how late it was', async () => {
    const notice = newCase();
    await closeCase(house, clerk, notice);
    house.time.set('2026-03-03T17:30:00Z');
    await submit(notice);
    house.time.advance({ days: 30 });
    expect(await overdueOf(notice)).to.include({
      kind: 'offline-push',
      dueAt: '2026-03-03T16:00:00.000Z',
      metAt: '2026-03-03T17:30:00.000Z',
      lateMinutes: 90,
    });
  });

  it('stands as late though nothing ever arrives, from the moment it ran out', async () => {
    const notice = newCase();
    await closeCase(house, clerk, notice);
    house.time.set('2026-03-03T16:00:00.000Z');
    expect(await overdueOf(notice)).to.equal(undefined);
    house.time.advance({ minutes: 3 });
    expect(await overdueOf(notice)).to.include({ metAt: null, lateMinutes: 3 });
  });

  it('counts a repeated notice once: the first one’s time stays', async () => {
    const notice = newCase();
    const first = await closeCase(house, clerk, notice);
    house.time.advance({ days: 3 });
    const again = await closeCase(house, clerk, { ...notice, closedAt: '2026-03-04T09:00:00+08:00' });
    expect(again).to.deep.equal(first);
    expect(await house.db.rows.cases.count({ where: { caseNumber: notice.caseNumber } })).to.equal(1);
  });

  it('runs for each type of licence that a case brings, and stops for each by itself', async () => {
    const code = `${ENTRY.code.slice(0, 18)}002`;
    await saveEntry(house, clerk, { ...ENTRY, code });
    const notice = newCase();
    await closeCase(house, clerk, notice);
    const second = { ...notice, catalogueCode: code, closedAt: '2026-03-01T09:00:00+08:00' };
    expect((await closeCase(house, clerk, second)).closedAt).to.equal('2026-03-01T01:00:00.000Z');
    expect((await closeCase(house, clerk, notice)).closedAt).to.equal('2026-03-02T01:00:00.000Z');
    await submit(notice, { catalogueCode: code });
    house.time.advance({ days: 30 });
    const late = (await listOverdue(house, bureauOfficer, { limit: 200 })).items.filter(
      ({ subject }) => subject === notice.caseNumber,
    );
    expect(late.map(({ catalogueCode, metAt }) => ({ catalogueCode, metAt }))).to.deep.equal([
      { catalogueCode: ENTRY.code, metAt: null },
    ]);
  });

  it('is listed page by page, oldest first', async () => {
    house.time.advance({ days: 60 });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listOverdue(house, bureauOfficer, { limit: 1, after });
      seen.push(...page.items.map(({ subjectId }) => subjectId));
      after = page.next ?? undefined;
    } while (after);
    const whole = await listOverdue(house, bureauOfficer, { limit: 200 });
    expect(seen).to.have.length.greaterThan(2);
    expect(seen).to.deep.equal(whole.items.map(({ subjectId }) => subjectId));
    const wrong = await faultOf(listOverdue(house, bureauOfficer, { after: 'nothing' }));
    expect(linesOf(wrong)).to.deep.equal(['/after FIELD_PATTERN']);
  });

  it('is recorded on arrival when there was no notice, late or not', async () => {
    const notice = newCase();
    house.time.set('2026-03-04T01:00:00Z');
    await submit(notice, { closedAt: '2026-03-02T09:00:00+08:00' });
    expect(await overdueOf(notice)).to.include({ metAt: '2026-03-04T01:00:00.000Z', lateMinutes: 540 });
    const punctual = newCase();
    await submit(punctual, { closedAt: '2026-03-03T09:00:00+08:00' });
    expect(await overdueOf(punctual)).to.equal(undefined);
    expect((await deadlineOf(punctual))?.metAt).to.not.equal(null);
  });

  it('is recorded of a licence that comes over the API or by form on another day than its case was closed', async () => {
    const submitOnline = async (time: string, closedAt: string, source: 'api' | 'form') => {
      const notice = newCase();
      house.time.set(time);
      const { licenceNumber: _, ...fields } = SUBMISSION.fields;
      await submitLicence(house, clerk, { ...SUBMISSION, fields, caseNumber: notice.caseNumber, closedAt }, { source });
      return notice;
    };
    const sameDay = await submitOnline('2026-03-04T15:59:00Z', '2026-03-04T00:00:00+08:00', 'api');
    const nextDay = await submitOnline('2026-03-04T16:00:00Z', '2026-03-04T23:59:59+08:00', 'form');
    const late = await submitOnline('2026-03-06T01:00:00Z', '2026-03-04T09:00:00+08:00', 'api');
    expect(await deadlineOf(sameDay)).to.equal(null);
    expect(await deadlineOf(nextDay)).to.include({ kind: 'offline-push', late: false });
    expect(await overdueOf(late)).to.include({
      metAt: '2026-03-06T01:00:00.000Z',
      lateMinutes: 540,
      offlineReason: null,
    });
  });

  it('is met at once by a notice that comes after its licence', async () => {
    const notice = newCase();
    await submit(notice);
    house.time.advance({ hours: 1 });
    await closeCase(house, clerk, notice);
    house.time.advance({ days: 30 });
    expect((await deadlineOf(notice))?.metAt?.toISOString()).to.equal('2026-03-02T01:00:00.000Z');
    expect(await overdueOf(notice)).to.equal(undefined);
  });

  it('does not start for a case of another body, without reason, or closed in the future', async () => {
    const foreign = await faultOf(closeCase(house, otherClerk, newCase()));
    expect(linesOf(foreign)).to.deep.equal(['/catalogueCode FOREIGN_ISSUER']);
    const { offlineReason: _, ...silent } = newCase({
      closedAt: '2026-03-02T10:00:00+08:00',
      catalogueCode: `${ENTRY.code.slice(0, 18)}999`,
    });
    const fault = await faultOf(closeCase(house, clerk, silent));
    expect(linesOf(fault)).to.deep.equal([
      '/catalogueCode CATALOGUE_UNKNOWN',
      '/offlineReason FIELD_REQUIRED',
      '/closedAt CLOSED_IN_FUTURE',
    ]);
  });

  it('is shown to its own body and to the bureau, not to another body', async () => {
    const notice = newCase();
    await closeCase(house, clerk, notice);
    house.time.advance({ days: 5 });
    const seenBy = async (caller: typeof clerk) =>
      (await listOverdue(house, caller)).items.some(({ subject }) => subject === notice.caseNumber);
    expect(await seenBy(clerk)).to.equal(true);
    expect(await seenBy(bureauOfficer)).to.equal(true);
    expect(await seenBy(otherClerk)).to.equal(false);
  });

  it('says when its date may still move', async () => {
    house.time.set('2026-12-31T01:00:00Z');
    const notice = newCase({ closedAt: '2026-12-31T08:00:00+08:00' });
    await closeCase(house, clerk, notice);
    const { subjectId = '' } = (await deadlineOf(notice)) ?? {};
    expect((await findClocks(house, [subjectId])).get(subjectId)).to.include({ provisional: true });
  });
});
