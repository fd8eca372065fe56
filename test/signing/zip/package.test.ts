import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';

import { layOutArchive, type RawEntry } from '../../../signing/zip/layout.ts';
import { DEFAULT_LIMITS } from '../../../signing/zip/package-limits.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { requireProgram } from '../../world/programs.ts';

const entry = (name: string, text = 'content'): RawEntry => {
  const data = Buffer.from(text);
  return { name, method: 0, crc: crc32(data), size: data.length, packed: data };
};
const reasonOf = (zip: Uint8Array, limits = DEFAULT_LIMITS) => {
  try {
    readPackage(zip, limits);
    return 'read';
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason?: string } };
    return details.reason ?? code;
  }
};
/** Cut the archive into what lies before the directory, the directory, and the end record. */
const cut = (zip: Uint8Array) => {
  const bytes = Buffer.from(zip);
  const at = bytes.readUInt32LE(bytes.length - 6);
  return {
    locals: bytes.subarray(0, at),
    directory: bytes.subarray(at, bytes.length - 22),
    end: Buffer.from(bytes.subarray(-22)),
  };
};
const join3 = ({ locals, directory, end }: ReturnType<typeof cut>) => {
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(locals.length, 16);
  return Buffer.concat([locals, directory, end]);
};
const archive = () => layOutArchive([entry('OFD.xml'), entry('Doc_0/Document.xml', 'other')]);

describe('the package writer', () => {
  it('gives back every file it wrote, in order, and calls its own form canonical', () => {
    const name = fc.stringMatching(/^[a-z0-9_证照]{1,8}(\/[a-z0-9_]{1,8}){0,2}\.(xml|png|ttf)$/);
    const files = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 500 })), {
      selector: ([key]) => key,
      maxLength: 6,
      minLength: 1,
    });
    fc.assert(
      fc.property(files, (list) => {
        const read = readPackage(writePackage(new Map(list)));
        expect(read.canonical).to.equal(true);
        expect([...read.files.keys()]).to.deep.equal(list.map(([key]) => key));
        for (const [key, data] of list)
          expect(Buffer.compare(read.files.get(key) ?? Buffer.alloc(0), data)).to.equal(0);
      }),
    );
  });

  it('writes the same bytes for the same files', () => {
    const files = new Map([['OFD.xml', Buffer.from('x'.repeat(1000))]]);
    expect(Buffer.compare(writePackage(files), writePackage(files))).to.equal(0);
  });

  it('writes what other programs read', function () {
    requireProgram(this, 'python3');
    const folder = mkdtempSync(join(tmpdir(), 'zk-zip-'));
    try {
      const file = join(folder, 'package.zip');
      writeFileSync(
        file,
        writePackage(
          new Map([
            ['OFD.xml', Buffer.from('x'.repeat(1000))],
            ['Doc_0/证照.xml', Buffer.from('y')],
          ]),
        ),
      );
      const listed = execFileSync(
        'python3',
        [
          '-c',
          'import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()), z.read("Doc_0/\\u8bc1\\u7167.xml"))',
          file,
        ],
        { encoding: 'utf8' },
      );
      expect(listed.trim()).to.equal("None 2 b'y'");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses names that could leave the package', () => {
    for (const name of ['../x', '/x', 'a/../b', 'a\\b', 'C:x', 'a//b', '', 'a/./b', 'a\u0000b', 'a/']) {
      expect(() => writePackage(new Map([[name, Buffer.alloc(1)]])), name)
        .to.throw()
        .with.property('code', 'MALFORMED');
    }
  });
});

