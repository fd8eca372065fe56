/** Genuine OFD files as others make them: every order, spelling, encoding and archive seen (GB/T 33190 §18 as practised). */
import type { GoodCase } from './case.ts';
import { CONTENTS } from './content-deviations.ts';
import { sealsOf, signsOf } from './good-ofd-seals.ts';
import type { OfdWorld } from './ofd-world.ts';
import {
  type Description,
  describeInOrder,
  listXml,
  referencesXml,
  type SignedWords,
  sealOf,
  strangerOfd,
} from './stranger-ofd.ts';
import { entriesOf, type ZipEntry, type ZipShape, zip } from './zip.ts';

const NS = 'http://www.ofdspec.org/2016';

type Spelling = readonly [words: string, how: SignedWords, warned?: readonly string[]];

const bare = (description: Description, prefix: string, declared: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${prefix}Signature ${declared}><${prefix}SignedInfo>` +
  `<${prefix}Provider ProviderName="${description.provider}"/>${referencesXml(description, prefix)}</${prefix}SignedInfo>` +
  `<${prefix}SignedValue>SignedValue.dat</${prefix}SignedValue></${prefix}Signature>`;

const value = (text: string) => text.match(/<ofd:SignedValue>.*<\/ofd:SignedValue>/)?.[0] ?? '';

const references = (text: string) => text.match(/<ofd:References.*<\/ofd:References>/)?.[0] ?? '';

const moved = (text: string, part: string, before: string) =>
  text.replace(part, () => '').replace(before, () => part + before);

/** Signature.xml. */
const DESCRIPTIONS: readonly Spelling[] = [
  [
    'the value before the rest',
    { describe: (one) => moved(describeInOrder(one), value(describeInOrder(one)), '<ofd:SignedInfo>') },
  ],
  [
    'references last',
    { describe: (one) => moved(describeInOrder(one), references(describeInOrder(one)), '</ofd:SignedInfo>') },
  ],
  [
    'references first',
    {
      describe: (one) =>
        describeInOrder(one)
          .replace(references(describeInOrder(one)), '')
          .replace('<ofd:SignedInfo>', () => `<ofd:SignedInfo>${references(describeInOrder(one))}`),
    },
  ],
  ['no stamp', { describe: (one) => describeInOrder(one).replace(/<ofd:StampAnnot[^>]*>/, '') }],
  ['a stamp under a number', { describe: (one) => describeInOrder(one).replace('ID="s001a"', 'ID="1"') }],
  [
    'many stamps',
    {
      describe: (one) =>
        describeInOrder(one).replace(
          '<ofd:StampAnnot',
          () => '<ofd:StampAnnot ID="b" PageRef="9" Boundary="1 1 9 9" Clip="0 0 4 9"/><ofd:StampAnnot',
        ),
    },
  ],
  ['another prefix', { describe: (one) => bare(one, 'o:', `xmlns:o="${NS}"`) }],
  ['no prefix', { describe: (one) => bare(one, '', `xmlns="${NS}"`) }],
  ['no namespace', { describe: (one) => bare(one, '', '') }],
  ['the namespace without its year', { describe: (one) => bare(one, 'ofd:', 'xmlns:ofd="http://www.ofdspec.org"') }],
  [
    'a relative place of the value',
    { describe: (one) => describeInOrder(one).replace(/<ofd:SignedValue>[^<]*/, '<ofd:SignedValue>SignedValue.dat') },
  ],
  [
    'a relative place by way of the folder',
    {
      describe: (one) =>
        describeInOrder(one).replace(/<ofd:SignedValue>[^<]*/, '<ofd:SignedValue>../Sign_0/./SignedValue.dat'),
    },
  ],
  [
    'comments',
    { describe: (one) => describeInOrder(one).replace('<ofd:SignedInfo>', '<!-- a --><ofd:SignedInfo><!-- b -->') },
  ],
  ['line ends of Windows', { describe: (one) => describeInOrder(one).replaceAll('><', '>\r\n  <') }],
  [
    'white space around digests',
    {
      describe: (one) =>
        describeInOrder(one)
          .replaceAll('<ofd:CheckValue>', '<ofd:CheckValue>\n   ')
          .replaceAll('</ofd:CheckValue>', '\n</ofd:CheckValue>'),
    },
  ],
  ['digests in lines', { describe: (one) => describeInOrder(one).replace(/(<ofd:CheckValue>.{20})/g, '$1\n') }],
  [
    'digests in CDATA',
    { describe: (one) => describeInOrder(one).replace(/<ofd:CheckValue>([^<]*)/g, '<ofd:CheckValue><![CDATA[$1]]>') },
  ],
  ['single quotes', { describe: (one) => describeInOrder(one).replaceAll('"', "'") }],
  ['a byte order mark', { describe: (one) => `\ufeff${describeInOrder(one)}` }],
  ['no declaration', { describe: (one) => describeInOrder(one).replace(/^<\?xml.*\?>\n/, '') }],
  ['the encoding in small letters', { describe: (one) => describeInOrder(one).replace('UTF-8', 'utf-8') }],
  [
    'a standalone declaration',
    { describe: (one) => describeInOrder(one).replace('"UTF-8"', '"UTF-8" standalone="yes"') },
  ],
  ['characters by number', { describe: (one) => describeInOrder(one).replace('别家', '&#x522b;&#23478;') }],
  ['an instruction', { describe: (one) => describeInOrder(one).replace('?>\n', '?>\n<?app words?>') }],
  [
    'parameters',
    {
      describe: (one) =>
        describeInOrder(one).replace(
          '<ofd:References',
          () => '<ofd:Parameters><ofd:Parameter Name="a" Type="b">c</ofd:Parameter></ofd:Parameters><ofd:References',
        ),
    },
  ],
  [
    'parameters in no namespace',
    {
      describe: (one) =>
        describeInOrder(one).replace(
          '<ofd:References',
          () => '<Parameters><Parameter Name="a">c</Parameter></Parameters><ofd:References',
        ),
    },
  ],
  [
    'a protocol version',
    { describe: (one) => describeInOrder(one).replace('Version="2.0"', 'Version="2.0" ProtocolVer="4"') },
  ],
  [
    'no method of signature',
    { describe: (one) => describeInOrder(one).replace(/<ofd:SignatureMethod>.*<\/ofd:SignatureMethod>/, '') },
  ],
  [
    'no time',
    { describe: (one) => describeInOrder(one).replace(/<ofd:SignatureDateTime>.*<\/ofd:SignatureDateTime>/, '') },
  ],
  [
    'a time with a fraction',
    { describe: (one) => describeInOrder(one).replace('20260602110405', '20260602072855.302Z') },
  ],
  ['a time in words', { describe: (one) => describeInOrder(one).replace('20260602110405', '2026-06-02 10:08:09') }],
  ['a provider in Chinese', { provider: '某某科技有限公司' }],
  ['a very long provider', { provider: '长'.repeat(2000) }],
  ['digests of SM3 by name', { method: 'SM3' }],
  ['digests of sm3 in small letters', { method: 'sm3' }],
  ['digests by the identifier without a key', { method: '1.2.156.10197.1.401.2' }],
  ['references relative to the root', { reference: (path) => path }],
  ['references relative to the signature', { reference: (path) => `../../../${path}` }],
  ['references with a dot', { reference: (path) => `/./${path}` }],
  ['references in another order', { moreReferences: (rows) => [...rows].reverse() }],
  ['a reference twice, with the same digest', { moreReferences: (rows) => [...rows, ...rows.slice(0, 1)] }],
  ['OFD.xml uncovered', { leaveOut: (path) => path === 'OFD.xml' }, ['ROOT_UNCOVERED']],
  ['references in other letters', { reference: (path) => `/${path.replace('Res/', 'RES/')}` }, ['LOCATION_CASE']],
];

const row = (attributes: string): string => listXml(`<ofd:Signature ${attributes}/>`);

const PLACE = '/Doc_0/Signs/Sign_0/Signature.xml';

/** Signatures.xml. */
const LISTS: readonly Spelling[] = [
  ['a number for ID', { list: row(`ID="1" Type="Seal" BaseLoc="${PLACE}"`) }],
  ['no ID', { list: row(`Type="Seal" BaseLoc="${PLACE}"`) }],
  ['a long ID', { list: row(`ID="${'s'.repeat(500)}" Type="Seal" BaseLoc="${PLACE}"`) }],
  ['a relative place', { list: row('ID="s1" Type="Seal" BaseLoc="Sign_0/Signature.xml"') }],
  ['a relative place with a dot', { list: row('ID="s1" Type="Seal" BaseLoc="./Sign_0/Signature.xml"') }],
  ['no type', { list: row(`ID="s1" BaseLoc="${PLACE}"`) }, ['TYPE_MISSING']],
  ['what it is relative to', { list: row(`ID="s1" Type="Seal" Relative="s0" BaseLoc="${PLACE}"`) }],
  [
    'the highest ID last',
    {
      list: row(`ID="s1" Type="Seal" BaseLoc="${PLACE}"`).replace(
        /(<ofd:MaxSignId>.*<\/ofd:MaxSignId>)(<ofd:Signature .*\/>)/,
        '$2$1',
      ),
    },
  ],
  [
    'no highest ID',
    { list: row(`ID="s1" Type="Seal" BaseLoc="${PLACE}"`).replace(/<ofd:MaxSignId>.*<\/ofd:MaxSignId>/, '') },
  ],
  ['the highest ID a number', { list: row(`ID="1" Type="Seal" BaseLoc="${PLACE}"`).replace('>s001<', '>1<') }],
  [
    'other letters',
    { list: row('ID="s1" Type="Seal" BaseLoc="/Doc_0/signs/Sign_0/Signature.xml"') },
    ['LOCATION_CASE'],
  ],
  ['no namespace', { list: `<Signatures><Signature ID="1" Type="Seal" BaseLoc="${PLACE}"/></Signatures>` }],
  [
    'another folder',
    { folder: 'Doc_0/Signs/Stamps/1', list: row('ID="s1" Type="Seal" BaseLoc="Stamps/1/Signature.xml"') },
  ],
  [
    'a folder by number',
    { folder: 'Doc_0/Signs/1', list: row('ID="s1" Type="Seal" BaseLoc="/Doc_0/Signs/1/Signature.xml"') },
  ],
];

const unix = { madeBy: 0x0314, attributes: 0x81a4_0000 };

const stamp = Buffer.from('5554050003aabbccdd', 'hex');

const ARCHIVES: readonly (readonly [
  words: string,
  how: Partial<ZipEntry>,
  shape?: ZipShape,
  warned?: readonly string[],
])[] = [
  ['stored', { method: 0 }],
  ['packed little', { level: 1 }],
  ['packed hard', { level: 9 }],
  ['of Unix', unix],
  ['of Unix, stored', { ...unix, method: 0 }],
  ['with times of Unix', { ...unix, extra: [stamp, stamp] }],
  ['with an extra field of NTFS', { extra: [Buffer.of(), Buffer.concat([Buffer.of(10, 0, 4, 0), Buffer.alloc(4)])] }],
  ['of Java, with an extra field of its own', { extra: [Buffer.of(0xfe, 0xca, 0, 0), Buffer.of(0xfe, 0xca, 0, 0)] }],
  ['without the mark of UTF-8', { flags: 0 }],
  ['with a hint of the level', { flags: 0x0802 }],
  ['with data descriptors', { descriptor: 'signed' }, {}, ['DATA_DESCRIPTOR']],
  ['with bare data descriptors', { descriptor: 'bare' }, {}, ['DATA_DESCRIPTOR']],
  ['stored, with data descriptors', { method: 0, descriptor: 'signed' }, {}, ['DATA_DESCRIPTOR']],
  ['with a directory in another order', {}, { order: (numbers) => [...numbers].reverse() }],
  ['of another time', { time: 0x5a21_1234 }],
];

export function* goodOfdOthers(world: OfdWorld): Generator<GoodCase> {
  const { hand, policy } = world;
  const spelled = function* (family: string, spellings: readonly Spelling[]): Generator<GoodCase> {
    for (const [name, how, warned = []] of spellings) {
      yield {
        family,
        format: 'ofd',
        name,
        bytes: strangerOfd(hand, { sealFile: sealOf(hand), ...how }),
        policy,
        warned,
      };
    }
  };
  // a place of the value in the folder alone says nothing of a seal beside it
  const loose = DESCRIPTIONS.map(
    ([words, how, warned = []]): Spelling => [words, { sealFile: undefined, ...how }, warned],
  );
  yield* spelled('OFD descriptions of others', loose);
  yield* spelled('OFD lists of others', LISTS);
  yield* spelled('OFD content of others', CONTENTS);
  for (const [name, entry, shape = {}, warned = []] of ARCHIVES) {
    yield {
      family: 'OFD archives of others',
      format: 'ofd',
      name,
      bytes: strangerOfd(hand, { entry, shape }),
      policy,
      warned,
    };
  }
  const folders = (all: ReadonlyMap<string, Uint8Array>) =>
    zip([
      ...['Doc_0/', 'Doc_0/Res/'].map((name): ZipEntry => ({ name, data: Buffer.of(), method: 0 })),
      ...entriesOf(all),
    ]);
  yield {
    family: 'OFD archives of others',
    format: 'ofd',
    name: 'with folders',
    bytes: strangerOfd(hand, { pack: folders }),
    policy,
    warned: [],
  };
  yield* sealsOf(world);
  yield* signsOf(world);
}
