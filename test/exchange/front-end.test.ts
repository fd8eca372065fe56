import { expect } from 'chai';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { verifyAudit } from '../../models/audit/verify-audit.ts';
import { saveFrontEnd } from '../../models/exchange-state/save-front-end.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { DEAD_OWNER } from '../world/dead-owner.ts';
import { eachDatabase } from '../world/each-database.ts';
import {
  bureauOfficer,
  COMPANY,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  reviewer,
  sealKeeper,
} from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, saveRule } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('a front-end machine', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    ({ house, department } = world);
  });
  after(() => world.close());

  const licences = () => house.db.rows.licences.findAll();

  it('is registered by the bureau alone, for a body that issues', async () => {
    const input = { name: 'x', organisationCode: ISSUER, url: 'sqlite:x', state: 'active' as const };
    expect(await codeOf(saveFrontEnd(house, clerk, input))).to.equal('FORBIDDEN');
    expect(await codeOf(saveFrontEnd(house, bureauOfficer, { ...input, organisationCode: CONSUMER }))).to.equal(
      'NOT_FOUND',
    );
    expect(await codeOf(runPass(house, 'x'))).to.equal('NOT_FOUND');
  });

  it('keeps its address encrypted', async () => {
    const row = await house.db.rows.frontEnds.findByPk('zjj');
    expect(row?.urlCipher).to.not.match(/sqlite|mysql/);
  });

  describe('without a rule of the issuer', () => {
    it('takes a right row and says that a person must review it', async () => {
      await department.push('zk_licence', { business_key: 'L1', ...licenceColumns(1) });
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ claimed: 1, accepted: 1 });
      const row = await department.read('zk_licence', 'L1');
      expect(row).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      expect((await licences()).map(({ state }) => state)).to.deep.equal(['submitted']);
    });

    it('never seals what nobody reviewed, however often it passes', async () => {
      await runPass(house);
      await runPass(house);
      expect(await house.db.rows.intents.count()).to.equal(0);
      expect((await licences()).map(({ state }) => state)).to.deep.equal(['submitted']);
    });

    it('writes the identifier into the receipt once a person has reviewed and sealed', async () => {
      const [licence] = await licences();
      await reviewLicence(house, reviewer, licence?.id ?? '', { decision: 'approved' });
      await sealLicence(house, sealKeeper, licence?.id ?? '');
      const [result] = await runPass(house);
      expect(result?.counts.updated).to.equal(1);
      const row = await department.read('zk_licence', 'L1');
      expect(row).to.include({ state: 2, receipt_code: 'ISSUED' });
      expect(row.licence_identifier).to.match(/^1\.2\.156\.3005\.2\./);
    });

    it('tells the reason when a person returned it, and takes the corrected revision', async () => {
      await department.push('zk_licence', { business_key: 'L2', ...licenceColumns(2) });
      await runPass(house);
      const row = await house.db.rows.licences.findOne({ where: { sourceKey: 'zjj/L2' } });
      await reviewLicence(house, reviewer, row?.id ?? '', { decision: 'returned', reason: '工程名称有误' });
      await runPass(house);
      const returned = await department.read('zk_licence', 'L2');
      expect(returned).to.include({ state: 3, receipt_code: 'RETURNED' });
      expect(returned.receipt_text).to.contain('工程名称有误');
      await department.push('zk_licence', { business_key: 'L2', revision: 2, ...licenceColumns(2) });
      await runPass(house);
      expect(await department.read('zk_licence', 'L2', 2)).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
    });

    it('lets a higher revision replace one that waits for review', async () => {
      await department.push('zk_licence', {
        business_key: 'L2',
        revision: 3,
        ...licenceColumns(2, { address: '样例路3号' }),
      });
      await runPass(house);
      expect(await department.read('zk_licence', 'L2', 3)).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      expect(await department.read('zk_licence', 'L2', 2)).to.include({ state: 3, receipt_code: 'SUPERSEDED' });
      const rows = await house.db.rows.licences.findAll({ where: { sourceKey: 'zjj/L2', state: 'submitted' } });
      expect(rows.map(({ fields }) => fields.address)).to.deep.equal(['样例路3号']);
    });

    it('applies nothing older, nor the same once more, after a revision was returned', async () => {
      const stateOf = async () => {
        const rows = await house.db.rows.licences.findAll({ where: { sourceKey: 'zjj/L3' }, order: [['id', 'ASC']] });
        return rows.map(({ state, fields }) => [state, fields.address]);
      };
      const old = { business_key: 'L3', revision: 1, ...licenceColumns(3, { address: '旧' }) };
      const newer = { business_key: 'L3', revision: 2, ...licenceColumns(3, { address: '新' }) };
      await department.push('zk_licence', old);
      await department.push('zk_licence', newer);
      await runPass(house);
      const open = await house.db.rows.licences.findOne({ where: { sourceKey: 'zjj/L3', state: 'submitted' } });
      await reviewLicence(house, reviewer, open?.id ?? '', { decision: 'returned', reason: '缺材料' });
      await runPass(house);
      const before = await stateOf();
      for (const late of [old, newer]) await department.push('zk_licence', late);
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 0, refused: 1, replayed: 1 });
      expect(await department.read('zk_licence', 'L3', 1)).to.include({ state: 3, receipt_code: 'ROW_OUT_OF_ORDER' });
      const again = await department.read('zk_licence', 'L3', 2);
      expect(again).to.include({ state: 3, receipt_code: 'RETURNED' });
      expect(again.receipt_text).to.contain('缺材料');
      expect(await stateOf()).to.deep.equal(before);
    });
  });

  describe('under the issuer’s signed rule', () => {
    before(() => saveRule(house));

    it('issues in one pass and answers with the identifier', async () => {
      await department.push('zk_licence', { business_key: 'R1', ...licenceColumns(11) });
      await runPass(house);
      const row = await department.read('zk_licence', 'R1');
      expect(row).to.include({ state: 2, receipt_code: 'ISSUED' });
      const licence = await house.db.rows.licences.findOne({ where: { sourceKey: 'zjj/R1' } });
      expect(licence).to.include({ state: 'issued', source: 'front-end', identifier: row.licence_identifier });
    });

    it('refuses broken rows with every reason and lets the rows beside them through', async () => {
      await department.push('zk_licence', { business_key: 'G1', ...licenceColumns(21) });
      await department.push('zk_licence', { business_key: 'B1', ...licenceColumns(22), holders: '[{"name":' });
      await department.push('zk_licence', {
        business_key: 'B2',
        ...licenceColumns(23, { startOn: '2026-02-30', kind: 'zz' }),
        valid_to: '2026-02-31',
        closed_at: '2026-02-30 09:00:00',
      });
      await department.push('zk_licence', { business_key: 'B3', operation: 'delete', ...licenceColumns(24) });
      await department.push('zk_licence', { business_key: 'G2', ...licenceColumns(25) });
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 2, refused: 3 });
      expect(await department.read('zk_licence', 'G1')).to.include({ state: 2, receipt_code: 'ISSUED' });
      expect(await department.read('zk_licence', 'G2')).to.include({ state: 2, receipt_code: 'ISSUED' });
      const broken = await department.read('zk_licence', 'B1');
      expect(broken).to.include({ state: 3, receipt_code: 'ROW_PAYLOAD_BROKEN' });
      expect(broken.receipt_text).to.contain('holders ').and.contain('ROW_PAYLOAD_BROKEN');
      const impossible = await department.read('zk_licence', 'B2');
      expect(impossible).to.include({ state: 3, receipt_code: 'REQUEST_INVALID' });
      expect(impossible.receipt_text)
        .to.contain('\nfields.startOn 日期不存在')
        .and.contain('\nfields.kind ')
        .and.contain('\nvalid_to 日期不存在')
        .and.contain('\nclosed_at 日期不存在（DATE_IMPOSSIBLE）');
      expect(await department.read('zk_licence', 'B3')).to.include({ state: 3, receipt_code: 'ROW_OPERATION_UNKNOWN' });
    });

    it('writes a lost receipt once more without a second effect', async () => {
      const before = await house.db.rows.licences.count();
      const first = await department.read('zk_licence', 'R1');
      await department.connection.execute(
        "UPDATE zk_licence SET state = 0, receipt_code = NULL, receipt_text = NULL WHERE business_key = 'R1'",
      );
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ replayed: 1, accepted: 0 });
      const again = await department.read('zk_licence', 'R1');
      expect(again).to.include({ state: 2, receipt_code: 'ISSUED', receipt_text: first.receipt_text });
      expect(await house.db.rows.licences.count()).to.equal(before);
    });

    it('goes on from the licence’s state after a crash between submission and sealing', async () => {
      const failing = {
        ...house,
        sealer: { ...house.sealer, seal: () => Promise.reject(new Error('gone')) },
      };
      await department.push('zk_licence', { business_key: 'C1', ...licenceColumns(31) });
      const [crashed] = await runPass(failing);
      expect(crashed).to.deep.include({ error: 'Error' });
      expect(await department.read('zk_licence', 'C1')).to.include({ state: 0 });
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ replayed: 1 });
      expect(await department.read('zk_licence', 'C1')).to.include({ state: 2, receipt_code: 'ISSUED' });
      expect(await house.db.rows.licences.count({ where: { sourceKey: 'zjj/C1' } })).to.equal(1);
    });

    it('leaves only the row that an error of the house has hit, and finishes the others', async () => {
      let calls = 0;
      const seal: TestHouse['sealer']['seal'] = (task) => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('no space')) : house.sealer.seal(task);
      };
      await department.push('zk_licence', { business_key: 'E1', ...licenceColumns(41) });
      await department.push('zk_licence', { business_key: 'E2', ...licenceColumns(42) });
      const [result] = await runPass({ ...house, sealer: { ...house.sealer, seal } });
      expect(result?.counts).to.include({ deferred: 1, accepted: 1 });
      await runPass(house);
      for (const key of ['E1', 'E2'])
        expect(await department.read('zk_licence', key)).to.include({ state: 2, receipt_code: 'ISSUED' });
    });

    it('takes revisions in their order, whatever order they were written in', async () => {
      await department.push('zk_licence', {
        ...{ business_key: 'O1', revision: 2, operation: 'status' },
        ...{ status_act: 'suspend', legal_basis: '行政许可法', reason: '整改' },
      });
      await department.push('zk_licence', { business_key: 'O1', revision: 1, ...licenceColumns(51) });
      await runPass(house);
      expect(await department.read('zk_licence', 'O1', 1)).to.include({ state: 2, receipt_code: 'ISSUED' });
      const status = await department.read('zk_licence', 'O1', 2);
      expect(status).to.include({ state: 2, receipt_code: 'STATUS_CHANGED' });
      const licence = await house.db.rows.licences.findOne({ where: { sourceKey: 'zjj/O1' } });
      expect(licence?.status).to.equal('suspended');
    });

    it('refuses a revision older than one applied', async () => {
      await department.push('zk_licence', { business_key: 'O1', revision: 1, ...licenceColumns(51) });
      await runPass(house);
      expect(await department.read('zk_licence', 'O1', 1)).to.include({ state: 3, receipt_code: 'ROW_OUT_OF_ORDER' });
    });

    it('refuses an illegal move and other contents of an issued licence, and confirms the same contents', async () => {
      await department.push('zk_licence', {
        ...{ business_key: 'R1', revision: 2, operation: 'status' },
        ...{ status_act: 'resume', legal_basis: '行政许可法', reason: '无' },
      });
      await department.push('zk_licence', {
        business_key: 'R1',
        revision: 3,
        ...licenceColumns(11, { address: '别处' }),
      });
      await department.push('zk_licence', { business_key: 'R1', revision: 4, ...licenceColumns(11) });
      await runPass(house);
      expect(await department.read('zk_licence', 'R1', 2)).to.include({ state: 3, receipt_code: 'STATE_CONFLICT' });
      expect(await department.read('zk_licence', 'R1', 3)).to.include({ state: 3, receipt_code: 'FACE_DATA_CHANGED' });
      expect(await department.read('zk_licence', 'R1', 4)).to.include({ state: 2, receipt_code: 'ISSUED' });
      expect(await house.db.rows.licences.count({ where: { sourceKey: 'zjj/R1' } })).to.equal(1);
    });

    it('refuses an act that takes something from the holder without the rule it rests on, and takes it corrected', async () => {
      const act = (revision: number, more: Readonly<Record<string, string>>) =>
        department.push('zk_licence', {
          ...{ business_key: 'R1', revision, operation: 'status', reason: '整改' },
          ...more,
        });
      await act(5, { status_act: 'suspend' });
      await act(6, { status_act: 'suspend', legal_basis: '行政许可法' });
      await act(7, { status_act: 'resume' });
      await runPass(house);
      const refused = await department.read('zk_licence', 'R1', 5);
      expect(refused).to.include({ state: 3, receipt_code: 'FIELD_REQUIRED' });
      expect(refused.receipt_text).to.contain('legal_basis ');
      for (const revision of [6, 7])
        expect(await department.read('zk_licence', 'R1', revision)).to.include({ receipt_code: 'STATUS_CHANGED' });
    });

    it('changes no licence when key and identifier name two', async () => {
      const { licence_identifier: other } = await department.read('zk_licence', 'G1');
      await department.push('zk_licence', {
        ...{ business_key: 'G2', revision: 2, operation: 'status', identifier: String(other) },
        ...{ status_act: 'suspend', legal_basis: '行政许可法', reason: '整改' },
      });
      await runPass(house);
      const refused = await department.read('zk_licence', 'G2', 2);
      expect(refused).to.include({ state: 3, receipt_code: 'STATE_CONFLICT' });
      expect(refused.receipt_text).to.contain('\nidentifier ');
      const rows = await house.db.rows.licences.findAll({ where: { sourceKey: ['zjj/G1', 'zjj/G2'] } });
      expect(rows.map(({ status }) => status)).to.deep.equal(['valid', 'valid']);
    });

    it('issues a new version in the place of the licence that a row names, and names every column that is wrong', async () => {
      const { licence_identifier: former } = await department.read('zk_licence', 'G1');
      const succession = {
        ...{ succeeds: String(former), succession_act: 'amend', succession_reason: '建设单位更名' },
        succession_basis: '行政许可法第四十九条',
      };
      const facts = licenceColumns(21, { address: '新址' });
      const other = licenceColumns(29);
      await department.push('zk_licence', { business_key: 'V1', ...facts, ...succession });
      await department.push('zk_licence', {
        business_key: 'V2',
        ...other,
        succeeds: '无此证',
        succession_act: 'extend',
      });
      await department.push('zk_licence', { business_key: 'V3', ...other, succession_reason: '更名' });
      await runPass(house);
      const issued = await department.read('zk_licence', 'V1');
      expect(issued, String(issued.receipt_text)).to.include({ state: 2, receipt_code: 'ISSUED' });
      const version = await house.db.rows.licences.findOne({ where: { sourceKey: 'zjj/V1' } });
      expect(version).to.include({ status: 'valid', successionAct: 'amend', successionReason: '建设单位更名' });
      expect(version?.licenceNumber).to.equal(
        (JSON.parse(String(facts.fields)) as { licenceNumber: string }).licenceNumber,
      );
      const before = await house.db.rows.licences.findByPk(version?.predecessorId ?? '');
      expect(before).to.include({ identifier: former, status: 'superseded' });
      // The former's row keeps the receipt of its own issue.
      expect(await department.read('zk_licence', 'G1')).to.include({ state: 2, receipt_code: 'ISSUED' });
      const wrong = await department.read('zk_licence', 'V2');
      expect(wrong).to.include({ state: 3 });
      expect(wrong.receipt_text).to.contain('\nsuccession_act ').and.contain('\nsuccession_reason ');
      expect((await department.read('zk_licence', 'V3')).receipt_text)
        .to.contain('\nsucceeds ')
        .and.contain('\nsuccession_act ')
        .and.contain('FIELD_REQUIRED');
      await department.push('zk_licence', { business_key: 'V1', revision: 2, ...facts, ...succession });
      await department.push('zk_licence', { business_key: 'V4', ...other, ...succession });
      await department.push('zk_licence', { business_key: 'G2', revision: 3, ...licenceColumns(25), ...succession });
      await runPass(house);
      expect(await department.read('zk_licence', 'V1', 2)).to.include({ state: 2, receipt_code: 'ISSUED' });
      const taken = await department.read('zk_licence', 'V4');
      expect(taken).to.include({ state: 3 });
      expect(taken.receipt_text).to.contain('succeeds ').and.contain('SUCCESSION_OPEN');
      // Of its own key it would be a correction of what is sealed.
      const own = await department.read('zk_licence', 'G2', 3);
      expect(own).to.include({ state: 3, receipt_code: 'FACE_DATA_CHANGED' });
      expect(own.receipt_text).to.contain('\nsucceeds ').and.contain('business_key');
    });

    it('numbers rows without a number, many at once, each its own', async () => {
      const { holders, catalogue_code } = licenceColumns(0) as { holders: string; catalogue_code: string };
      for (let at = 0; at < 6; at += 1) {
        const fields = JSON.stringify({ projectName: `样例无号${at}` });
        await department.push('zk_licence', { business_key: `N${at}`, catalogue_code, holders, fields });
      }
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 6, refused: 0 });
    });
  });

  describe('whatever the row is about', () => {
    it('takes entries before the licences issued under them, and closing notices before the licences that meet them', async () => {
      const code = `${ISSUER}002`;
      const row = {
        ...licenceColumns(61),
        catalogue_code: code,
        case_number: 'AJ-61',
        closed_at: '2026-03-02 08:00:00',
      };
      await department.push('zk_licence', { business_key: 'K1', ...row });
      await department.push('zk_catalogue', { business_key: code, definition: JSON.stringify({ ...ENTRY, code }) });
      const notice = {
        catalogue_code: code,
        mode: 'offline',
        offline_reason: '无网络',
        closed_at: '2026-03-02T08:00:00+08:00',
      };
      await department.push('zk_case', { business_key: 'AJ-61', case_number: 'AJ-61', ...notice });
      await runPass(house);
      expect(await department.read('zk_catalogue', code)).to.include({ state: 2, receipt_code: 'ACCEPTED' });
      expect(await department.read('zk_case', 'AJ-61')).to.include({ state: 2, receipt_code: 'ACCEPTED' });
      expect(await department.read('zk_licence', 'K1')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      const met = await house.db.rows.cases.findOne({ where: { caseNumber: 'AJ-61' } });
      expect(met?.licenceId).to.be.a('string');
      expect(met?.source).to.equal('front-end');
    });

    it('names the columns of a closing notice, and a closing time that does not exist', async () => {
      const notice = { catalogue_code: ENTRY.code, mode: 'batch', closed_at: '2026-02-30 09:00:00' };
      await department.push('zk_case', { business_key: 'AJ-62', ...notice });
      await runPass(house);
      const row = await department.read('zk_case', 'AJ-62');
      expect(row).to.include({ state: 3, receipt_code: 'REQUEST_INVALID' });
      expect(String(row.receipt_text).split('\n').slice(1)).to.have.members([
        'closed_at 日期不存在（DATE_IMPOSSIBLE）',
        'case_number 必填项缺失（FIELD_REQUIRED）',
      ]);
    });

    it('applies each row once when two passes run at the same time', async () => {
      for (let serial = 71; serial <= 76; serial += 1)
        await department.push('zk_licence', { business_key: `T${serial}`, ...licenceColumns(serial) });
      const passes = await Promise.all([runPass(house), runPass(house)]);
      const accepted = passes.flat().reduce((sum, { counts }) => sum + counts.accepted, 0);
      await runPass(house);
      for (let serial = 71; serial <= 76; serial += 1) {
        expect(await department.read('zk_licence', `T${serial}`)).to.include({ state: 2, receipt_code: 'ISSUED' });
        expect(await house.db.rows.licences.count({ where: { sourceKey: `zjj/T${serial}` } })).to.equal(1);
      }
      expect(accepted).to.be.at.most(6);
    });

    it('finds a row that becomes visible late, with a lower number than rows answered before', async () => {
      await department.push('zk_query', { row_id: 900, business_key: 'V2' });
      await runPass(house);
      await department.push('zk_query', { row_id: 899, business_key: 'V1' });
      await runPass(house);
      expect(await department.read('zk_query', 'V1')).to.include({ state: 3 });
    });

    it('speaks for its own body alone', async () => {
      const code = `${OTHER_ISSUER}009`;
      const definition = { ...ENTRY, code, issuingBody: OTHER_ISSUER, providingBody: OTHER_ISSUER };
      await department.push('zk_catalogue', { business_key: code, definition: JSON.stringify(definition) });
      await runPass(house);
      expect(await department.read('zk_catalogue', code)).to.include({ state: 3, receipt_code: 'FOREIGN_ISSUER' });
    });

    it('refuses consumers’ questions plainly', async () => {
      await department.push('zk_query', {
        business_key: 'Q1',
        case_number: 'AJ',
        holder_type: 'legal',
        holder_number: COMPANY,
      });
      await runPass(house);
      expect(await department.read('zk_query', 'Q1')).to.include({ state: 3, receipt_code: 'QUERY_NOT_ANSWERED' });
    });

    it('gives back the claims of dead processes and of stuck passes, and leaves those of others', async () => {
      const claim = (key: string, owner: string, at: string) =>
        department.connection.execute(
          `UPDATE zk_query SET state = 1, receipt_code = NULL, claimed_by = ?, claimed_at = ? WHERE business_key = ?`,
          [owner, at, key],
        );
      for (const key of ['S1', 'S2', 'S3']) await department.push('zk_query', { business_key: key });
      const text = (at: Date) =>
        department.connection.dialect === 'mysql'
          ? at.toISOString().replace('T', ' ').replace('Z', '')
          : at.toISOString();
      const now = house.clock();
      await claim('S1', 'another-host:1:1#X', text(new Date(now.getTime() - 6 * 60_000)));
      await claim('S2', 'another-host:1:1#X', text(new Date(now.getTime() - 60_000)));
      // a process of this host that ran once and is gone
      await claim('S3', `${DEAD_OWNER}#X`, text(now));
      const [result] = await runPass(house);
      expect(result?.counts.released).to.equal(2);
      expect(await department.read('zk_query', 'S1')).to.include({ state: 3 });
      expect(await department.read('zk_query', 'S2')).to.include({ state: 1 });
      expect(await department.read('zk_query', 'S3')).to.include({ state: 3 });
    });

    it('logs every answered row by ids only, and the log holds', async () => {
      const entries = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.row' } });
      expect(entries.length).to.be.greaterThan(10);
      expect(JSON.stringify(entries.map(({ details }) => details))).to.not.match(/样例|施字第/);
      expect(await verifyAudit(house)).to.include({ holds: true });
    });
  });
});

const codeOf = (act: Promise<unknown>): Promise<string | undefined> =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
