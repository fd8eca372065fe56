import { expect } from 'chai';
import fc from 'fast-check';
import { applyForAnalysis } from '../../../models/analysis/apply-for-analysis.ts';
import { decideAnalysis } from '../../../models/analysis/decide-analysis.ts';
import { expireAnalyses } from '../../../models/analysis/expire-analyses.ts';
import { findWider, type Narrowing, narrow } from '../../../models/analysis/judge-grant.ts';
import { countAnalysis, readAnalysis } from '../../../models/analysis/list-analyses.ts';
import { packDelivery } from '../../../models/analysis/pack-delivery.ts';
import { prepareStep } from '../../../models/analysis/prepare-analysis.ts';
import { revokeAnalysis } from '../../../models/analysis/revoke-analysis.ts';
import type { AnalysisTerms } from '../../../models/analysis/terms.ts';
import { traceRows } from '../../../models/analysis/trace-rows.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { Fault } from '../../../models/kernel/fault.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { LICENCE_STATUSES, statusOn } from '../../../models/licence/states.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  CITIZEN,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import {
  application,
  approver,
  CODE,
  download,
  grant,
  makeRecipient,
  openDelivery,
  prepare,
  type Recipient,
  storeLicences,
  TERMS,
} from './analysis-world.ts';

const LICENCES = 90;

