import { expect } from 'chai';
import { answerOnce } from '../../../models/store/idempotency/answer-once.ts';
import { addToOutbox } from '../../../models/store/outbox/add-to-outbox.ts';
import { drainOutbox } from '../../../models/store/outbox/drain-outbox.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { DEAD_OWNER } from '../../world/dead-owner.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

const ELSEWHERE = 'another-host:1:1';

describe('leases of a process that ended', () => {
  let house: TestHouse;
  const inAWhile = () => new Date(house.clock().getTime() + 30_000);

  before(async () => {
    house = await openTestHouse();
  });
  after(() => house.close());

  async function ask(key: string) {
    return answerOnce(house, { callerId: 'a', key, requestDigest: 'd' }, async (remember) => {
      const answer = { status: 200, body: 'done' };
      await withTransaction(house.db, (tx) => remember(tx, answer));
      return answer;
    });
  }

  async function breakOff(key: string, owner: string) {
    const stop = answerOnce(house, { callerId: 'a', key, requestDigest: 'd' }, async () => {
      await house.db.rows.idempotencyKeys.update({ owner, lockedUntil: inAWhile() }, { where: { state: 'open' } });
      throw new Error('killed');
    });
    await stop.catch(() => undefined);
  }

  it('let a repeated request be answered at once', async () => {
    await breakOff('k1', DEAD_OWNER);
    expect(await house.db.rows.idempotencyKeys.count({ where: { state: 'open' } })).to.equal(1);
    expect((await ask('k1')).answer.body).to.equal('done');
  });

  it('are respected where nobody here can tell whether it ended', async () => {
    await breakOff('k2', ELSEWHERE);
    const refused = await ask('k2').catch((error: { code?: string }) => error.code);
    expect(refused).to.equal('IDEMPOTENCY_IN_PROGRESS');
  });

  it('let waiting messages go on at once, unless they are held elsewhere', async () => {
    const send = (subject: string) =>
      withTransaction(house.db, (tx) => addToOutbox(house, tx, { topic: 'test', subject, payload: {} }));
    await send('dead');
    await send('elsewhere');
    const { outbox } = house.db.rows;
    for (const [subject, owner] of [
      ['dead', DEAD_OWNER],
      ['elsewhere', ELSEWHERE],
    ] as const) {
      await outbox.update({ owner, lockedUntil: inAWhile() }, { where: { subject } });
    }
    const seen: string[] = [];
    await drainOutbox(house, 'test', async (turns) => {
      seen.push(...turns.map(({ subject }) => subject));
      return { outcomes: turns.map(() => undefined) };
    });
    expect(seen).to.deep.equal(['dead']);
  });
});
