import { expect } from 'chai';
import { composeVolume } from '../../../signing/archive/compose-volume.ts';
import { readManifest, writeManifest } from '../../../signing/archive/manifest.ts';
import { judgeManifest, signManifest } from '../../../signing/archive/sign-manifest.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { LATER, SIGNED } from '../ofd/sealed-package.ts';
import { makeSigningOffice, STAMPED } from '../ofd/signed-package.ts';

describe('the manifest of a volume', () => {
  const files = new Map([
    ['乙/二', Buffer.from('2')],
    ['甲', Buffer.from('1')],
  ]);
  const text = Buffer.from(writeManifest(files)).toString();

  it('has one form only, in the order of paths', () => {
    expect(readManifest(Buffer.from(text)).map(({ path, size }) => [path, size])).to.deep.equal([
      ['乙/二', 1],
      ['甲', 1],
    ]);
    const [first = '', second = ''] = text.trimEnd().split('\n');
    for (const wrong of [
      `${second}\n${first}\n`,
      `${first}\n${first}\n`,
      `${first}\n\n${second}\n`,
      text.trimEnd(),
      '',
      `${text} `,
    ])
      expect(() => readManifest(Buffer.from(wrong)), JSON.stringify(wrong)).to.throw('not a manifest');
  });

  it('is signed with what proves it later: chain, lists and time-stamp', async () => {
    const office = await makeSigningOffice();
    const store = trustStoreOf({ ...office.policy, at: LATER });
    const value = await signManifest(Buffer.from(text), office.outer);
    const judged = judgeManifest(Buffer.from(text), value, SIGNED.toISOString(), store);
    expect(judged.checks.filter(({ outcome }) => outcome !== 'passed')).to.deep.equal([]);
    expect(judged).to.deep.include({ trusted: true, provenAt: STAMPED });
  });

  it('comes with a word about a file that no archive copy can be made of', async () => {
    const office = await makeSigningOffice();
    const body = { code: 'B', name: '样例局' };
    const facts = { number: 'V', batch: 'B', purpose: '产生', madeAt: SIGNED, year: '2026', body } as const;
    const original = { kind: 'original', name: 'x.ofd', bytes: Buffer.from('foreign'), facts: [] } as const;
    const item = { number: 'V-1', title: '样例', identifier: 'X', files: [original], metadata: [] };
    const { zip } = await composeVolume(facts, [item], office.outer);
    const metadata = Buffer.from(readPackage(zip).files.get('V/V-1/元数据.xml') ?? []).toString();
    expect(metadata).to.include('<存档副本未制作 原件="x.ofd">UNREADABLE</存档副本未制作>');
  });
});
