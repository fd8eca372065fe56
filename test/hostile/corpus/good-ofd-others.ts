/** Genuine OFD files as others make them: every order, spelling, encoding and archive seen (GB/T 33190 §18 as practised), and
 *  seals of three generations by an independent encoder. */
import {
  certificateTime,
  element,
  generalizedTime,
  octetString,
  oid,
  sequence,
} from '../../../signing/der/write-der.ts';
import type { GoodCase } from './case.ts';
import { attribute, type CmsWords, encodeCms, encodeToken, signingTime } from './cms.ts';
import { extendedUse, keyUsage, makePerson } from './certificates.ts';
import type { OfdWorld } from './ofd-world.ts';
import { richFiles } from './rich-package.ts';
import { encodeSeal, encodeStamp, rawOf, type SealWords, type StampWords, withUnusedBits } from './seals.ts';
import {
  type Description,
  describeInOrder,
  listXml,
  referencesXml,
  replaceIn,
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

const files = (alter: (files: Map<string, Uint8Array>) => void): SignedWords => {
  const content = richFiles();
  alter(content);
  return { files: content };
};
const part = (path: string, from: string | RegExp, to: string): SignedWords =>
  files((all) => replaceIn(all, path, from, to));

const [ROOT, DOCUMENT, PAGE] = ['OFD.xml', 'Doc_0/Document.xml', 'Doc_0/Pages/Page_0/Content.xml'];

/** How real content deviates from the schema. */
const CONTENTS: readonly Spelling[] = [
  ['version 1.1', part(ROOT, 'Version="1.0"', 'Version="1.1"')],
  ['the archive profile', part(ROOT, 'DocType="OFD"', 'DocType="OFD-A"')],
  ['the namespace without its year', part(ROOT, NS, 'http://www.ofdspec.org')],
  ['no highest number', part(DOCUMENT, /<ofd:MaxUnitID>.*<\/ofd:MaxUnitID>/, '')],
  [
    'the highest number last',
    part(
      DOCUMENT,
      /<ofd:MaxUnitID>90<\/ofd:MaxUnitID>(.*)<\/ofd:CommonData>/,
      '<ofd:PageArea/><ofd:TemplatePage ID="70" BaseLoc="Tpls/Tpl_0/Content.xml"/><ofd:MaxUnitID>90</ofd:MaxUnitID></ofd:CommonData>',
    ),
  ],
  ['a layer without ID', part(PAGE, /<ofd:Layer ID="\d+"/, '<ofd:Layer')],
  [
    'a path without ID, colours in another order',
    part(
      PAGE,
      '</ofd:Layer>',
      '<ofd:PathObject Boundary="0 0 9 9"><ofd:FillColor Value="0 0 0"/><ofd:StrokeColor Value="0 0 0"/></ofd:PathObject></ofd:Layer>',
    ),
  ],
  ['a crop box', part(PAGE, '</ofd:PhysicalBox>', '</ofd:PhysicalBox><ofd:CropBox>0 0 9 9</ofd:CropBox>')],
  [
    'an area before the template',
    part(PAGE, /(<ofd:Template.*?\/>)(.*)(<ofd:Area>.*<\/ofd:Area>)/, '<ofd:Area/><ofd:Template TemplateID="70"/>'),
  ],
  [
    'attachments without ID, with a date of its own kind',
    part('Doc_0/Attachs/Attachments.xml', 'ID="a001"', 'CreationDate="2020/10/10 15:11:19"'),
  ],
  [
    'an annotation of nobody',
    part('Doc_0/Annots/Page_0/Annotation.xml', 'Creator="证库" LastModDate="2026-06-01"', ''),
  ],
  [
    'parameters without prefix',
    part(
      'Doc_0/Annots/Page_0/Annotation.xml',
      '<ofd:Appearance',
      '<Parameters><Parameter Name="a">b</Parameter></Parameters><ofd:Appearance',
    ),
  ],
  ['tags by type', part('Doc_0/Tags/CustomTags.xml', 'NameSpace="http://example.org/licence"', 'TypeID="0"')],
  ['a font that is not embedded', part('Doc_0/PublicRes.xml', '<ofd:FontFile>font.ttf</ofd:FontFile>', '')],
  ['a picture that is not there', part('Doc_0/DocumentRes.xml', 'bg.png', 'none.png'), ['LOCATION_MISSING']],
  ['a template in other letters', part(DOCUMENT, 'Tpls/Tpl_0', 'TPLS/Tpl_0'), ['LOCATION_CASE']],
  ['absolute places', part(DOCUMENT, 'Pages/Page_0', '/Doc_0/Pages/Page_0')],
  [
    'a byte order mark',
    files((all) => void all.set(ROOT, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), all.get(ROOT) ?? Buffer.of()]))),
  ],
  ['no versions', part(ROOT, /<ofd:Versions>.*<\/ofd:Versions>/, '')],
  ['names in Chinese', files((all) => void all.set('Doc_0/附件/营业执照.xml', Buffer.from('<a/>')))],
  ['a long name', files((all) => void all.set(`Doc_0/${'长'.repeat(60)}.xml`, Buffer.from('<a/>')))],
  ['an empty file', files((all) => void all.set('Doc_0/Res/empty.dat', Buffer.of()))],
  [
    'a part of a megabyte',
    files(
      (all) =>
        void all.set(
          'Doc_0/Res/big.dat',
          Buffer.from(Array.from({ length: 2 ** 20 }, (_, at) => (at * at * 31 + (at >> 3) * 7) & 0xff)),
        ),
    ),
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

const base = new Date('2026-06-02T03:04:05Z');
const makeTimes = (): readonly (readonly [words: string, time: Uint8Array, warned: readonly string[]])[] => {
  const bits = (text: string) => element(3, Uint8Array.of(0), Buffer.from(text));
  const text = ['TEXT_TIME'];
  return [
    ['UTCTime', certificateTime(base), []],
    ['GeneralizedTime', generalizedTime(base), []],
    ['text with a space', bits('2026-06-02 11:04:05'), text],
    ['text of ISO', bits('2026-06-02T03:04:05Z'), text],
    ['text of ISO with a zone', bits('2026-06-02T11:04:05+08:00'), text],
    ['text of ISO with a fraction', bits('2026-06-02T03:04:05.678Z'), text],
    ['text of GeneralizedTime', bits('20260602030405Z'), text],
    ['text without a zone', bits('20260602110405'), text],
    ['text of UTCTime', bits('260602030405Z'), text],
    ['seconds', bits('1780369445'), text],
    ['text in an OCTET STRING', octetString(Buffer.from('20260602030405Z')), text],
  ];
};

function* sealsOf({ hand, maker, signer, other, policy, issuing }: OfdWorld): Generator<GoodCase> {
  const extensions = sequence(
    sequence(oid('1.2.156.10197.6.7.2.2.1'), Buffer.from('010100', 'hex'), octetString(Buffer.from('2.1'))),
  );
  const plain = sequence(sequence(oid('1.2.3'), octetString(Buffer.from('2.1'))));
  const raw = (value: Uint8Array) => element(3, Uint8Array.of(0), ...rawOf(value));
  type Made = readonly [
    words: string,
    seal: Partial<SealWords>,
    stamp?: Partial<StampWords>,
    warned?: readonly string[],
  ];
  const all: readonly Made[] = [
    ['plain', {}],
    ['with extensions', { extensions }],
    ['with extensions that leave criticality out', { extensions: plain }],
    ['for two signers', { signers: [other.certificate, signer.certificate] }],
    ['with a package for a picture', { pictureType: 'ofd', picture: zip(entriesOf(richFiles())) }],
    ['with a GIF for a picture', { pictureType: 'gif' }],
    ['with a name in Chinese', { name: '郑州市市场监督管理局行政审批专用章（1）' }],
    ['with a long name', { name: '章'.repeat(300) }],
    ['with no name', { name: '' }],
    ['with a large picture', { picture: Buffer.alloc(200_000, 3) }],
    ['that begins with the signing', { from: '2026-06-02T03:04:05Z' }],
    ['that ends with the signing', { to: '2026-06-02T03:04:05Z' }],
    ['with a raw value of the maker', { bits: raw }, {}, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the maker', { bits: withUnusedBits(1) }, {}, ['UNUSED_BITS']],
    ['with a raw value of the signer', {}, { bits: raw }, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the signer', {}, { bits: withUnusedBits(3) }, ['UNUSED_BITS']],
    ['with eight unused bits', {}, { bits: withUnusedBits(8) }, ['UNUSED_BITS']],
    ['with both raw', { bits: raw }, { bits: raw }, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the hash', {}, { hashElement: withUnusedBits(5) }, ['UNUSED_BITS']],
    ['with a place of JSON', {}, { propertyInfo: '{"path":"/Doc_0"}' }],
    ['with a number for a place', {}, { propertyInfo: '1' }],
    ['with no place', {}, { propertyInfo: '' }],
    ['with a blank place', {}, { propertyInfo: ' ' }],
  ];
  const made = (version: 1 | 4 | 5, [words, seal, stamp = {}, warned = []]: Made): GoodCase => {
    const eseal = encodeSeal({ version, maker, signers: [signer.certificate], ...seal });
    const bytes = strangerOfd(hand, {
      sealFile: eseal,
      value: (dataHash, propertyInfo) =>
        encodeStamp({ version, seal: eseal, signer, dataHash, propertyInfo, ...stamp }),
    });
    return {
      family: 'OFD seals of others',
      format: 'ofd',
      name: `version ${version}, ${words}`,
      bytes,
      policy,
      warned,
    };
  };
  for (const version of [1, 4, 5] as const) for (const one of all) yield made(version, one);
  for (const version of [4, 5] as const) {
    for (const digestsBy of ['SM3', 'sm3', '1.2.156.10197.1.401'])
      yield made(version, [`digests by ${digestsBy}`, { digestsBy }]);
    yield made(version, ['extensions of the stamp', {}, { extensions: plain }]);
  }
  const tsa = makePerson('SM2', '时间戳', issuing, { extensions: [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')] });
  const timeStamp = (made: Uint8Array) => encodeToken(made, { tsa, hash: 'sm3', at: '2026-05-02T00:00:00Z' });
  yield made(5, ['a time-stamp of the seal', { timeStamp }]);
  for (const [words, time, warned] of makeTimes()) yield made(1, [`a time in ${words}`, {}, { time }, warned]);
  yield made(1, ['a hash in an OCTET STRING', {}, { hashElement: octetString }]);
  for (const accepted of [maker, issuing]) {
    const believed = { ...policy, sealMakers: [accepted.certificate] };
    yield {
      ...made(4, [`of an accepted maker, ${accepted === maker ? 'by name' : 'by its authority'}`, {}]),
      policy: believed,
    };
  }
}

function* signsOf({ hand, policy, signer, issuing, root }: OfdWorld): Generator<GoodCase> {
  const list = listXml(`<ofd:Signature ID="s001" Type="Sign" BaseLoc="${PLACE}"/>`);
  const digest = (hash: Uint8Array) => attribute('1.2.840.113549.1.9.4', octetString(hash));
  const signed = (
    words: string,
    value: NonNullable<SignedWords['value']>,
    warned: readonly string[] = [],
    more = policy,
  ): GoodCase => ({
    family: 'OFD signatures of others without a seal',
    format: 'ofd',
    name: words,
    bytes: strangerOfd(hand, { list, value }),
    policy: more,
    warned,
  });
  const gm = (cms: Partial<CmsWords>) => (hash: Uint8Array) =>
    encodeCms(hash, { signer, gm: true, attributes: 'none', ...cms });
  const type = attribute('1.2.840.113549.1.9.3', oid('1.2.156.10197.6.1.4.2.1'));
  yield signed('signed data with the digest inside', (hash) => gm({ content: hash })(hash));
  yield signed('signed data without content', gm({}));
  yield signed('signed data with its chain', (hash) =>
    gm({ content: hash, certificates: [signer.certificate, issuing.certificate, root.certificate] })(hash),
  );
  yield signed(
    'signed data whose authority it brings',
    gm({ certificates: [signer.certificate, issuing.certificate] }),
    [],
    { ...policy, certificates: [root.certificate] },
  );
  yield signed('signed data with attributes', (hash) =>
    gm({ attributes: 'plain', onlyAttributes: [type, digest(hash)] })(hash),
  );
  yield signed('signed data with a time', (hash) =>
    gm({ attributes: 'plain', onlyAttributes: [type, digest(hash), signingTime('2026-06-02T03:04:05Z')] })(hash),
  );
  yield signed('the algorithm of SM2 by its own number', gm({ algorithm: sequence(oid('1.2.156.10197.1.301.1')) }));
  const known = { ...policy, certificates: [...(policy.certificates ?? []), signer.certificate] };
  yield signed('a bare value', (_hash, _path, text) => signer.sign(text), ['BARE_SIGNATURE'], known);
  yield signed(
    'a bare raw value',
    (_hash, _path, text) => Buffer.concat([...rawOf(signer.sign(text))]),
    ['BARE_SIGNATURE'],
    known,
  );
}

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