describe('the package reader', () => {
  it('refuses two entries of one name, also when only the case differs', () => {
    expect(reasonOf(layOutArchive([entry('a.xml'), entry('a.xml', 'b')]))).to.equal('ENTRY_DUPLICATE');
    expect(reasonOf(layOutArchive([entry('a.xml'), entry('A.XML', 'b')]))).to.equal('ENTRY_DUPLICATE');
  });

  it('refuses unsafe names', () => {
    for (const name of ['../x', '/x', 'a\\b', 'a/../../b']) {
      expect(reasonOf(layOutArchive([entry('OFD.xml'), entry(name)])), name).to.equal('ENTRY_NAME_UNSAFE');
    }
  });

  it('refuses a local entry that the directory does not own, before, between or after', () => {
    const { locals, directory, end } = cut(archive());
    const hidden = cut(layOutArchive([entry('hidden.xml')])).locals;
    expect(reasonOf(join3({ locals: Buffer.concat([locals, hidden]), directory, end }))).to.equal('ENTRY_HIDDEN');
    expect(reasonOf(Buffer.concat([hidden, archive()]))).to.be.oneOf(['ENTRY_HIDDEN', 'CONTAINER_INCONSISTENT']);
  });

  it('refuses bytes before the first entry, after the end, and in a comment', () => {
    expect(reasonOf(Buffer.concat([Buffer.from('MZ'), archive()]))).to.equal('UNREADABLE');
    expect(reasonOf(Buffer.concat([archive(), Buffer.of(0)]))).to.equal('ENTRY_HIDDEN');
    const { locals, directory, end } = cut(archive());
    end.writeUInt16LE(3, 20);
    expect(reasonOf(Buffer.concat([locals, directory, end, Buffer.from('abc')]))).to.equal('ENTRY_HIDDEN');
  });

  it('refuses an entry that the directory leaves out', () => {
    const { locals, directory, end } = cut(archive());
    const first = directory.subarray(0, 46 + 'OFD.xml'.length);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    expect(reasonOf(join3({ locals, directory: first, end }))).to.equal('ENTRY_HIDDEN');
  });

  it('refuses two directory entries over the same bytes', () => {
    const { locals, directory, end } = cut(layOutArchive([entry('OFD.xml')]));
    const twin = Buffer.from(directory);
    twin.write('XFD.xml', 46);
    end.writeUInt16LE(2, 8);
    end.writeUInt16LE(2, 10);
    expect(reasonOf(join3({ locals, directory: Buffer.concat([directory, twin]), end }))).to.equal(
      'CONTAINER_INCONSISTENT',
    );
  });

  it('refuses encrypted entries and unknown compression', () => {
    for (const [at, value] of [
      [8, 1],
      [10, 12],
    ] as const) {
      const { locals, directory, end } = cut(layOutArchive([entry('OFD.xml')]));
      const changed = Buffer.from(directory);
      changed.writeUInt16LE(value, at);
      expect(reasonOf(join3({ locals, directory: changed, end }))).to.equal('UNREADABLE');
    }
  });

  it('refuses sizes that lie, wrong sums and bytes after the deflated data', () => {
    const data = Buffer.from('x'.repeat(5000));
    const deflated = deflateRawSync(data);
    const good: RawEntry = { name: 'OFD.xml', method: 8, crc: crc32(data), size: data.length, packed: deflated };
    expect(reasonOf(layOutArchive([good]))).to.equal('read');
    expect(reasonOf(layOutArchive([{ ...good, size: 100 }]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(layOutArchive([{ ...good, size: 6000 }]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(layOutArchive([{ ...good, crc: 1 }]))).to.equal('CONTAINER_INCONSISTENT');
    expect(reasonOf(layOutArchive([{ ...good, packed: Buffer.concat([deflated, Buffer.from('more')]) }]))).to.equal(
      'ENTRY_HIDDEN',
    );
  });

  it('refuses more than its limits before unpacking', () => {
    const data = Buffer.alloc(2_000_000);
    const bomb = layOutArchive([
      { name: 'OFD.xml', method: 8, crc: crc32(data), size: data.length, packed: deflateRawSync(data) },
    ]);
    expect(reasonOf(bomb)).to.equal('TOO_LARGE');
    const loose = { ...DEFAULT_LIMITS, maxRatio: 1e6 };
    expect(reasonOf(bomb, loose)).to.equal('read');
    expect(reasonOf(bomb, { ...loose, maxEntryBytes: 1_000_000 })).to.equal('TOO_LARGE');
    expect(reasonOf(bomb, { ...loose, maxTotalBytes: 1_000_000 })).to.equal('TOO_LARGE');
    expect(reasonOf(archive(), { ...loose, maxEntries: 1 })).to.equal('TOO_LARGE');
  });

  it('reads archives of other programs, data descriptors and folders included, and says they are not ours', function () {
    requireProgram(this, 'python3');
    const folder = mkdtempSync(join(tmpdir(), 'zk-zip-'));
    try {
      const script = [
        'import zipfile,sys,io',
        'class Stream(io.RawIOBase):',
        '  def __init__(s,f): s.f=f',
        '  def writable(s): return True',
        '  def write(s,b): return s.f.write(b)',
        'z=zipfile.ZipFile(Stream(open(sys.argv[1],"wb")),"w",zipfile.ZIP_DEFLATED)',
        'z.writestr("OFD.xml","x"*1000); z.writestr("Doc_0/",""); z.writestr("Doc_0/a.xml","y"); z.close()',
      ].join('\n');
      execFileSync('python3', ['-c', script, join(folder, 'foreign.zip')]);
      const read = readPackage(readFileSync(join(folder, 'foreign.zip')));
      expect([...read.files.keys()]).to.deep.equal(['OFD.xml', 'Doc_0/a.xml']);
      expect(read.descriptors).to.equal(true);
      expect(read.canonical).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives the same files, or none, whatever single byte is changed', () => {
    const files = new Map([
      ['OFD.xml', Buffer.from('<a/>'.repeat(60))],
      ['b.png', Buffer.from('raw')],
    ]);
    const zip = writePackage(files);
    for (let at = 0; at < zip.length; at++) {
      const bad = Uint8Array.from(zip);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      if (reasonOf(bad) !== 'read' || !readPackage(bad).canonical) continue;
      for (const [name, data] of readPackage(bad).files) expect(data, `byte ${at}`).to.deep.equal(files.get(name));
    }
  });

  it('never fails in another way than its own, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (noise, at) => {
        const zip = Buffer.concat([archive()]);
        zip.set(noise.subarray(0, Math.max(0, zip.length - (at % zip.length))), at % zip.length);
        expect(reasonOf(zip)).to.be.a('string');
      }),
    );
  });
});
