import { expect } from 'chai';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { acceptSealedLicences, type SealedItem } from '../../../models/licence/accept-sealed-licence.ts';
import type { BulkOutcome } from '../../../models/licence/bulk-outcome.ts';
import { changeStatuses } from '../../../models/licence/change-status.ts';
import { listOwnLicences } from '../../../models/licence/list-own-licences.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import { submitLicences } from '../../../models/licence/submit-licences.ts';
import { viewLicence } from '../../../models/licence/view-licence.ts';
import { viewResult } from '../../../models/licence/view-result.ts';
import { saveSubscription } from '../../../models/subscription/save-subscription.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, OTHER_ISSUER, openFurnishedHouse, otherClerk, SUBMISSION } from '../../world/sample-entry.ts';
import { furnishOther, numberOf, ownIdentifier, sealElsewhere, submissionOf } from '../../world/sealed-elsewhere.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne, rowOf, submitOne } from './issue-one.ts';
import { composePlanted, plant } from './plant-licence.ts';

/** `done`, or the codes of the faults. */
function wordsOf<T>(outcomes: readonly BulkOutcome<T>[]): string[] {
  return outcomes.map((one) => {
    if ('done' in one) return 'done';
    const { code, errors } = one.fault;
    return errors.length === 0 ? code : errors.map((error) => `${error.code} ${error.pointer}`).join(', ');
  });
}

/** Those from now until it is asked. */
function countStatements(house: TestHouse): () => number {
  const { options } = house.db.sequelize as unknown as { options: { logging: false | (() => void) } };
  let count = 0;
  options.logging = () => {
    count += 1;
  };
  return () => {
    options.logging = false;
    return count;
  };
}