eachDatabase('bulk analysis', (openUrl) => {
  let house: TestHouse;
  let recipient: Recipient;
  let licences: LicenceColumns[];
  const partsOf = async (number: string) => {
    const { analyses, analysisParts } = house.db.rows;
    const row = await analyses.findOne({ where: { number } });
    return analysisParts.count({ where: { analysisId: row?.id ?? '' } });
  };
  const stateOf = async (number: string) => (await readAnalysis(house, bureauOfficer, number)).state;
  const messageOf = (act: Promise<unknown>) =>
    act.then(
      () => 'done',
      (error: unknown) => (error as Error).message,
    );
  const pointers = (fault: Fault) => fault.errors.map(({ pointer, code }) => `${pointer} ${code}`);

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openUrl());
    recipient = await makeRecipient(house.clock());
    licences = await storeLicences(house, LICENCES);
  });

  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  after(() => house.close());

  it('is applied for with all faults told at once, for a purpose that can be printed', async () => {
    const wrong = application(await makeRecipient(house.clock(), { signing: true }), {
      types: [
        {
          catalogueCode: CODE,
          common: ['identifier', 'holderName'],
          fields: ['nosuch', 'licenceNumber'],
          where: { projectName: 'x', kind: 'zz' },
        },
        { catalogueCode: `${CODE.slice(0, 18)}999`, common: ['status'], fields: [], where: {} },
      ],
      personal: 'none',
      filter: { issuedFrom: '2026-02-01', issuedTo: '2026-01-01' },
      period: { from: '2026-03-02', to: '2027-03-02' },
    });
    const fault = await faultOf(applyForAnalysis(house, approver, { ...wrong, purpose: '分析\u{10ffff}' }));
    expect(pointers(fault)).to.have.members([
      '/purpose GLYPH_MISSING',
      '/certificate ANALYSIS_CERTIFICATE',
      '/types/0/fields/0 FIELD_UNKNOWN',
      '/types/0/fields/1 FIELD_UNKNOWN',
      '/types/0/where/projectName FIELD_TYPE',
      '/types/0/where/kind FIELD_NOT_IN_CODE_LIST',
      '/types/1/catalogueCode CATALOGUE_UNKNOWN',
      '/filter/issuedTo ANALYSIS_PERIOD',
      '/period ANALYSIS_PERIOD',
      '/personal ANALYSIS_PERSONAL',
    ]);
    const { personalReason: _, ...unreasoned } = application(recipient);
    expect(pointers(await faultOf(applyForAnalysis(house, approver, unreasoned)))).to.deep.equal([
      '/personalReason ANALYSIS_PERSONAL',
    ]);
  });

  it('is granted by another person, narrowed and never widened, both standing side by side', async () => {
    const asked: AnalysisTerms = { ...TERMS, filter: { statuses: ['valid'], issuedFrom: '2026-01-01' } };
    const { number } = await applyForAnalysis(house, approver, application(recipient, asked));
    const decide = (caller: typeof approver, narrowed: Partial<AnalysisTerms>) =>
      decideAnalysis(house, caller, number, { decision: 'granted', reason: '必要', narrowed });
    expect((await faultOf(decide({ ...bureauOfficer, id: approver.id }, {}))).code).to.equal('ANALYSIS_OWN');
    const wider = await faultOf(
      decide(bureauOfficer, {
        types: [{ catalogueCode: CODE, common: ['holderName', 'validTo'], fields: ['address'], where: { kind: 'fj' } }],
        filter: { statuses: ['valid', 'revoked'] },
        personal: 'plain',
        mostRows: 501,
        period: { from: '2026-03-01', to: '2026-03-21' },
        mostDownloads: 4,
      }),
    );
    expect(pointers(wider)).to.have.members(
      [
        '/types/0/common/1',
        '/types/0/fields/0',
        '/filter/issuedFrom',
        '/filter/statuses/1',
        '/personal',
        '/mostRows',
        '/period/from',
        '/period/to',
        '/mostDownloads',
      ].map((place) => `/narrowed${place} GRANT_WIDER`),
    );
    expect((await countAnalysis(house, bureauOfficer, number)).total).to.be.within(1, LICENCES);
    const view = await decide(bureauOfficer, { personal: 'none', mostDownloads: 1 });
    expect(view.asked).to.deep.equal(asked);
    expect(view.granted?.types[0]?.common).to.deep.equal(['identifier', 'licenceNumber', 'status', 'issuedOn']);
    expect(view.moves.map(({ state, by, reason }) => [state, by, reason])).to.deep.equal([
      ['applied', 'approver', null],
      ['granted', 'officer', '必要'],
    ]);
    expect((await faultOf(decide(bureauOfficer, {}))).code).to.equal('STATE_CONFLICT');
  });

  it('delivers, however it was narrowed, the columns that were granted and licences within the filter, no other', async function () {
    this.timeout(60_000);
    const today = '2026-03-02';
    const facts = new Map(licences.map((row) => [row.identifier, row]));
    const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 });
    const narrowings: fc.Arbitrary<Narrowing> = fc.record(
      {
        types: fc
          .record({
            common: some(TERMS.types[0]?.common ?? []),
            fields: fc.subarray(['projectName', 'kind']),
            kind: fc.boolean(),
          })
          .map(({ common, fields, kind }) => [
            {
              catalogueCode: CODE,
              common: [...new Set(['identifier' as const, ...common])],
              fields,
              where: (kind ? { kind: 'fj' } : {}) as Record<string, string>,
            },
          ]),
        filter: fc.record(
          {
            statuses: some(['valid', 'revoked', 'expired', 'not-yet-effective'] as const),
            issuedFrom: fc.constantFrom('2026-01-13', '2026-02-11'),
            issuingBodies: fc.constantFrom(OTHER_ISSUER, ISSUER, ISSUER).map((body) => [body]),
          },
          { requiredKeys: [] },
        ),
        personal: fc.constantFrom('none', 'pseudonym', 'masked'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(narrowings, async (narrowed) => {
        const terms = narrow(TERMS, narrowed, new Map());
        expect(findWider(TERMS, terms)).to.deep.equal([]);
        const number = await grant(house, recipient, { narrowed });
        const counted = await countAnalysis(house, bureauOfficer, number);
        await prepare(house, number, 40);
        const { headings, rows, manifest } = openDelivery(await download(house, number), recipient);
        const [type] = terms.types;
        expect(manifest.files[0]?.columns.map(({ key }) => key)).to.deep.equal([
          ...(type?.common ?? []),
          ...(type?.fields ?? []),
          'mark',
        ]);
        expect(headings).to.have.length((type?.common.length ?? 0) + (type?.fields.length ?? 0) + 1);
        const { statuses, issuedFrom = '', issuingBodies } = terms.filter;
        const expected = licences.filter((row) => {
          const status = statusOn(row, today);
          return (
            row.state === 'issued' &&
            status !== null &&
            (statuses?.includes(status) ?? true) &&
            (row.issuedOn ?? '') >= issuedFrom &&
            (issuingBodies?.includes(row.issuingBody) ?? true) &&
            (type?.where.kind === undefined || row.fields.kind === 'fj')
          );
        });
        const delivered = rows.map((row) => row.电子证照标识 ?? '');
        expect(delivered).to.have.members(expected.map(({ identifier }) => identifier));
        expect([counted.total, manifest.files[0]?.rows]).to.deep.equal([rows.length, rows.length]);
        for (const row of rows) {
          const fact = facts.get(row.电子证照标识 ?? '');
          const status = fact && statusOn(fact, today);
          if (row.证照状态 !== undefined) expect(row.证照状态).to.equal(status && LICENCE_STATUSES[status].zh);
          if (row.工程名称?.includes('=')) expect(row.工程名称).to.match(/^'=/);
          expect(JSON.stringify(row)).to.not.include(CITIZEN);
          if (row.持证主体名称 && terms.personal === 'masked') expect(row.持证主体名称).to.equal('欧**');
        }
      }),
      { numRuns: 6, seed: 7 },
    );
  });

  it('goes on where a crash broke it off, as of the moment at which it began', async () => {
    const number = await grant(house, recipient, { terms: { personal: 'plain' } });
    const broken: TestHouse = {
      ...house,
      cipher: {
        ...house.cipher,
        encrypt: () => {
          throw new Error('power cut');
        },
      },
    };
    await prepareStep(house, number, 17);
    await prepareStep(house, number, 17);
    expect(await messageOf(prepareStep(broken, number, 17))).to.equal('power cut');
    // Meanwhile one of the last is revoked, and one is issued.
    house.time.advance({ minutes: 5 });
    const last = licences.findLast((row) => row.state === 'issued' && statusOn(row, '2026-03-02') === 'valid');
    const [added] = await storeLicences(house, 1, 1000);
    await change(last, 'valid', 'revoked');
    await change(added, null, 'valid');
    while ((await rowOf(number))?.nextType === 0) await prepareStep(house, number, 17);
    let drawn = 0;
    const cutWhilePacking: TestHouse = {
      ...house,
      random: (count) => {
        drawn += 1;
        if (drawn > 2) throw new Error('power cut');
        return house.random(count);
      },
    };
    expect(await messageOf(prepareStep(cutWhilePacking, number))).to.equal('power cut');
    await prepare(house, number);
    expect(await stateOf(number)).to.equal('ready');
    const { rows, names } = openDelivery(await download(house, number), recipient);
    expect(names).to.deep.equal([`${CODE}.csv`, 'manifest.json', 'README.txt']);
    const expected = licences.filter(({ state }) => state === 'issued').map(({ identifier }) => identifier);
    expect(rows.map((row) => row.电子证照标识)).to.have.members(expected);
    expect(rows.find((row) => row.电子证照标识 === last?.identifier)).to.include({
      证照状态: '有效',
      工程名称: '曾用名',
    });
    expect(rows[0]).to.include({ 持证主体名称: '欧阳三', 持证主体代码: CITIZEN });
    // Nothing is left of the lines, nor of what was broken off.
    expect(await partsOf(number)).to.equal(2);
    await house.db.rows.licences.destroy({ where: { id: added?.id ?? '' } });
  });

  it('is whole when two pack it at once', async () => {
    const number = await grant(house, recipient);
    while ((await rowOf(number))?.nextType !== 1) await prepareStep(house, number, 100);
    const stale = (await rowOf(number))?.get();
    if (!stale?.granted) throw new Error('nothing granted');
    await prepareStep(house, number);
    // The other began from the row as it was before.
    await packDelivery(house, stale, stale.granted);
    expect(await stateOf(number)).to.equal('ready');
    expect(openDelivery(await download(house, number), recipient).rows).to.not.deep.equal([]);
    expect(await partsOf(number)).to.equal(2);
  });

  const rowOf = (number: string) => house.db.rows.analyses.findOne({ where: { number } });
  async function change(
    row: LicenceColumns | undefined,
    fromStatus: string | null,
    toStatus: LicenceColumns['status'],
  ) {
    if (!row) throw new Error('no such licence');
    const { changes, licences: table } = house.db.rows;
    const at = house.clock();
    await withTransaction(house.db, async (tx) => {
      await insertRows(house.db, tx, changes, [
        {
          id: house.newId(),
          licenceId: row.id,
          sequence: 2,
          act: fromStatus ? 'revoke' : 'issue',
          fromStatus,
          toStatus: toStatus ?? '',
          actor: 'x',
          legalBasis: null,
          reason: null,
          replaced: fromStatus ? { fields: { projectName: '曾用名' } } : null,
          effectiveAt: at,
          createdAt: at,
        },
      ]);
      await table.update({ status: toStatus }, { where: { id: row.id }, transaction: tx });
    });
  }

  it('is downloaded by the applicant’s body only, exactly as often as granted, each time on record', async () => {
    const number = await grant(house, recipient);
    expect((await faultOf(download(house, number))).code).to.equal('STATE_CONFLICT');
    await prepare(house, number);
    const other = callerWith(['consumer.approver'], OTHER_ISSUER, 'other-approver');
    expect((await faultOf(download(house, number, other))).code).to.equal('NOT_FOUND');
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, () =>
        download(house, number).then(
          (bytes) => bytes.length,
          (error: Fault) => error.code,
        ),
      ),
    );
    const { delivery } = await readAnalysis(house, approver, number);
    expect(outcomes.filter((outcome) => outcome === delivery?.sizeBytes)).to.have.length(3);
    expect(outcomes.filter((outcome) => outcome === 'ANALYSIS_SPENT')).to.have.length(6);
    expect(delivery?.downloads).to.equal(3);
    const entries = await house.db.rows.auditEntries.findAll({
      where: { act: 'analysis.download' },
      order: [['seq', 'ASC']],
    });
    const own = entries.filter(({ details, outcome }) => details.number === number && outcome === 'done');
    expect(own.map(({ details }) => [details.download, details.sm3])).to.deep.equal(
      [1, 2, 3].map((n) => [n, delivery?.sm3]),
    );
    expect(own[0]).to.include({ organisationCode: CONSUMER, purpose: '全市在建工程安全风险分析' });
  });

  it('fails and delivers nothing when more licences fit than were granted', async () => {
    const number = await grant(house, recipient, { narrowed: { mostRows: 50 } });
    await prepare(house, number);
    const view = await readAnalysis(house, approver, number);
    expect([view.state, view.failure, view.delivery]).to.deep.equal(['failed', 'ANALYSIS_TOO_MANY_ROWS', null]);
    await expireAnalyses(house);
    expect(await partsOf(number)).to.equal(0);
  });

  it('ends by the clock or at once by the bureau’s word: nothing is handed out, the bytes go, the record stays', async () => {
    const [kept, revoked, later] = [
      await grant(house, recipient),
      await grant(house, recipient),
      await grant(house, recipient, { terms: { period: { from: '2026-03-05', to: '2026-03-30' } } }),
    ];
    await prepare(house, kept);
    await prepare(house, revoked);
    await revokeAnalysis(house, bureauOfficer, revoked, { reason: '用途不符' });
    expect([await partsOf(kept), await partsOf(revoked)]).to.deep.equal([2, 0]);
    expect((await faultOf(download(house, revoked))).code).to.equal('STATE_CONFLICT');
    house.time.set('2026-03-20T15:59:59.999Z');
    await expireAnalyses(house);
    expect((await download(house, kept)).length).to.be.greaterThan(1000);
    house.time.set('2026-03-20T16:00:00Z');
    // Also before the job has come by.
    expect((await faultOf(download(house, kept))).code).to.equal('ANALYSIS_EXPIRED');
    await expireAnalyses(house);
    expect(await expireAnalyses(house)).to.equal(0);
    expect([await partsOf(kept), await stateOf(kept), await stateOf(later)]).to.deep.equal([0, 'expired', 'granted']);
    const view = await readAnalysis(house, approver, kept);
    expect(view.moves.map(({ state }) => state)).to.deep.equal(['applied', 'granted', 'preparing', 'ready', 'expired']);
    expect(view.delivery?.downloads).to.equal(1);
  });

  it('is known again when rows leak, by the marks, or by their order when the marks are cut off', async () => {
    const terms = { personal: 'pseudonym' as const };
    const [one, another] = [await grant(house, recipient, { terms }), await grant(house, recipient, { terms })];
    await prepare(house, one, 1000);
    await prepare(house, another, 1000);
    const [leak, twin] = [
      openDelivery(await download(house, one), recipient).rows,
      openDelivery(await download(house, another), recipient).rows,
    ];
    expect(leak[0]?.持证主体代码)
      .to.match(/^[0-9a-f]{24}$/)
      .and.not.equal(twin[0]?.持证主体代码);
    const mark = leak[3]?.水印 ?? '';
    const marked = await traceRows(house, bureauOfficer, {
      rows: [{ mark }, { mark: twin[0]?.水印 }, { mark: 'f'.repeat(32) }, { mark, identifier: leak[4]?.电子证照标识 }],
    });
    expect(marked.unknownMarks).to.equal(1);
    expect(marked.grants.map(({ number, marks, moved }) => [number, marks, moved])).to.have.deep.members([
      [one, 2, 1],
      [another, 1, 0],
    ]);
    const cut = leak.slice(5, 60).map((row) => ({ licenceNumber: row.证照编号 }));
    const ordered = await traceRows(house, bureauOfficer, { rows: cut });
    expect(ordered.grants.map(({ number, order }) => [number, order])).to.deep.equal([
      [one, { pairs: 54, inOrder: 54 }],
    ]);
    const sorted = [...cut].sort((a, b) => ((a.licenceNumber ?? '') < (b.licenceNumber ?? '') ? -1 : 1));
    expect((await traceRows(house, bureauOfficer, { rows: sorted })).grants).to.deep.equal([]);
  });

  it('shows a field that names a person, and a resident number wherever it stands, only as holders are shown', async function () {
    this.timeout(60_000);
    const [first, second, third] = licences.filter(({ state }) => state === 'issued');
    const write = (row: LicenceColumns | undefined, fields: Record<string, string>) =>
      house.db.rows.licences.update({ fields }, { where: { id: row?.id ?? '' } });
    await write(first, { projectName: '王小明', address: `联系人 ${CITIZEN}（工地）` });
    await write(second, { projectName: CITIZEN.toLowerCase(), address: `1${CITIZEN}` });
    await write(third, { projectName: '王小明', address: '13800000000' });
    const terms = (personal: AnalysisTerms['personal'], fields: string[]): Partial<AnalysisTerms> => ({
      types: [{ catalogueCode: CODE, common: ['identifier'], fields, where: {} }],
      personal,
    });
    // Granted while nobody had marked the field yet.
    const early = await grant(house, recipient, { terms: terms('none', ['projectName', 'address']) });
    const fields = ENTRY.fields.map((field) =>
      field.key === 'projectName' || field.key === 'kind' ? { ...field, personal: true as const } : field,
    );
    await saveEntry(house, clerk, { ...ENTRY, fields });
    const refused = application(recipient, {
      ...terms('none', []),
      types: [
        { catalogueCode: CODE, common: ['identifier'], fields: ['address', 'projectName'], where: { kind: 'fj' } },
      ],
    });
    expect(pointers(await faultOf(applyForAnalysis(house, approver, refused)))).to.deep.equal([
      '/types/0/fields/1 ANALYSIS_PERSONAL',
      '/types/0/where/kind ANALYSIS_PERSONAL',
    ]);
    const deliver = async (number: string) => {
      await prepare(house, number, 1000);
      const { rows, headings } = openDelivery(await download(house, number), recipient);
      const cells = [first, second, third].map((row) => {
        const found = rows.find((one) => one.电子证照标识 === row?.identifier);
        return [found?.工程名称, found?.建设地址];
      });
      return { cells, headings };
    };
    const hidden = ['联系人 （工地）', `1${CITIZEN}`, '13800000000'];
    expect((await deliver(early)).cells).to.deep.equal(hidden.map((address) => ['', address]));
    const both = ['projectName', 'address'];
    const narrowed = await grant(house, recipient, { terms: terms('masked', both), narrowed: { personal: 'none' } });
    expect((await deliver(narrowed)).headings).to.deep.equal(['电子证照标识', '建设地址', '水印']);
    const masked = await grant(house, recipient, { terms: terms('masked', both) });
    expect((await deliver(masked)).cells).to.deep.equal([
      ['王**', '联系人 9901**********0019（工地）'],
      ['9901**********0019', `1${CITIZEN}`],
      ['王**', '13800000000'],
    ]);
    const plain = await grant(house, recipient, { terms: terms('plain', both) });
    expect((await deliver(plain)).cells[0]).to.deep.equal(['王小明', `联系人 ${CITIZEN}（工地）`]);
    const asked = terms('pseudonym', both);
    const [one, other] = [
      await grant(house, recipient, { terms: asked }),
      await grant(house, recipient, { terms: asked }),
    ];
    const [{ cells }, twin] = [await deliver(one), await deliver(other)];
    expect(cells[0]?.[0])
      .to.match(/^[0-9a-f]{24}$/)
      .and.to.equal(cells[2]?.[0]);
    expect(cells[0]?.[0]).to.not.equal(twin.cells[0]?.[0]);
    // The number of one person has one pseudonym, by itself or inside other words.
    expect(cells[0]?.[1]).to.equal(`联系人 ${cells[1]?.[0]}（工地）`);
  });
});
