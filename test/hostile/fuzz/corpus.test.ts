import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { isExactToken } from '../../../signing/tsp/is-exact-token.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { fuzzReader } from '../fuzz-campaign.ts';
import { corpusOf } from './corpus-folder.ts';
import { observe, observeTwice } from './observe.ts';
import { openReader, READER_NAMES, seedPolicy } from './readers.ts';

describe('what fuzzing has kept', () => {
  for (const reader of READER_NAMES) {
    it(`is read or refused as it should be, the same twice (${reader})`, () => {
      const read = openReader(reader);
      const kept = corpusOf(reader);
      expect(kept.length).to.be.greaterThan(0);
      const wrong = kept.flatMap(({ name, bytes }) => {
        const { finding } = observeTwice(read, bytes);
        return finding === undefined ? [] : [`${name}: ${finding}`];
      });
      expect(wrong).to.deep.equal([]);
    });
  }

  it('begins with genuine files: node --import tsx test/hostile/fuzz/make-seeds.ts', () => {
    const seeds = corpusOf('verifier').filter(({ name }) => name.startsWith('seed-'));
    expect(seeds.map(({ name }) => name)).to.deep.equal(['seed-sealed.ofd', 'seed-signed.pdf']);
    for (const { name, bytes } of seeds) expect(verifyFile(bytes, seedPolicy()).valid, name).to.equal(true);
    const cms = openReader('cms');
    const names = ['rsa', 'sm2'];
    for (const name of names) {
      const bytes = readFileSync(new URL(`corpus/cms/seed-${name}.der`, import.meta.url));
      expect(cms(bytes), name).to.include('cms digest passed signature passed');
      const token = readFileSync(new URL(`corpus/tsp/seed-${name}-token.der`, import.meta.url));
      expect(isExactToken(token), name).to.equal(true);
      expect(openReader('tsp')(token), name).to.match(/token \d{4}-/);
    }
  });
});

describe('the fuzzer', () => {
  it('takes refusals for right, and everything else for a finding', () => {
    const bytes = Buffer.from('bytes');
    const findingOf = (act: () => string) => observe(act, bytes).finding;
    const refuse = (): string => {
      throw new SigningError('MALFORMED', 'no');
    };
    expect(findingOf(refuse)).to.equal(undefined);
    expect(findingOf(() => 'read')).to.equal(undefined);
    expect(
      findingOf(
        () =>
          String(null as unknown as { x: string }['x'])
            .at(-1)
            ?.repeat(-1) ?? '',
      ),
    ).to.include('RangeError');
    let count = 0;
    expect(observeTwice(() => String(count++), bytes).finding).to.include('not the same twice');
    const spoil = (given: Uint8Array): string => String(given.fill(0).length);
    expect(observeTwice(spoil, Uint8Array.from(bytes)).finding).to.include('changed its input');
  });

  it('runs a reader in a thread of its own, and finds new ground from its seeds', async function () {
    this.timeout(30_000).slow(10_000);
    const { executions, known, blocks, findings } = await fuzzReader('xml', 7, 1);
    expect(findings).to.deep.equal([]);
    expect(executions).to.be.greaterThan(300);
    expect(known).to.be.greaterThan(corpusOf('xml').length);
    expect(blocks).to.be.greaterThan(50);
  });
});