eachDatabase('many changes of status at once', (openDatabase) => {
  let house: TestHouse;
  let ids: string[];

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    ids = [];
    for (let count = 0; count < 3; count += 1)
      ids.push((await issueOne(house, { caseNumber: `AJ-${count}` })).licenceId);
  });

  after(() => house.close());

  const suspend = (licenceId: string) => ({
    licenceId,
    change: { act: 'suspend' as const, legalBasis: '条例', reason: '检查' },
  });
  const resume = (licenceId: string) => ({ licenceId, change: { act: 'resume' as const, reason: '检查完毕' } });

  it('are judged each alone, and those of one licence follow each other', async () => {
    const [a = '', b = '', c = ''] = ids;
    const arrival = { frontEnd: 'j', pushedAt: new Date('2026-03-01T00:00:00Z') };
    const remembered: number[] = [];
    const outcomes = await changeStatuses(
      house,
      clerk,
      [{ ...suspend(a), arrival }, suspend('NOBODY'), resume(b), resume(a), suspend(c)],
      async (_, done) => void remembered.push(...done.map(({ index }) => index)),
    );
    expect(wordsOf(outcomes)).to.deep.equal(['done', 'NOT_FOUND', 'STATE_CONFLICT', 'done', 'done']);
    expect(remembered).to.deep.equal([0, 3, 4]);
    expect(await rowOf(house, a)).to.include({ status: 'valid', sequence: 4 });
    expect(await rowOf(house, b)).to.include({ status: 'valid', sequence: 2 });
    expect(await rowOf(house, c)).to.include({ status: 'suspended', sequence: 3 });
    const { changes } = await viewLicence(house, await rowOf(house, a));
    expect(changes.map(({ act, toStatus }) => `${act} ${toStatus}`)).to.deep.equal([
      'issue valid',
      'suspend suspended',
      'resume valid',
    ]);
    const messages = await house.db.rows.outbox.count({ where: { subject: `licence:${a}` } });
    expect(messages).to.equal(3);
    expect(await house.db.rows.auditEntries.count({ where: { act: 'licence.status' } })).to.equal(3);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('of another department are not found', async () => {
    expect(wordsOf(await changeStatuses(house, otherClerk, ids.map(suspend)))).to.deep.equal(
      ids.map(() => 'NOT_FOUND'),
    );
  });

  it('leave nothing when what is remembered with them fails', async () => {
    const before = await Promise.all(ids.map((id) => rowOf(house, id)));
    const failed = await changeStatuses(house, clerk, ids.map(suspend), () => Promise.reject(new Error('no'))).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.equal('no');
    expect(await Promise.all(ids.map((id) => rowOf(house, id)))).to.deep.equal(before);
  });

  it('happen once when two batches meet', async () => {
    const [a = '', b = ''] = ids;
    const both = await Promise.all([
      changeStatuses(house, clerk, [suspend(a), suspend(b)]),
      changeStatuses(house, clerk, [suspend(b), suspend(a)]),
    ]);
    expect(both.flatMap(wordsOf).sort()).to.deep.equal(['STATE_CONFLICT', 'STATE_CONFLICT', 'done', 'done']);
    expect(await house.db.rows.changes.count({ where: { licenceId: b, act: 'suspend' } })).to.equal(1);
  });

  it('of submissions that give way say by what, are told, and cost as many statements as of one', async () => {
    const acts = ['withdrawn', 'returned'];
    await saveSubscription(house, clerk, { name: '审批系统', url: 'https://a.example/', acts, signing: 'hmac' });
    const replace = async (count: number) => {
      const olds: string[] = [];
      for (let nth = 0; nth < count; nth += 1) olds.push(await submitOne(house, { caseNumber: `W-${count}-${nth}` }));
      const { licenceNumber: _, ...fields } = SUBMISSION.fields;
      const items = olds.map((replaces, nth) => {
        const body = { ...SUBMISSION, fields, caseNumber: `W-${count}-${nth}` };
        return { body, from: { source: 'front-end' as const, replaces } };
      });
      const statements = countStatements(house);
      const outcomes = await submitLicences(house, clerk, items);
      return { olds, outcomes, statements: statements() };
    };
    const { statements } = await replace(1);
    const many = await replace(5);
    expect(many.statements).to.equal(statements);
    for (const [place, id] of many.olds.entries()) {
      const outcome = many.outcomes[place];
      if (!outcome || !('done' in outcome)) throw new Error('refused');
      const reason = `由新提交取代：${outcome.done.licenceId}`;
      expect(await viewResult(house, clerk, id)).to.include({ state: 'withdrawn', reason });
    }
    const told = await house.db.rows.deliveries.findAll({ where: { kind: 'step' } });
    expect(told.map(({ content }) => content?.licenceId))
      .to.include.members(many.olds)
      .and.have.length(6);
    expect(told.every(({ content }) => content?.step === 'withdrawn')).to.equal(true);
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const again = [
      { body: { ...SUBMISSION, fields }, from: { source: 'front-end' as const, replaces: many.olds[0] ?? '' } },
    ];
    const gone = await faultOf(submitLicences(house, clerk, again));
    expect(gone.code).to.equal('STATE_CONFLICT');
  });

  it('are listed with as many statements for a page of 200 as for one of 10', async () => {
    const state = (nth: number) => (nth % 2 === 0 ? ('issued' as const) : ('submitted' as const));
    await plant(
      house,
      Array.from({ length: 210 }, (_, nth) => composePlanted(house, { state: state(nth) })),
    );
    const cost = async (limit: number) => {
      const statements = countStatements(house);
      const { items } = await listOwnLicences(house, clerk, { limit });
      expect(items).to.have.length(limit);
      return statements();
    };
    const few = await cost(10);
    expect(await cost(200)).to.equal(few);
    const [one] = (await listOwnLicences(house, clerk, { limit: 1 })).items;
    expect(one).to.deep.equal(await readLicence(house, clerk, one?.licenceId ?? ''));
  });

  it('of none are none', async () => {
    expect(await changeStatuses(house, clerk, [])).to.deep.equal([]);
  });
});

