import { expect } from 'chai';
import { decodePieces } from '../../../exchange/henan/front-end/decode-base64.ts';
import { type Known, type Wish, weighRow } from '../../../exchange/henan/front-end/weigh-row.ts';
import { composeFileNumber, withVersion } from '../../../exchange/henan/province/file-number.ts';

const NOTHING: Known = { upsert: undefined, status: undefined, applied: undefined, licence: null };
const WISH: Wish = { contentsDigest: 'C', state: 11, stateDigest: 'S11', statusWhenIssued: 'valid' };

describe('the acts that a row of Henan’s tables asks for', () => {
  it('are its contents the first time, and with them another state than the dates give', () => {
    expect(weighRow(WISH, NOTHING)).to.deep.equal([{ operation: 'upsert', revision: 1, digest: 'C' }]);
    const acts = weighRow({ ...WISH, state: -10, stateDigest: 'S-10' }, NOTHING);
    expect(acts.map(({ operation, revision, act }) => [operation, revision, act])).to.deep.equal([
      ['upsert', 1, undefined],
      ['status', 2, 'suspend'],
    ]);
    expect(weighRow({ ...WISH, state: -4, statusWhenIssued: 'expired' }, NOTHING)).to.have.length(1);
  });

  it('are none when nothing is new', () => {
    const upsert = { revision: 1, digest: 'C', state: 2 };
    expect(weighRow(WISH, { ...NOTHING, upsert, applied: upsert, licence: 'valid' })).to.deep.equal([]);
  });

  it('come again under the same revision when they were not answered, or refused', () => {
    for (const state of [0, 1, 3]) {
      const upsert = { revision: 4, digest: 'C', state };
      expect(weighRow(WISH, { ...NOTHING, upsert })).to.deep.equal([{ operation: 'upsert', revision: 4, digest: 'C' }]);
    }
    const status = { revision: 5, digest: 'S-10', state: 3 };
    const known = { ...NOTHING, upsert: { revision: 4, digest: 'C', state: 2 }, status, licence: 'valid' as const };
    const [act] = weighRow({ ...WISH, state: -10, stateDigest: 'S-10' }, known);
    expect(act).to.deep.equal({ operation: 'status', revision: 5, digest: 'S-10', act: 'suspend' });
  });

  it('get the next revision once anything later was applied, also when the companion was lost', () => {
    const applied = { revision: 7, digest: 'other' };
    expect(weighRow(WISH, { ...NOTHING, applied, licence: 'valid' })[0]).to.include({ revision: 8 });
    const upsert = { revision: 6, digest: 'C', state: 3 };
    expect(weighRow(WISH, { ...NOTHING, upsert, applied, licence: 'valid' })[0]).to.include({ revision: 8 });
    const same = { revision: 7, digest: 'C' };
    expect(weighRow(WISH, { ...NOTHING, applied: same, licence: 'valid' })[0]).to.include({ revision: 7 });
  });

  it('ask once more for a status that was applied, but whose receipt was lost', () => {
    const status = { revision: 2, digest: 'S-10', state: 1 };
    const known: Known = {
      ...{ upsert: { revision: 1, digest: 'C', state: 2 }, status, licence: 'suspended' },
      applied: { revision: 2, digest: 'S-10' },
    };
    const [act, ...more] = weighRow({ ...WISH, state: -10, stateDigest: 'S-10' }, known);
    expect(act).to.include({ operation: 'status', revision: 2, digest: 'S-10' });
    expect(more).to.deep.equal([]);
  });

  it('tell of a state that cannot be read, unless the contents are new as well and tell it themselves', () => {
    const upsert = { revision: 1, digest: 'C', state: 2 };
    const bad: Wish = { ...WISH, state: undefined, stateDigest: 'S?' };
    expect(weighRow(bad, { ...NOTHING, upsert, licence: 'valid' })).to.deep.equal([
      { operation: 'status', revision: 2, digest: 'S?' },
    ]);
    expect(weighRow(bad, NOTHING)).to.have.length(1);
  });
});

describe('a file in base64', () => {
  it('is decoded piece by piece, wherever it is cut and broken into lines', async () => {
    const bytes = new Uint8Array(1000).map((_, index) => (index * 7) % 256);
    const text = Buffer.from(bytes)
      .toString('base64')
      .replaceAll(/(.{76})/g, '$1\r\n');
    for (const size of [1, 3, 4, 77, 5000]) {
      const cut = async function* () {
        for (let at = 0; at < text.length; at += size) yield new Uint8Array(Buffer.from(text.slice(at, at + size)));
      };
      const pieces: Uint8Array[] = [];
      for await (const piece of decodePieces(cut())) pieces.push(piece);
      expect(new Uint8Array(Buffer.concat(pieces)), String(size)).to.deep.equal(bytes);
    }
  });
});

describe('a licence file number', () => {
  const record = {
    ...{ issuingBody: 'I'.repeat(18), catalogueCode: 'T'.repeat(21) },
    holders: [{ name: '甲', type: 'natural', numberType: '111', number: '99010119900101001x' }],
  };

  it('is made of issuer, holder, type, serial and version, and of nothing else', () => {
    expect(composeFileNumber(record, 42, 1)).to.equal(
      `${'I'.repeat(18)}99010119900101001X${'T'.repeat(21)}00000000420001`,
    );
    expect(withVersion(composeFileNumber(record, 42, 1) ?? '', 2)).to.match(/00000000420002$/);
  });

  it('is not made when a part has no room', () => {
    expect(composeFileNumber(record, 10 ** 10, 1)).to.equal(undefined);
    expect(composeFileNumber(record, 1, 10_000)).to.equal(undefined);
    expect(composeFileNumber({ ...record, holders: [] }, 1, 1)).to.equal(undefined);
  });
});
