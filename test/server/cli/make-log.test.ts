import { expect } from 'chai';
import { findOrAddHolder } from '../../../models/holder/find-or-add-holder.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { makeLog } from '../../../server/cli/make-log.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { CITIZEN } from '../../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

interface Line {
  readonly error: {
    readonly name: string;
    readonly code?: string;
    readonly at: readonly string[];
    readonly cause?: Line['error'];
  };
}

function openLog() {
  const lines: string[] = [];
  const log = makeLog('info', { write: (line) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Line };
}

eachDatabase('a log line of a failing database', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  it('tells what failed and where, but no name, no number, no statement', async () => {
    const { log, lines, last } = openLog();
    const holder = { name: '欧阳测试', type: 'natural', number: CITIZEN } as const;
    await withTransaction(house.db, (tx) => findOrAddHolder(house, tx, holder));
    const row = await house.db.rows.holders.findOne();
    const again = house.db.rows.holders.create({ ...row?.get(), numberCipher: CITIZEN });
    const error = await again.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(error).to.be.instanceOf(Error);
    log.error({ error, requestId: 'test' }, 'request failed');
    log.error({ error: new Fault('INTERNAL', { cause: error }) }, 'request failed');
    const text = lines.join('\n');
    for (const told of ['欧阳', CITIZEN, 'INSERT', 'VALUES', String(row?.id), String(row?.numberIndex)])
      expect(text).to.not.include(told);
    expect(text).to.include('"requestId":"test"');
    expect(last().error).to.include({ name: 'Fault', code: 'INTERNAL' });
    expect(last().error.cause?.name).to.equal('SequelizeUniqueConstraintError');
    expect(last().error.cause?.cause?.code).to.be.a('string');
  });
});

describe('a log line of an error', () => {
  it('names our own lines of code, and no words of the error', () => {
    const { log, lines, last } = openLog();
    const thrown = new TypeError('张三\n    at 4101', { cause: new Error(CITIZEN) });
    log.error({ error: thrown }, 'failed');
    expect(lines.join()).to.not.match(/张三|4101/);
    expect(last().error.at[0]).to.match(/^test\/server\/cli\/make-log\.test\.ts:\d+$/);
    expect(JSON.stringify(last())).to.not.include('node_modules');
  });

  it('leaves plain facts as they are', () => {
    const { log, last } = openLog();
    log.warn({ error: 'ECONNREFUSED' }, 'down');
    expect(last().error).to.equal('ECONNREFUSED');
  });
});
