import { crc32, deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import type { OfdPackage } from '../../../signing/ofd/package.ts';
import { sealOfd } from '../../../signing/ofd/seal-ofd.ts';
import { verifyOfd } from '../../../signing/ofd/verify-ofd.ts';
import { layOutArchive, type RawEntry } from '../../../signing/zip/layout.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { makeOffice, smallPackage } from './sealed-package.ts';

type File = readonly [name: string, data: Uint8Array];

const stored = ([name, data]: File): RawEntry => ({
  name,
  method: 0,
  crc: crc32(data),
  size: data.length,
  packed: data,
});
const deflated = ([name, data]: File): RawEntry => ({
  ...stored([name, data]),
  method: 8,
  packed: deflateRawSync(data),
});

describe('a sealed OFD of ours, whose files are what they were,', () => {
  let office: Awaited<ReturnType<typeof makeOffice>>;
  let sealed: Uint8Array;
  let files: readonly File[];
  let entries: readonly RawEntry[];
  before(async () => {
    office = await makeOffice();
    const page = (text: string) => Buffer.from(text.repeat(1000));
    const big: OfdPackage = smallPackage();
    const attached = packFiles(new Map([['Doc_0/Attachs/long.json', page('[1,2,3]')]]));
    sealed = await office.press({}, { ...big, files: new Map([...big.files, ...attached]) });
    const read = readPackage(sealed);
    files = [...read.files];
    entries = [...read.packedFiles()].map(([name, file]) => ({
      name,
      size: file.bytes.length,
      ...file.packed(name),
    }));
  });

  const failures = (bytes: Uint8Array) => {
    const report = verifyOfd(bytes, office.policy);
    const codes = report.checks.filter((one) => one.outcome === 'failed').map((one) => one.code ?? '');
    expect(report.valid, codes.join()).to.equal(codes.length === 0);
    return codes;
  };

  it('is valid when they are written again by the same writer', () => {
    expect(entries.some(({ method }) => method === 8)).to.equal(true);
    expect(failures(layOutArchive(entries))).to.deep.equal([]);
    expect(failures(writePackage(new Map(files)))).to.deep.equal([]);
  });

  it('is refused when they lie in another order', async () => {
    expect(failures(writePackage(new Map(files.toReversed())))).to.deep.equal(['CONTAINER_CHANGED']);
    for (let at = 0; at + 1 < files.length; at++) {
      const swapped = [...files.slice(0, at), ...files.slice(at, at + 2).toReversed(), ...files.slice(at + 2)];
      expect(failures(writePackage(new Map(swapped))), `file ${at}`).to.deep.equal(['CONTAINER_CHANGED']);
    }
    const twice = [...readPackage(await sealOfd(sealed, office.request)).files];
    expect(failures(writePackage(new Map(twice)))).to.deep.equal([]);
    expect(failures(writePackage(new Map(twice.toReversed())))).to.deep.equal(['CONTAINER_CHANGED']);
  });

  it('is refused when a name differs in case', () => {
    for (const [at, [name, data]] of files.entries()) {
      const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
      const renamed = files.with(at, [other, data]);
      expect(failures(writePackage(new Map(renamed))), name).to.not.be.empty;
    }
  });

  it('is valid however each is packed, which may change from one version to the next', () => {
    for (const [index, entry] of entries.entries()) {
      const file = files[index] ?? ['', Buffer.alloc(0)];
      const other = entry.method === 8 ? stored(file) : deflated(file);
      expect(failures(layOutArchive(entries.with(index, other))), entry.name).to.deep.equal([]);
    }
    expect(failures(layOutArchive(files.map(stored)))).to.deep.equal([]);
  });

  it('is refused when a folder is put between them', () => {
    const folder = stored(['Doc_0/', Buffer.alloc(0)]);
    expect(failures(layOutArchive([...entries.slice(0, 1), folder, ...entries.slice(1)]))).to.deep.equal([
      'CONTAINER_CHANGED',
    ]);
  });

  it('is sound also when a stranger drew and packed what we sealed', async () => {
    const theirs = [...smallPackage().files].map(([name, { bytes }]) => deflated([name, bytes]));
    expect(failures(await sealOfd(layOutArchive(theirs), office.request))).to.deep.equal([]);
    const elsewhere = [...smallPackage().files].map(([name, { bytes }]): File => {
      const text = Buffer.from(bytes).toString('latin1').replaceAll('Doc_0', 'Doc_7');
      return [name.replace('Doc_0', 'Doc_7'), Buffer.from(text, 'latin1')];
    });
    const moved = await sealOfd(writePackage(new Map(elsewhere)), office.request);
    expect(failures(moved), 'in another folder').to.deep.equal([]);
    const paths = new Map(readPackage(await sealOfd(moved, office.request)).files);
    expect(failures(writePackage(paths)), 'sealed twice').to.deep.equal([]);
    const list = Buffer.from(paths.get('Doc_7/Signs/Signatures.xml') ?? []).toString();
    paths.set('Doc_7/Signs/Signatures.xml', Buffer.from(list.replace('><ofd:Signature ', '> <ofd:Signature ')));
    expect(failures(writePackage(paths)), 'its list changed').to.deep.equal(['SIGNATURE_LIST_WRONG']);
  });
});
