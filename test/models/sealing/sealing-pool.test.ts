import { expect } from 'chai';
import { makeCopy } from '../../../models/sealing/make-copy.ts';
import { makePreview } from '../../../models/sealing/make-preview.ts';
import type { Sealer } from '../../../models/sealing/sealer.ts';
import { makeSealingPool } from '../../../models/sealing/sealing-pool.ts';
import { verifyFile } from '../../../signing/index.ts';
import { openSigningMaterial, type SigningMaterial } from '../../bench/signing-material.ts';
import { FONT_DIR, fonts } from '../../signing/face/fonts.ts';

describe('sealing threads', () => {
  let pool: Sealer;
  let material: SigningMaterial;
  before(async function () {
    this.timeout(60_000);
    pool = makeSealingPool({ fontDir: FONT_DIR, extraFontDirs: [], threads: 2 });
    material = await openSigningMaterial(fonts);
  });
  after(() => pool.close());

  it('make both files of a licence, several at a time', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => pool.seal(material.nextTask())));
    for (const { ofd, pdf } of made) {
      for (const file of [ofd, pdf])
        expect(verifyFile(file, material.policy)).to.include({ valid: true, trusted: true });
    }
    expect(new Set(made.map(({ sm3 }) => sm3.ofd)).size).to.equal(5);
  });

  it('draw the same preview as the process itself would', async () => {
    const { layout, content, seal } = material.nextTask();
    const task = { layout, content, page: 0, dpi: 50, sealPicture: seal.picture };
    expect(Buffer.compare(await pool.preview(task), await makePreview(task, fonts))).to.equal(0);
  });

  it('make the same marked copy as the process itself would', async () => {
    const { layout, content, title, identifier, at, seal } = material.nextTask();
    const words = { title, identifier, recipient: '样例局', purpose: '核验' };
    const task = { ...words, layout, content, at, sealPicture: seal.picture, signer: seal.rsa };
    const copy = await pool.copy(task);
    expect(verifyFile(copy, material.policy)).to.include({ valid: true, trusted: true });
    expect(Buffer.compare(copy, await makeCopy(task, fonts))).to.equal(0);
  });
});
