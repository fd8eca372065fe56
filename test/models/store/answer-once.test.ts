import { expect } from 'chai';
import { answerOnce, type StoredAnswer } from '../../../models/store/idempotency/answer-once.ts';
import type { Tx } from '../../../models/store/with-transaction.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';

eachDatabase('an answer given once', (openDatabase) => {
  let house: TestHouse;
  let keys = 0;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
  });

  after(() => house.close());

  const newRequest = () => {
    keys += 1;
    return { callerId: 'person:1', key: `key ${keys}`, requestDigest: 'd1' };
  };
  const answer: StoredAnswer = { status: 201, body: '{"证照":"𠮷","b":1}' };
  type Keep = (tx: Tx, answer: StoredAnswer) => Promise<void>;

  /** An act that leaves a trace and remembers its answer. */
  const act =
    (trace: string, given = answer) =>
    async (keep: Keep) => {
      await withTransaction(house.db, async (tx) => {
        await house.db.rows.previews.create({ id: trace, digest: 'd' }, { transaction: tx });
        await keep(tx, given);
      });
      return given;
    };
  const happened = (trace: string) => house.db.rows.previews.count({ where: { id: trace } });
  const never = () => Promise.reject(new Error('must not run'));

  it('is replayed byte for byte, and the act is not done again', async () => {
    const request = newRequest();
    expect(await answerOnce(house, request, act('one'))).to.deep.equal({ answer, replayed: false });
    expect(await answerOnce(house, request, never)).to.deep.equal({ answer, replayed: true });
  });

  it('belongs to its caller: another one’s key of the same words is another key', async () => {
    const request = newRequest();
    await answerOnce(house, request, act('mine'));
    const other = { ...request, callerId: 'person:2' };
    expect((await answerOnce(house, other, act('theirs'))).replayed).to.equal(false);
  });

  it('is refused to another request under the same key', async () => {
    const request = newRequest();
    await answerOnce(house, request, act('two'));
    const fault = await faultOf(answerOnce(house, { ...request, requestDigest: 'd2' }, never));
    expect(fault.code).to.equal('IDEMPOTENCY_KEY_REUSED');
  });

  it('is not stored in clear', async () => {
    await answerOnce(house, newRequest(), act('three', { status: 200, body: 'a secret shown once' }));
    const rows = await house.db.rows.idempotencyKeys.findAll();
    expect(JSON.stringify(rows)).to.not.contain('secret shown');
  });

  it('is told to wait while the first request is under way', async () => {
    const request = newRequest();
    const result = await answerOnce(house, request, async (keep) => {
      expect((await faultOf(answerOnce(house, request, never))).code).to.equal('IDEMPOTENCY_IN_PROGRESS');
      return act('four')(keep);
    });
    expect(result.replayed).to.equal(false);
  });

  it('comes of exactly one of many requests at once', async () => {
    const request = newRequest();
    const all = Array.from({ length: 10 }, (_, n) => answerOnce(house, request, act(`many ${n}`)));
    const outcomes = await Promise.allSettled(all);
    const done = outcomes.filter((outcome) => outcome.status === 'fulfilled' && !outcome.value.replayed);
    expect(done).to.have.length(1);
    expect(
      await house.db.rows.previews.count({ where: { id: Array.from({ length: 10 }, (_, n) => `many ${n}`) } }),
    ).to.equal(1);
  });

  it('frees the key when the act was refused, and leaves nothing of it', async () => {
    const request = newRequest();
    const failing = async (keep: Keep) => {
      await withTransaction(house.db, async (tx) => {
        await house.db.rows.previews.create({ id: 'half', digest: 'd' }, { transaction: tx });
        await keep(tx, answer);
        throw new Error('refused at the end');
      });
      return answer;
    };
    await answerOnce(house, request, failing).then(
      () => expect.fail('it should have thrown'),
      (error: Error) => expect(error.message).to.equal('refused at the end'),
    );
    expect(await happened('half')).to.equal(0);
    expect((await answerOnce(house, request, act('again'))).replayed).to.equal(false);
  });

  it('may be given by another request once the lease has ended, and the slow act then leaves nothing', async () => {
    const request = newRequest();
    const slow = answerOnce(house, request, async (keep) => {
      house.time.advance({ seconds: 61 });
      expect((await answerOnce(house, request, act('quick'))).replayed).to.equal(false);
      return act('slow')(keep);
    });
    expect((await faultOf(slow)).code).to.equal('IDEMPOTENCY_IN_PROGRESS');
    expect(await happened('quick')).to.equal(1);
    expect(await happened('slow')).to.equal(0);
    expect(await answerOnce(house, request, never)).to.deep.equal({ answer, replayed: true });
  });

  it('does not lose its key to a slow act that fails after it was taken over', async () => {
    const request = newRequest();
    await answerOnce(house, request, async () => {
      house.time.advance({ seconds: 61 });
      await answerOnce(house, request, async (keep) => {
        await answerOnce(house, request, never).catch(() => undefined);
        return act('taker')(keep);
      });
      throw new Error('too slow');
    }).catch(() => undefined);
    expect((await answerOnce(house, request, never)).replayed).to.equal(true);
  });
});
