/** OFD files whose archive plays tricks (APPNOTE 6.3.9): what one reader finds, another does not. And XML parts that do the
 *  same (XML 1.0), signed by somebody who may seal. */

import { partsOf } from './bad-ofd-xml.ts';
import { type BadCase, badCase, type Draw } from './case.ts';
import { type Base, type OfdWorld, rework } from './ofd-world.ts';
import { entriesOf, type Files, type ZipEntry, type ZipShape, zip } from './zip.ts';

const HIDDEN = ['structure ENTRY_HIDDEN'];

const UNSAFE = ['structure ENTRY_NAME_UNSAFE'];

const TWICE = ['structure ENTRY_DUPLICATE'];

const CONTRARY = ['structure CONTAINER_INCONSISTENT'];

const UNREADABLE = ['structure UNREADABLE'];

const UNKNOWN = ['structure UNKNOWN_FORMAT'];

const PAGE = 'Doc_0/Pages/Page_0/Content.xml';

type Entries = ZipEntry[];

interface Trick {
  readonly words: string;
  readonly entries?: (entries: Entries) => Entries;
  readonly shape?: ZipShape;
  readonly blame: readonly string[];
  /** Archives of ours have one form only. */
  readonly ofOurs?: readonly string[];
}

const more =
  (...added: readonly ZipEntry[]) =>
  (entries: Entries): Entries => [...entries, ...added];

const first =
  (...added: readonly ZipEntry[]) =>
  (entries: Entries): Entries => [...added, ...entries];

const page =
  (how: Partial<ZipEntry>) =>
  (entries: Entries): Entries =>
    entries.map((entry) => (entry.name === PAGE ? { ...entry, ...how } : entry));

const forged: ZipEntry = { name: PAGE, data: Buffer.from('<forged/>') };

const named = (name: string | Uint8Array): Trick['entries'] => more({ name, data: Buffer.from('x') });

const zip64 = (id: number) => Buffer.concat([Buffer.of(id & 255, id >> 8, 16, 0), Buffer.alloc(16)]);

const NAMES: readonly (readonly [words: string, name: string | Uint8Array, blame: readonly string[]])[] = [
  ['a name that leads out of the package', '../evil.xml', UNSAFE],
  ['a name that leads out deeper down', 'Doc_0/../../evil.xml', UNSAFE],
  ['a name that leads around inside', 'Doc_0/../OFD2.xml', UNSAFE],
  ['a name with a dot', './evil.xml', UNSAFE],
  ['an absolute name', '/evil.xml', UNSAFE],
  ['a name of a drive', 'C:/evil.xml', UNSAFE],
  ['a name with a backslash', 'Doc_0\\Document.xml', UNSAFE],
  ['a name that leads out by backslashes', '..\\evil.xml', UNSAFE],
  ['a name with two slashes', 'Doc_0//Document.xml', UNSAFE],
  ['a name with a zero', 'Doc_0/Document.xml\0.png', UNSAFE],
  ['a name with a line end', 'Doc_0/\nDocument.xml', UNSAFE],
  ['an empty name', '', UNSAFE],
  ['a name longer than any', 'a'.repeat(1025), UNSAFE],
  ['a name that is no UTF-8', Buffer.from([0xc0, 0xaf, 0x61]), UNSAFE],
  ['a name in GBK', Buffer.from([0xd6, 0xa4, 0xd5, 0xd5]), UNSAFE],
  ['a twin in other letters', PAGE.toUpperCase(), TWICE],
  ['a twin of OFD.xml', 'ofd.xml', TWICE],
  ['a folder with content', 'Doc_0/Folder/', HIDDEN],
];

