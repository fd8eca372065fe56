import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { NATIVE_SM2 } from '../../signing/sm2/native-sm2.ts';
import { PORTABLE_SM2 } from '../../signing/sm2/portable-sm2.ts';
import { requireProgram } from '../world/programs.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import { askEngine, askOpenssl, askSmCrypto, askZhengku } from './edge-libraries.ts';
import { makeEdgeFile } from './make-sm2-edge.ts';
import type { EdgeCase, EdgeFile } from './sm2-edge-file.ts';

const FILE = JSON.parse(readFileSync(new URL('sm2-edge.json', import.meta.url), 'utf8')) as EdgeFile;

/** Answers that are neither what is expected nor explained; and explanations that are no longer true. */
function faultsOf(library: string, answers: ReadonlyMap<EdgeCase, boolean | null>): string[] {
  return [...answers].flatMap(([test, accepts]) => {
    const explained = test.differs?.[library];
    const wanted = explained === undefined ? test.expected === 'valid' : explained.accepts;
    return accepts === wanted ? [] : [`${test.id} (${test.comment}): ${String(accepts)}`];
  });
}

const askAll = (ask: (test: EdgeCase) => boolean | null) => new Map(FILE.tests.map((test) => [test, ask(test)]));

describe('the SM2 edge cases', () => {
  it('are what their script makes, more than 300, each by its own name', function () {
    this.timeout(40_000).slow(10_000);
    const made = JSON.stringify(makeEdgeFile());
    expect(made === JSON.stringify(FILE), 'node --import tsx test/vectors/make-sm2-edge.ts').to.equal(true);
    expect(FILE.count).to.equal(FILE.tests.length).and.to.be.greaterThan(350);
    expect(new Set(FILE.tests.map(({ id }) => id)).size).to.equal(FILE.count);
    const [groups, flags] = [FILE.tests.map(({ group }) => group), FILE.tests.flatMap((test) => test.flags)];
    expect([...new Set(groups)].sort()).to.deep.equal(Object.keys(FILE.groups).sort());
    expect([...new Set(flags)].sort()).to.deep.equal(Object.keys(FILE.flags).sort());
  });

  it('differ from what is expected nowhere in this product, in neither engine', function () {
    this.timeout(40_000).slow(10_000);
    for (const test of FILE.tests) expect(Object.keys(test.differs ?? {})).to.not.include('zhengku');
    expect(faultsOf('zhengku', askAll(askZhengku))).to.deep.equal([]);
    for (const engine of [NATIVE_SM2, PORTABLE_SM2]) {
      expect(
        faultsOf(
          'zhengku',
          askAll((test) => askEngine(engine, test)),
        ),
        engine.name,
      ).to.deep.equal([]);
    }
  });

  it('differ in sm-crypto-v2 only as explained', function () {
    this.timeout(40_000).slow(10_000);
    expect(faultsOf('sm-crypto-v2', askAll(askSmCrypto))).to.deep.equal([]);
  });

  it('differ in openssl only as explained', async function () {
    this.timeout(120_000).slow(30_000);
    const openssl = requireProgram(this, 'openssl');
    const folder = temporaryFolder();
    const answers = new Map<EdgeCase, boolean>();
    const pending = [...FILE.tests];
    const ask = async (): Promise<void> => {
      for (let test = pending.shift(); test !== undefined; test = pending.shift()) {
        answers.set(test, await askOpenssl(openssl, folder.path, test));
      }
    };
    await Promise.all([ask(), ask(), ask()]);
    folder.remove();
    expect(answers.size).to.equal(FILE.count);
    expect(faultsOf('openssl', answers)).to.deep.equal([]);
  });
});
