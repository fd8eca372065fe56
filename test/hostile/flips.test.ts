import { expect } from 'chai';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { verifyFile } from '../../signing/index.ts';
import { seededRandom } from '../bench/fresh-characters.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { flipFile } from './flip-campaign.ts';
import { describeOfd, describePdf, uncoveredOfPdf } from './plain-readers.ts';

/** A short form of `npm run campaign:flips`. */
describe('a sealed file of which one byte was changed', () => {
  let house: TestHouse;
  const files = new Map<string, Uint8Array>();
  let certificates: readonly Uint8Array[];

  before(async function () {
    this.timeout(30_000);
    house = await openFurnishedHouse();
    const { licenceId } = await submitLicence(house, clerk, SUBMISSION, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    const sealed = await sealLicence(house, sealKeeper, licenceId);
    for (const { format, sm3 } of sealed.files) files.set(format, await house.blobs.get(sm3));
    certificates = await loadTrust(house);
  });
  after(() => house.close());

  for (const [format, stride] of [
    ['ofd', 8],
    ['pdf', 60],
  ] as const) {
    it(`is refused, or gives a reader the same (${format.toUpperCase()})`, function () {
      this.timeout(30_000);
      this.slow(10_000);
      const policy = { at: house.clock(), certificates };
      const report = flipFile(files.get(format) ?? new Uint8Array(), policy, {
        random: seededRandom(5),
        others: 120,
        stride,
      });
      expect(report.wrong).to.deep.equal([]);
      expect(report.refused).to.be.greaterThan(report.changes / 2);
    });
  }

  it('would be noticed: the plain readers see every content', () => {
    const ofd = Buffer.from(files.get('ofd') ?? []);
    const altered = Uint8Array.from(ofd);
    const at = ofd.indexOf('Signatures.xml');
    altered[at] = 0x73;
    altered[ofd.lastIndexOf('Signatures.xml')] = 0x73;
    expect(describeOfd(altered)).to.not.equal(describeOfd(ofd));
    expect(verifyFile(altered, { at: house.clock(), certificates }).valid).to.equal(false);
    const pdf = files.get('pdf') ?? new Uint8Array();
    const { gap } = uncoveredOfPdf(pdf);
    const digit = Uint8Array.from(pdf);
    digit[gap[1] - 2] = 0x31;
    expect(describePdf(digit, gap)).to.not.equal(describePdf(pdf, gap));
  });
});