const STATED: readonly (readonly [words: string, how: Partial<ZipEntry>, blame: readonly string[]])[] = [
  ['another CRC', { stated: { crc: 1 } }, CONTRARY],
  ['another CRC in the local header', { local: { crc: 1 } }, CONTRARY],
  ['another size', { stated: { size: 10 } }, CONTRARY],
  ['another size in the local header', { local: { size: 10 } }, CONTRARY],
  ['another name in the local header', { local: { name: PAGE.replace('Page_0', 'Page_1') } }, CONTRARY],
  ['other flags in the local header', { local: { flags: 0 } }, CONTRARY],
  ['a huge size', { stated: { size: 0x7fffffff } }, ['structure TOO_LARGE']],
  ['a size of four gigabytes', { stated: { size: 0xffffffff, packedSize: 0xffffffff } }, CONTRARY],
  ['the flag of encryption', { flags: 0x0801 }, UNREADABLE],
  ['the flag of strong encryption', { flags: 0x0841 }, UNREADABLE],
  ['the flag of a masked directory', { flags: 0x2800 }, UNREADABLE],
  ['the flag of patched data', { flags: 0x0820 }, UNREADABLE],
  ['method 1', { stated: { method: 1 } }, UNREADABLE],
  ['method Deflate64', { stated: { method: 9 } }, UNREADABLE],
  ['method BZIP2', { stated: { method: 12 } }, UNREADABLE],
  ['method LZMA', { stated: { method: 14 } }, UNREADABLE],
  ['method AES', { stated: { method: 99 } }, UNREADABLE],
  ['said to be stored', { stated: { method: 0 } }, CONTRARY],
  ['said to be deflated', { method: 0, stated: { method: 8 } }, CONTRARY],
  ['a data descriptor of another CRC', { descriptor: 'wrong' }, CONTRARY],
  ['another disk', { stated: { disk: 1 } }, HIDDEN],
  ['a comment', { comment: 'hello' }, HIDDEN],
  ['bytes behind the data', { gap: Buffer.from('hidden') }, HIDDEN],
  ['a place at the end of the archive', { stated: { offset: 0x00ffffff } }, [...HIDDEN]],
  ['the place of another entry', { stated: { offset: 0 } }, CONTRARY],
  ['an extra field of sizes of 64 bits', { extra: [zip64(1), zip64(1)] }, CONTRARY],
  ['an extra field of another name', { extra: [Buffer.of(), zip64(0x7075)] }, CONTRARY],
  ['an extra field cut short', { extra: [Buffer.of(), Buffer.of(1, 2, 9, 9)] }, CONTRARY],
  ['an extra field of three bytes', { extra: [Buffer.of(), Buffer.of(1, 2, 3)] }, CONTRARY],
];

const TRICKS: readonly Trick[] = [
  ...NAMES.map(([words, name, blame]): Trick => ({ words, entries: named(name) ?? more(), blame })),
  ...STATED.map(([words, how, blame]): Trick => ({ words: `a page with ${words}`, entries: page(how), blame })),
  { words: 'the page twice, the forged one last', entries: more(forged), blame: TWICE },
  { words: 'the page twice, the forged one first', entries: first(forged), blame: TWICE },
  {
    words: 'the page twice, in other letters, the forged one first',
    entries: first({ ...forged, name: PAGE.toLowerCase() }),
    blame: TWICE,
  },
  {
    words: 'a page that the directory does not know, at the end',
    entries: more({ ...forged, hidden: true }),
    blame: HIDDEN,
  },
  {
    words: 'a page that the directory does not know, at the beginning',
    entries: first({ ...forged, hidden: true }),
    blame: HIDDEN,
  },
  {
    words: 'a page that only the directory knows',
    entries: more({ ...forged, name: 'Doc_0/Ghost.xml', ghost: true }),
    blame: CONTRARY,
  },
  { words: 'bytes before the archive', shape: { prefix: Buffer.from('#!/bin/sh\n') }, blame: UNKNOWN },
  { words: 'another archive before it', shape: { prefix: zip([forged]) }, blame: HIDDEN },
  { words: 'bytes behind the archive', shape: { suffix: Buffer.from('more') }, blame: HIDDEN },
  { words: 'a line end behind the archive', shape: { suffix: Buffer.from('\n') }, blame: HIDDEN },
  { words: 'another archive behind it', shape: { suffix: zip([forged]) }, blame: CONTRARY },
  { words: 'a comment of the archive', shape: { comment: 'hello' }, blame: HIDDEN },
  { words: 'a comment that is an end record', shape: { comment: 'PK\x05\x06'.padEnd(22, '\0') }, blame: CONTRARY },
  { words: 'bytes between directory and end', shape: { beforeEnd: Buffer.from('between') }, blame: CONTRARY },
  { words: 'bytes before the directory', shape: { beforeDirectory: Buffer.from('between') }, blame: HIDDEN },
  { words: 'an end record of fewer entries', shape: { end: { count: 3 } }, blame: HIDDEN },
  { words: 'an end record of more entries', shape: { end: { count: 300 } }, blame: CONTRARY },
  { words: 'an end record of another size', shape: { end: { size: 10 } }, blame: CONTRARY },
  { words: 'an end record of another place', shape: { end: { offset: 10 } }, blame: CONTRARY },
  { words: 'an end record of another disk', shape: { end: { disk: 1 } }, blame: CONTRARY },
  {
    words: 'an end record of 64 bits',
    shape: { end: { count: 0xffff, size: 0xffffffff, offset: 0xffffffff } },
    blame: CONTRARY,
  },
];

