/** What every profile of front-end tables must show, on every database. */
import { expect } from 'chai';
import { exchangeStatus } from '../../../exchange/exchange-status.ts';
import { runPass } from '../../../exchange/front-end/run-pass.ts';
import { connectRegistry } from '../../../exchange/registry/ask-registry.ts';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { keepProvinceCodes } from '../../../models/exchange-state/index.ts';
import { saveFrontEnd } from '../../../models/exchange-state/save-front-end.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { DEAD_OWNER } from '../../world/dead-owner.ts';
import type { OpenDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  sealKeeper,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { furnishOther, OTHER_ENTRY, ownIdentifier, saveRule, sealElsewhere } from '../department.ts';
import type { TestMachine } from './test-machine.ts';

type OpenMachine = (url: string, name: string) => Promise<TestMachine>;

export function frontEndSuite(openMachine: OpenMachine, openDatabase: OpenDatabase): void {
  let house: TestHouse;
  let machine: TestMachine;
  let other: TestMachine;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await furnishOther(house);
    machine = await open('zjj', ISSUER);
    other = await open('other', OTHER_ISSUER);
  });

  after(async () => {
    await machine.close();
    await other.close();
    await house.close();
  });

  const open = async (name: string, organisationCode: string) => {
    const url = await openDatabase();
    const opened = await openMachine(url, name);
    await saveFrontEnd(house, bureauOfficer, { name, organisationCode, url, profile: opened.profile, state: 'active' });
    return opened;
  };
  const pass = async (from: TestHouse = house) => {
    const results = await runPass(from);
    const result = results.find(({ frontEnd }) => frontEnd === 'zjj');
    if (!result) throw new Error('no pass');
    return result;
  };
  const newest = async (key: string, of: TestMachine = machine) => (await of.receipts(key)).at(-1);
  const licencesOf = (key: string, of: TestMachine = machine) =>
    house.db.rows.licences.findAll({ where: { sourceKey: of.sourceKey(house, key) }, order: [['id', 'ASC']] });
  const statusOf = async (key: string) => (await licencesOf(key)).at(-1)?.status;

  describe('without a rule of the issuer', () => {
    it('takes a right row, says that a person must review it, and never seals it by itself', async () => {
      await machine.lay('L1', { serial: 1 });
      const { counts } = await pass();
      expect(counts).to.include({ claimed: 1, accepted: 1 });
      expect(await newest('L1')).to.include({ state: 2, code: 'AWAITING_REVIEW' });
      expect(await machine.isTaken('L1')).to.equal(true);
      await pass();
      await pass();
      expect(await house.db.rows.intents.count()).to.equal(0);
    });

    it('writes the identifier into the receipt once a person has reviewed and sealed', async () => {
      const [licence] = await licencesOf('L1');
      await reviewLicence(house, reviewer, licence?.id ?? '', { decision: 'approved' });
      await sealLicence(house, sealKeeper, licence?.id ?? '');
      expect((await pass()).counts.updated).to.equal(1);
      const receipt = await newest('L1');
      expect(receipt).to.include({ state: 2, code: 'ISSUED' });
      expect(receipt?.identifier).to.match(/^1\.2\.156\.3005\.2\./);
    });

    it('tells the reason when a person returned it, and takes the correction', async () => {
      await machine.lay('L2', { serial: 2 });
      await pass();
      const [licence] = await licencesOf('L2');
      await reviewLicence(house, reviewer, licence?.id ?? '', { decision: 'returned', reason: '工程名称有误' });
      await pass();
      const returned = await newest('L2');
      expect(returned).to.include({ state: 3, code: 'RETURNED' });
      expect(returned?.text).to.contain('工程名称有误');
      await machine.lay('L2', { serial: 2, projectName: '样例花园二期' });
      await pass();
      expect(await newest('L2')).to.include({ state: 2, code: 'AWAITING_REVIEW' });
    });

    it('lets newer contents replace those that wait for review', async () => {
      await machine.lay('L2', { serial: 2, projectName: '样例花园二期', address: '样例路3号' });
      await pass();
      const codes = (await machine.receipts('L2')).map(({ code }) => code);
      expect(codes.slice(-2)).to.deep.equal(['SUPERSEDED', 'AWAITING_REVIEW']);
      const submitted = (await licencesOf('L2')).filter(({ state }) => state === 'submitted');
      expect(submitted.map(({ fields }) => fields.address)).to.deep.equal(['样例路3号']);
    });
  });

  describe('under the issuer’s signed rule', () => {
    before(() => saveRule(house));

    it('issues in one pass and answers with the identifier', async () => {
      await machine.lay('R1', { serial: 11 });
      await pass();
      const receipt = await newest('R1');
      expect(receipt).to.include({ state: 2, code: 'ISSUED' });
      const [licence] = await licencesOf('R1');
      expect(licence).to.include({ state: 'issued', source: 'front-end', identifier: receipt?.identifier });
    });

    it('refuses broken rows with every reason and lets the rows beside them through', async () => {
      await machine.lay('G1', { serial: 21 });
      await machine.layBroken('B1', 22);
      await machine.lay('B2', { serial: 23, startOn: '2026-02-30', holderNumber: '123' });
      await machine.lay('G2', { serial: 25 });
      const { counts } = await pass();
      expect(counts).to.include({ accepted: 2, refused: 2 });
      for (const key of ['G1', 'G2']) expect(await newest(key)).to.include({ state: 2, code: 'ISSUED' });
      expect((await newest('B1'))?.text).to.contain('ROW_PAYLOAD_BROKEN');
      const second = await newest('B2');
      expect(second?.state).to.equal(3);
      expect(second?.text).to.contain('DATE_IMPOSSIBLE').and.contain('HOLDER_NUMBER_WRONG');
      for (const key of ['B1', 'B2']) expect(await machine.isTaken(key)).to.equal(true);
    });

    it('takes the correction of a refused row', async () => {
      await machine.lay('B2', { serial: 23, startOn: '2026-02-28' });
      await pass();
      expect(await newest('B2')).to.include({ state: 2, code: 'ISSUED' });
    });

    it('writes lost receipts once more without a second effect', async () => {
      const before = await house.db.rows.licences.count();
      await machine.loseReceipts('R1');
      await pass();
      expect(await newest('R1')).to.include({ state: 2, code: 'ISSUED' });
      expect(await machine.isTaken('R1')).to.equal(true);
      expect(await house.db.rows.licences.count()).to.equal(before);
      expect(await licencesOf('R1')).to.have.length(1);
    });

    it('does nothing when the same is pushed again', async () => {
      const changes = await house.db.rows.changes.count();
      await machine.layAgain('R1');
      await pass();
      expect(await machine.isTaken('R1')).to.equal(true);
      expect(await newest('R1')).to.include({ state: 2, code: 'ISSUED' });
      expect(await house.db.rows.changes.count()).to.equal(changes);
      expect(await licencesOf('R1')).to.have.length(1);
    });

    it('changes the status, again and again, each time once', async () => {
      for (const [state, status] of [
        ['suspended', 'suspended'],
        ['valid', 'valid'],
        ['suspended', 'suspended'],
      ] as const) {
        await machine.layState('R1', state);
        await pass();
        expect(await newest('R1')).to.include({ state: 2, code: 'STATUS_CHANGED' });
        expect(await statusOf('R1')).to.equal(status);
      }
      const [licence] = await licencesOf('R1');
      const acts = await house.db.rows.changes.findAll({
        where: { licenceId: licence?.id ?? '' },
        order: [['sequence', 'ASC']],
      });
      expect(acts.map(({ act }) => act)).to.deep.equal(['issue', 'suspend', 'resume', 'suspend']);
    });

    it('writes the lost receipt of a status change once more without a second effect', async () => {
      const changes = await house.db.rows.changes.count();
      await machine.loseReceipts('R1');
      await pass();
      await pass();
      expect(await machine.isTaken('R1')).to.equal(true);
      expect(await statusOf('R1')).to.equal('suspended');
      expect(await house.db.rows.changes.count()).to.equal(changes);
    });

    it('refuses a move that is not legal, and leaves the licence where it is', async () => {
      await machine.layState('G1', 'void');
      await pass();
      expect(await newest('G1')).to.include({ state: 2, code: 'STATUS_CHANGED' });
      await machine.layState('G1', 'valid');
      await pass();
      expect(await newest('G1')).to.include({ state: 3, code: 'STATE_CONFLICT' });
      expect(await statusOf('G1')).to.equal('voided');
    });

    it('goes on from the licence’s state after a crash between submission and sealing', async () => {
      const failing = { ...house, sealer: { ...house.sealer, seal: () => Promise.reject(new Error('gone')) } };
      await machine.lay('C1', { serial: 31 });
      expect(await pass(failing)).to.have.property('error');
      expect(await machine.isTaken('C1')).to.equal(false);
      await pass();
      expect(await newest('C1')).to.include({ state: 2, code: 'ISSUED' });
      expect(await licencesOf('C1')).to.have.length(1);
    });

    it('applies each row once when two passes run at the same time', async () => {
      for (let serial = 71; serial <= 76; serial += 1) await machine.lay(`T${serial}`, { serial });
      await Promise.all([pass(), pass()]);
      await pass();
      for (let serial = 71; serial <= 76; serial += 1) {
        expect(await newest(`T${serial}`), `T${serial}`).to.include({ state: 2, code: 'ISSUED' });
        expect(await licencesOf(`T${serial}`)).to.have.length(1);
      }
    });

    it('gives back the claims of dead processes and of stuck passes, and leaves those of others', async () => {
      const now = house.clock();
      for (const [index, key] of ['S1', 'S2', 'S3'].entries()) await machine.lay(key, { serial: 81 + index });
      await machine.claimAs('S1', 'another-host:1:1#X', new Date(now.getTime() - 6 * 60_000));
      await machine.claimAs('S2', 'another-host:1:1#X', new Date(now.getTime() - 60_000));
      await machine.claimAs('S3', `${DEAD_OWNER}#X`, now);
      expect((await pass()).counts.released).to.equal(2);
      expect(await newest('S1')).to.include({ state: 2, code: 'ISSUED' });
      expect(await newest('S2')).to.include({ state: 1 });
      expect(await newest('S3')).to.include({ state: 2, code: 'ISSUED' });
    });

    it('speaks for its own body alone', async () => {
      await machine.lay('F1', { serial: 91, catalogueCode: OTHER_ENTRY.code });
      await pass();
      expect(await newest('F1')).to.include({ state: 3 });
      expect((await newest('F1'))?.text).to.contain('其他签发单位');
    });
  });

  describe('with files that the department has sealed itself', () => {
    it('takes the licence with the department’s own file', async () => {
      const identifier = ownIdentifier('A1');
      const { ofd } = await sealElsewhere(house, identifier, 1);
      const file = { format: 'ofd' as const, bytes: ofd, identifier, issuedOn: '2026-03-01' };
      await other.lay('A1', { serial: 1, catalogueCode: OTHER_ENTRY.code }, file);
      await pass();
      expect(await newest('A1', other)).to.include({ state: 2, code: 'ISSUED', identifier });
      const [licence] = await licencesOf('A1', other);
      expect(licence).to.include({ state: 'issued', status: 'valid', issuedOn: '2026-03-01' });
      const files = await house.db.rows.licenceFiles.findAll({ where: { licenceId: licence?.id ?? '' } });
      expect(await house.blobs.get(files[0]?.digest ?? '')).to.deep.equal(ofd);
    });

    it('refuses a file that was altered after sealing, and stores nothing', async () => {
      const identifier = ownIdentifier('A2');
      const { pdf } = await sealElsewhere(house, identifier, 2);
      const altered = Uint8Array.from(pdf);
      const at = Buffer.from(altered).indexOf('stream') + 20;
      altered[at] = (altered[at] ?? 0) ^ 1;
      const file = { format: 'pdf' as const, bytes: altered, identifier, issuedOn: '2026-03-01' };
      await other.lay('A2', { serial: 2, catalogueCode: OTHER_ENTRY.code }, file);
      await pass();
      const receipt = await newest('A2', other);
      expect(receipt).to.include({ state: 3, code: 'FILE_REFUSED' });
      expect(receipt?.text).to.contain('DIGEST_MISMATCH');
      expect(await house.db.rows.licences.count({ where: { identifier } })).to.equal(0);
      await other.lay('A2', { serial: 2, catalogueCode: OTHER_ENTRY.code }, { ...file, bytes: pdf });
      await pass();
      expect(await newest('A2', other)).to.include({ state: 2, code: 'ISSUED', identifier });
    });

    it('tells the department what its licence waits for, and takes it by itself when nothing stands in the way', async () => {
      await saveEntry(house, otherClerk, { ...OTHER_ENTRY, registryComparison: true });
      const identifier = ownIdentifier('A4');
      const { ofd } = await sealElsewhere(house, identifier, 4);
      const file = { format: 'ofd' as const, bytes: ofd, identifier, issuedOn: '2026-03-01' };
      await other.lay('A4', { serial: 4, catalogueCode: OTHER_ENTRY.code }, file);
      const { clock, random } = house;
      const silent = connectRegistry({ url: 'http://127.0.0.1:9', token: 'none', clock, random, timeoutMs: 500 });
      await pass({ ...house, compareWithRegistry: silent.compare });
      const held = await newest('A4', other);
      expect(held).to.include({ state: 0, code: 'REGISTRY_UNAVAILABLE', identifier: null });
      expect(held?.text).to.not.equal('');
      expect(await other.isTaken('A4')).to.equal(false);
      await saveEntry(house, otherClerk, OTHER_ENTRY);
      await pass();
      expect(await newest('A4', other)).to.include({ state: 2, code: 'ISSUED', identifier });
    });

    it('refuses what is not of the format it says', async () => {
      const identifier = ownIdentifier('A3');
      const { ofd } = await sealElsewhere(house, identifier, 3);
      const file = { format: 'pdf' as const, bytes: ofd, identifier, issuedOn: '2026-03-01' };
      await other.lay('A3', { serial: 3, catalogueCode: OTHER_ENTRY.code }, file);
      await pass();
      expect((await newest('A3', other))?.text).to.contain('FILE_NOT_WHAT_IT_SAYS');
    });
  });

  describe('after all that', () => {
    it('tells the department the province’s code of its entry, once', async () => {
      await keepProvinceCodes(house, [{ code: ENTRY.code, provincialCode: 'HN-0001' }]);
      if (machine.profile === 'zhengku') return;
      await pass();
      expect(await machine.provincialCode(ENTRY.code)).to.equal('HN-0001');
      await pass();
      expect(await machine.provincialCode(ENTRY.code)).to.equal('HN-0001');
    });

    it('takes an entry out of use', async () => {
      await other.retire(ENTRY.code);
      await pass();
      expect(await house.db.rows.catalogueEntries.count({ where: { code: ENTRY.code, state: 'retired' } })).to.equal(0);
      await machine.retire(ENTRY.code);
      await pass();
      expect(await house.db.rows.catalogueEntries.count({ where: { code: ENTRY.code, state: 'retired' } })).to.equal(1);
    });

    it('shows what waits and what was refused, and logs by ids only', async () => {
      await machine.lay('W1', { serial: 99 });
      const status = await exchangeStatus(house, bureauOfficer);
      const department = status.departments.find(({ frontEnd }) => frontEnd === 'zjj');
      expect(department?.depth).to.be.at.least(1);
      expect(department?.refused).to.be.at.least(2);
      const entries = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.row' } });
      expect(entries.length).to.be.greaterThan(10);
      expect(JSON.stringify(entries.map(({ details }) => details))).to.not.match(/样例|施字第/);
      expect(await verifyAudit(house)).to.include({ holds: true });
    });
  });
}