eachDatabase('many licences that their department has sealed', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await furnishOther(house);
  });

  after(() => house.close());

  const own = { ...otherClerk, organisationCode: OTHER_ISSUER };

  async function itemOf(serial: number, more: { identifier?: string; number?: number; file?: Uint8Array } = {}) {
    const identifier = more.identifier ?? ownIdentifier(`B${serial}`);
    const { ofd } = await sealElsewhere(house, identifier, serial);
    const files = [{ format: 'ofd', bytes: more.file ?? ofd, sm3: null }];
    const body = { ...submissionOf(more.number ?? serial), caseNumber: `AJ-${serial}` };
    const sealed = { identifier, issuedOn: '2026-03-01', files };
    return { body, sealed, from: { source: 'front-end', sourceKey: `j/${serial}` } } satisfies SealedItem;
  }

  it('are judged each alone: the good are issued, numbers and identifiers that come twice are refused the second time', async function () {
    this.timeout(60_000);
    const remembered: string[] = [];
    const subscription = { name: '审批系统', url: 'https://a.example/', acts: ['issued'], signing: 'hmac' as const };
    await saveSubscription(house, own, subscription);
    const items = [
      await itemOf(1),
      await itemOf(2, { file: new TextEncoder().encode('nothing') }),
      // The number of the one before, which is refused: it is free.
      await itemOf(3, { number: 2 }),
      await itemOf(4, { number: 1 }),
      await itemOf(5, { identifier: ownIdentifier('B1') }),
      await itemOf(6),
    ];
    const outcomes = await acceptSealedLicences(house, own, items, async (_, done) => {
      remembered.push(...done.map(({ done: { licenceNumber } }) => licenceNumber));
    });
    expect(wordsOf(outcomes)).to.deep.equal([
      'done',
      'FILE_NOT_WHAT_IT_SAYS /files/ofd',
      'done',
      'LICENCE_NUMBER_DUPLICATE /fields/licenceNumber',
      'ALREADY_EXISTS /identifier',
      'done',
    ]);
    expect(remembered).to.deep.equal([numberOf(1), numberOf(2), numberOf(6)]);
    const [first] = outcomes;
    if (!first || !('done' in first)) throw new Error('refused');
    const row = await rowOf(house, first.done.licenceId);
    expect(row).to.include({
      state: 'issued',
      status: 'valid',
      sequence: 2,
      issuedOn: '2026-03-01',
      validTo: '2031-02-28',
    });
    expect(row.verificationCode).to.match(/^[0-9A-Z]{20,}$/);
    const view = await viewLicence(house, row);
    expect(view.files).to.have.length(1);
    expect((await house.blobs.get(view.files[0]?.sm3 ?? '')).length).to.equal(view.files[0]?.sizeBytes);
    expect(view.holders[0]?.name).to.equal('样例建设有限公司');
    expect(view.changes.map(({ act, toStatus }) => `${act} ${toStatus}`)).to.deep.equal(['issue valid']);
    const told = await house.db.rows.deliveries.findAll({ where: { kind: 'step' } });
    expect(told.map(({ content }) => content?.step)).to.deep.equal(['issued', 'issued', 'issued']);
    expect(told.map(({ content }) => content?.identifier)).to.include(row.identifier);
    expect(await house.db.rows.holders.count()).to.equal(1);
    expect(await house.db.rows.outbox.count({ where: { subject: `licence:${row.id}` } })).to.equal(1);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('that are there already are refused, and two batches that meet keep each once', async function () {
    this.timeout(60_000);
    expect(wordsOf(await acceptSealedLicences(house, own, [await itemOf(6)]))).to.deep.equal([
      'LICENCE_NUMBER_DUPLICATE /fields/licenceNumber, ALREADY_EXISTS /identifier',
    ]);
    const items = [await itemOf(7), await itemOf(8)];
    const both = await Promise.all([
      acceptSealedLicences(house, own, items),
      acceptSealedLicences(house, own, [...items].reverse()),
    ]);
    expect(both.flatMap(wordsOf).filter((word) => word === 'done')).to.have.length(2);
    expect(
      await house.db.rows.licences.count({ where: { numberKey: `${submissionOf(7).catalogueCode}:${numberOf(7)}` } }),
    ).to.equal(1);
  });

  it('tell all faults of each at once', async () => {
    const item = await itemOf(9);
    const broken = {
      ...item,
      body: { ...item.body, closedAt: 'never' },
      sealed: { ...item.sealed, issuedOn: '2026-02-30' },
    };
    expect(wordsOf(await acceptSealedLicences(house, own, [broken]))).to.deep.equal([
      'FIELD_PATTERN /closedAt, DATE_IMPOSSIBLE /issuedOn',
    ]);
  });
});