function filesOf(bytes: Uint8Array): Files {
  let files: Files = new Map();
  rework(bytes, (found) => {
    files = new Map(found);
  });
  return files;
}

function* tricksOn(base: Base, { random }: Draw): Generator<BadCase> {
  const files = filesOf(base.bytes);
  const bad = (words: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('OFD archive', 'ofd', base.policy, { name: `${base.name}: ${words}`, bytes, blame });
  for (const { words, entries = (all: Entries) => all, shape, blame, ofOurs = blame } of TRICKS) {
    yield bad(words, zip(entries(entriesOf(files)), shape), base.ours ? ofOurs : blame);
  }
  for (const [words, cut] of [
    ['a half', 0.5],
    ['its last byte', 1],
    ['its directory', 0.8],
  ] as const) {
    const keep = cut === 1 ? base.bytes.length - 1 : Math.floor(base.bytes.length * (cut - random() / 100));
    yield bad(`cut down to less than ${words}`, base.bytes.slice(0, keep), HIDDEN);
  }
}

/** Archives that say the same in another form: of others they are taken, of ours they are not. */
function* formsOf({ bases }: OfdWorld): Generator<BadCase> {
  const { sealed } = bases;
  const files = filesOf(sealed.bytes);
  const forms: readonly (readonly [string, Partial<ZipEntry>, ZipShape?])[] = [
    ['packed harder', { level: 9 }],
    ['not packed', { method: 0 }],
    ['with data descriptors', { descriptor: 'signed' }],
    ['with bare data descriptors', { descriptor: 'bare' }],
    ['with times', { time: 0x5a21_1234 }],
    ['made by another system', { madeBy: 0x0314, attributes: 0x81a4_0000 }],
    [
      'with extra fields',
      { extra: [Buffer.from('5554050003aabbccdd', 'hex'), Buffer.from('5554050003aabbccdd', 'hex')] },
    ],
    ['with a directory in another order', {}, { order: (numbers) => [...numbers].reverse() }],
  ];
  for (const [words, how, shape] of forms) {
    const bytes = zip(entriesOf(files, how), shape);
    yield badCase('OFD archive', 'ofd', sealed.policy, {
      name: `ours, ${words}`,
      bytes,
      blame: ['structure CONTAINER_CHANGED'],
    });
  }
  const folders = zip([{ name: 'Doc_0/', data: Buffer.of(), method: 0 }, ...entriesOf(files)]);
  yield badCase('OFD archive', 'ofd', sealed.policy, {
    name: 'ours, with a folder',
    bytes: folders,
    blame: ['structure CONTAINER_CHANGED'],
  });
}

export function* badOfdZip(world: OfdWorld, draw: Draw): Generator<BadCase> {
  const { bases } = world;
  for (const base of [bases.sealed, bases.foreign]) yield* tricksOn(base, draw);
  yield* formsOf(world);
  yield* partsOf(world);
}
