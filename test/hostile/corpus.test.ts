import { expect } from 'chai';
import { seededRandom } from '../bench/fresh-characters.ts';
import { requireProgram } from '../world/programs.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { badCases, type CorpusWorld, goodCases, makeCorpusWorld } from './corpus/corpus.ts';
import { goodByPrograms } from './corpus/good-by-programs.ts';
import { faultOfBad, faultOfGood } from './corpus/judge-corpus.ts';

/** All of `npm run campaign:corpus`. */
describe('the corpus of altered and genuine files', () => {
  let world: CorpusWorld;

  before(async function () {
    this.timeout(60_000);
    world = await makeCorpusWorld();
  });

  it('holds 500 altered ones and more, each refused and blamed on the right check', function () {
    this.timeout(120_000);
    this.slow(30_000);
    const wrong: string[] = [];
    const names = new Set<string>();
    let count = 0;
    for (const one of badCases(world, { random: seededRandom(7) })) {
      count += 1;
      names.add(`${one.family}: ${one.name}`);
      const fault = faultOfBad(one);
      if (fault !== undefined) wrong.push(`${one.family}: ${one.name}: ${fault}`);
    }
    expect(wrong).to.deep.equal([]);
    expect(names.size, 'no alteration is counted twice').to.equal(count);
    expect(count).to.be.at.least(500);
  });

  it('holds 200 genuine ones and more, none of which gives a false alarm', async function () {
    this.timeout(120_000);
    this.slow(30_000);
    const wrong: string[] = [];
    const names = new Set<string>();
    let count = 0;
    for await (const one of goodCases(world)) {
      count += 1;
      names.add(`${one.family}: ${one.name}`);
      const fault = faultOfGood(one);
      if (fault !== undefined) wrong.push(`${one.family}: ${one.name}: ${fault}`);
    }
    expect(wrong).to.deep.equal([]);
    expect(names.size, 'no file is counted twice').to.equal(count);
    expect(count).to.be.at.least(200);
  });

  it('holds what OpenSSL signed, qpdf wrote and Python packed, without a false alarm', async function () {
    this.timeout(60_000);
    this.slow(20_000);
    const [openssl, qpdf, python3] = ['openssl', 'qpdf', 'python3'].map((name) => requireProgram(this, name));
    const folder = temporaryFolder();
    const wrong: string[] = [];
    let count = 0;
    for await (const one of goodByPrograms(world, {
      ...{ openssl: openssl ?? '', qpdf: qpdf ?? '', python3: python3 ?? '' },
      folder: folder.path,
    })) {
      count += 1;
      const fault = faultOfGood(one);
      if (fault !== undefined) wrong.push(`${one.family}: ${one.name}: ${fault}`);
    }
    folder.remove();
    expect(wrong).to.deep.equal([]);
    expect(count).to.be.at.least(25);
  });

  it('would tell of a file that is taken, refused, or blamed wrongly', async () => {
    const [bad] = badCases(world, { random: seededRandom(7) });
    const { value: good } = await goodCases(world).next();
    if (bad === undefined || good === undefined) throw new Error('the corpus is empty');
    expect(faultOfBad({ ...bad, bytes: good.bytes, policy: good.policy })).to.equal('accepted');
    expect(faultOfBad({ ...bad, blame: ['seal SEAL_MISMATCH'] })).to.match(/^blamed on /);
    expect(faultOfBad({ ...bad, blame: [] })).to.match(/^blamed on /);
    expect(faultOfGood({ ...good, bytes: bad.bytes, policy: bad.policy })).to.match(/^refused: /);
    expect(faultOfGood({ ...good, warned: ['UNUSED_BITS'] })).to.match(/^warned of nothing/);
  });
});
