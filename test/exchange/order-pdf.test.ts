import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openOrderDocument } from '../../exchange/index.ts';
import { closeCase } from '../../models/deadline/close-case.ts';
import { houseCaller } from '../../models/house.ts';
import { issueOrder, listFindings, supervise } from '../../models/supervision/index.ts';
import { faultOf } from '../models/fault-of.ts';
import { requireProgram } from '../world/programs.ts';
import { clerk, ENTRY, ISSUER, openFurnishedHouse, otherClerk } from '../world/sample-entry.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { callerWith, type TestHouse } from '../world/test-house.ts';

describe('a rectification order as PDF', () => {
  const folder = temporaryFolder();
  const supervisor = callerWith(['bureau.supervisor'], null, 'supervisor');
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse();
  });

  after(async () => {
    await house.close();
    folder.remove();
  });

  it('says number, unit, persons, every finding with its article, the demand and the limit, signed', async function () {
    this.timeout(60_000);
    const closedAt = '2026-01-05T09:00:00+08:00';
    const rest = { catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '现场无网络', closedAt } as const;
    house.time.set('2026-03-02T01:00:00Z');
    for (let at = 1; at <= 30; at += 1) await closeCase(house, clerk, { caseNumber: `案-${at}`, ...rest });
    await supervise(house, houseCaller('clock'));
    const { items } = await listFindings(house, supervisor, { kind: 'case-late', limit: 200 });
    const findings = items.map(({ findingId }) => findingId);
    const demand = `补推全部逾期证照，{逐件}说明原因；${'建立每日核对办件与证照的制度，'.repeat(20)}\n书面报送整改情况。`;
    const order = { organisationCode: ISSUER, findings, persons: ['王一'], demand, workingDays: 2 };
    const { orderId, number } = await issueOrder(house, supervisor, order);
    expect((await faultOf(openOrderDocument(house, otherClerk, orderId))).code).to.equal('NOT_FOUND');
    const bytes = await openOrderDocument(house, clerk, orderId);
    house.time.advance({ hours: 1 });
    expect(Buffer.compare(await openOrderDocument(house, supervisor, orderId), bytes)).to.equal(0);
    const path = join(folder.path, 'order.pdf');
    writeFileSync(path, bytes);
    const raw = execFileSync(requireProgram(this, 'pdftotext'), ['-layout', path, '-'], { encoding: 'utf8' });
    const text = raw.replaceAll(/\s/g, '');
    for (let at = 1; at <= 30; at += 1) expect(text).to.include(`：案-${at}，自2026-01-07起，违反第十一条第二款。`);
    for (const words of [
      number,
      '样例市城乡建设局：',
      '办公室',
      '王一（经办）',
      '至2026-03-04止',
      '书面报送整改情况。',
    ])
      expect(text).to.include(words.replaceAll(/\s/g, ''));
    expect(text).to.match(/第2页，共[23]页/);
    expect(Buffer.from(bytes).toString('latin1')).to.match(/\/ByteRange/);
    await house.db.rows.findings.update({ endedBy: 'withdrawn' }, { where: { id: findings[0] ?? '' } });
    writeFileSync(path, await openOrderDocument(house, clerk, orderId));
    const marked = execFileSync(requireProgram(this, 'pdftotext'), ['-layout', path, '-'], {
      encoding: 'utf8',
    }).replaceAll(/\s/g, '');
    expect(marked).to.include('违反第十一条第二款（已撤销，不再要求整改）。');
    expect(await house.db.rows.orderDocuments.count({ where: { orderId, signed: true } })).to.equal(2);
  });

  it('is kept unsigned, and not drawn anew at each reading, while the key may not be used more often', async function () {
    this.timeout(60_000);
    const { keys, orderDocuments, orders } = house.db.rows;
    const [order] = await orders.findAll();
    const read = () => openOrderDocument(house, clerk, order?.id ?? '');
    const repository = { purpose: 'repository', algorithm: 'RSA' } as const;
    await orderDocuments.destroy({ where: {} });
    await keys.update({ maxUses: 0 }, { where: repository });
    const unsigned = await read();
    expect(Buffer.from(unsigned).toString('latin1')).to.not.match(/\/ByteRange/);
    house.time.advance({ hours: 1 });
    await orderDocuments.update({ drawnAt: house.clock() }, { where: {} });
    house.time.advance({ hours: 1 });
    expect(Buffer.compare(await read(), unsigned)).to.equal(0);
    const [kept] = await orderDocuments.findAll();
    expect(kept?.drawnAt).to.be.below(house.clock());
    await keys.update({ maxUses: null }, { where: repository });
    expect(Buffer.from(await read()).toString('latin1')).to.match(/\/ByteRange/);
  });
});
