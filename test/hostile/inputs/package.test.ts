import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { layOutArchive, type RawEntry } from '../../../signing/zip/layout.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { MADE, makeOffice, smallPackage } from '../../signing/ofd/sealed-package.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const stored = (name: string, data: Uint8Array = Buffer.from('x')): RawEntry => {
  return { name, method: 0, crc: crc32(data), size: data.length, packed: data };
};
const reasonOf = (zip: Uint8Array): string => {
  try {
    readPackage(zip);
    return 'read';
  } catch (error) {
    if (error instanceof SigningError) return String(error.details.reason ?? error.code);
    throw error;
  }
};
/** An archive of which some bytes were written over; offsets from the beginning of its directory, or of its end record. */
const patched = (
  zip: Uint8Array,
  place: 'directory' | 'end',
  patches: readonly (readonly [number, string])[],
): Buffer => {
  const copy = Buffer.from(zip);
  const from = place === 'end' ? copy.length - 22 : copy.readUInt32LE(copy.length - 6);
  for (const [at, hex] of patches) copy.set(Buffer.from(hex, 'hex'), from + at);
  return copy;
};

describe('a hostile package', () => {
  it('may hold packages: they are bytes, and are not opened', () => {
    let nested = layOutArchive([stored('OFD.xml')]);
    for (let depth = 0; depth < 50; depth += 1) nested = layOutArchive([stored('OFD.xml', nested)]);
    expect(readPackage(nested).files.get('OFD.xml')?.length).to.be.greaterThan(4000);
  });

  it('may hold packages that would unpack without end: none is opened, whoever holds them', async () => {
    let bomb: Uint8Array = Buffer.alloc(1_000_000);
    for (let depth = 0; depth < 8; depth += 1) {
      const packed = deflateRawSync(bomb);
      const entry = { method: 8, crc: crc32(bomb), size: bomb.length, packed } as const;
      // sixteen times the same inside of each, as in the well-known one
      bomb = layOutArchive(Array.from({ length: 16 }, (_, at) => ({ name: `${at}.ofd`, ...entry })));
    }
    const office = await makeOffice();
    const drawn = smallPackage();
    const files = new Map([...drawn.files, ...packFiles(new Map([['Doc_0/Attachs/bomb.ofd', bomb]]))]);
    const nested = await makeSeal({
      vendor: 'Zhengku',
      esId: '41010000000009',
      name: '套章',
      type: 1,
      certificates: [office.signer.certificate],
      createdAt: MADE,
      validFrom: MADE,
      validTo: new Date('2028-01-01T00:00:00Z'),
      picture: { type: 'ofd', data: bomb, widthMm: 42, heightMm: 42 },
      maker: office.maker,
    });
    const started = performance.now();
    const sealed = await office.press({ seal: nested }, { ...drawn, files });
    expect(verifyFile(sealed, office.policy).valid).to.equal(true);
    expect(performance.now() - started).to.be.below(8000);
  }).timeout(60_000);

  it('is refused cut short, at every byte', () => {
    const zip = layOutArchive([stored('OFD.xml'), stored('a/b.xml')]);
    for (let length = 0; length < zip.length; length += 1) {
      expect(reasonOf(zip.subarray(0, length)), String(length)).to.be.oneOf([
        'UNREADABLE',
        'ENTRY_HIDDEN',
        'CONTAINER_INCONSISTENT',
      ]);
    }
  });

  it('is refused with links, devices and pipes in it, as programs of others make them', function () {
    const zip = layOutArchive([stored('OFD.xml'), stored('Doc_0')]);
    for (const type of ['a1', '20', '60', '10', 'c0']) {
      const linked = patched(zip, 'directory', [
        [5, '03'],
        [40, `ff${type}`],
      ]);
      expect(reasonOf(linked), type).to.equal('UNREADABLE');
    }
    for (const type of ['81', '00'])
      expect(
        reasonOf(
          patched(zip, 'directory', [
            [5, '03'],
            [40, `a4${type}`],
          ]),
        ),
        type,
      ).to.equal('read');
    const python = requireProgram(this, 'python3');
    const folder = temporaryFolder();
    const file = join(folder.path, 'linked.zip');
    const script =
      'import zipfile,sys\nz=zipfile.ZipFile(sys.argv[1],"w")\nz.writestr("OFD.xml","x")\n' +
      'i=zipfile.ZipInfo("link")\ni.create_system=3\ni.external_attr=0o120777<<16\nz.writestr(i,"/etc/passwd")\nz.close()';
    execFileSync(python, ['-c', script, file]);
    expect(reasonOf(readFileSync(file))).to.equal('UNREADABLE');
    folder.remove();
  });

  it('is refused when it says more than it has, before anything is unpacked', () => {
    const zip = layOutArchive([stored('OFD.xml')]);
    expect(reasonOf(patched(zip, 'end', [[8, 'ffffffff']]))).to.equal('TOO_LARGE');
    expect(reasonOf(patched(zip, 'end', [[12, 'ffffffff']]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(patched(zip, 'end', [[16, 'ffffffff']]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(patched(zip, 'directory', [[20, 'ffffffff']]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(patched(zip, 'directory', [[42, 'ffffffff']]))).to.equal('ENTRY_HIDDEN');
    expect(reasonOf(patched(zip, 'directory', [[28, 'ffff']]))).to.equal('CONTAINER_INCONSISTENT');
  });

  it('is refused with an extra field of ZIP64, or with its end records', () => {
    const zip = Buffer.from(layOutArchive([stored('OFD.xml')]));
    const at = zip.readUInt32LE(zip.length - 6);
    const extra = Buffer.from('0100080000000000ffffffff', 'hex');
    const directory = Buffer.concat([zip.subarray(at, zip.length - 22), extra]);
    directory.writeUInt16LE(extra.length, 30);
    const end = Buffer.from(zip.subarray(-22));
    end.writeUInt32LE(directory.length, 12);
    expect(reasonOf(Buffer.concat([zip.subarray(0, at), directory, end]))).to.equal('CONTAINER_INCONSISTENT');
    const end64 = Buffer.concat([Buffer.from('504b06062c00000000000000', 'hex'), Buffer.alloc(44)]);
    const locator = Buffer.concat([Buffer.from('504b0607', 'hex'), Buffer.alloc(16)]);
    const with64 = Buffer.concat([zip.subarray(0, -22), end64, locator, zip.subarray(-22)]);
    expect(reasonOf(with64)).to.equal('CONTAINER_INCONSISTENT');
  });

  it('does not become large: 1 GB of zeros in 1 MB is refused by what it states, and by what comes out', () => {
    const megabyte = deflateRawSync(Buffer.alloc(8 * 2 ** 20));
    const bomb = { name: 'OFD.xml', method: 8, crc: 1, packed: megabyte } as const;
    expect(reasonOf(layOutArchive([{ ...bomb, size: 2 ** 30 }]))).to.equal('TOO_LARGE');
    expect(reasonOf(layOutArchive([{ ...bomb, size: 60_000 }]))).to.equal('CONTAINER_INCONSISTENT');
    const many = Array.from({ length: 5000 }, (_, i) => stored(`${i}.xml`));
    expect(reasonOf(layOutArchive(many))).to.equal('TOO_LARGE');
  });
});
