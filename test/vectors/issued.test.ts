import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { verifyFile } from '../../signing/index.ts';

const FOLDER = fileURLToPath(new URL('./issued/', import.meta.url));

/** Licences are looked at for decades: files of every form that was ever issued are kept here, and nothing is ever removed.
 *  `first-form`: one seal, parts deflated from the first byte on, nothing announced.
 *  `second-form`: the seal and over it the repository's own signature, both announced with the repository's key; small parts
 *  stored. Both issued by a test house whose clock stood at 2026-03-02. */
describe('what was issued by earlier versions', () => {
  for (const form of readdirSync(FOLDER)) {
    const read = (name: string) => new Uint8Array(readFileSync(`${FOLDER}${form}/${name}`));
    const certificates = readdirSync(`${FOLDER}${form}/trust`).map((name) => read(`trust/${name}`));
    const at = new Date('2026-03-03T00:00:00Z');

    for (const name of ['licence.ofd', 'licence.pdf']) {
      it(`stays valid: ${form}, ${name}`, () => {
        const report = verifyFile(read(name), { certificates, at });
        const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
        expect(failed).to.deep.equal([]);
        expect(report).to.include({ valid: true, trusted: true });
      });

      it(`is refused when a byte of it changes: ${form}, ${name}`, () => {
        const changed = read(name);
        const at = Buffer.from(changed).indexOf(name.endsWith('pdf') ? 'stream' : 'licence.json') + 40;
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(verifyFile(changed, { certificates, at: new Date('2026-03-03T00:00:00Z') }).valid).to.equal(false);
      });
    }
  }
});
