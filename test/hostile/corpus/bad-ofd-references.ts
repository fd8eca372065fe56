/** OFD files whose description of the signature was changed after sealing, or was badly made by somebody who may seal. */
import { createHash } from 'node:crypto';
import { type BadCase, badCase } from './case.ts';
import { type Base, type OfdWorld, rework } from './ofd-world.ts';
import { describeInOrder, replaceIn, type SignedWords, strangerOfd } from './stranger-ofd.ts';

const CHANGED = 'digest DIGEST_MISMATCH';
const GONE = 'digest REFERENCED_FILE_MISSING';
const BARE = 'coverage UNCOVERED';
const MALFORMED = 'structure SIGNATURE_MALFORMED';
const NOWHERE = 'structure LOCATION_MISSING';
const PAGE = '/Doc_0/Pages/Page_0/Content.xml';

const sm3Text = (text: string): string => createHash('sm3').update(text).digest('base64');

interface Edit {
  readonly words: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly blame: readonly string[];
  /** Where our own form asks for more. */
  readonly ofOurs?: readonly string[];
}

/** The row of one file. */
const rowOf = (path: string): RegExp =>
  new RegExp(`<ofd:Reference FileRef="${path}"><ofd:CheckValue>[^<]*</ofd:CheckValue></ofd:Reference>`);
const digestAt = (path: string): RegExp => new RegExp(`(?<=FileRef="${path}"><ofd:CheckValue>)[^<]*`);

const EDITS: readonly Edit[] = [
  { words: 'a digest of other content', from: digestAt(PAGE), to: sm3Text('other'), blame: [CHANGED] },
  {
    words: 'a digest with a digit of base64 more',
    from: digestAt(PAGE),
    to: `${sm3Text('other')}A`,
    blame: [MALFORMED, BARE],
  },
  { words: 'a digest that is no base64', from: digestAt(PAGE), to: '!!!!', blame: [MALFORMED, BARE] },
  {
    words: 'a digest of unused bits',
    from: digestAt(PAGE),
    to: `${sm3Text('x').slice(0, -2)}B=`,
    blame: [MALFORMED, BARE],
  },
  { words: 'an empty digest', from: digestAt(PAGE), to: '', blame: [CHANGED] },
  {
    words: 'a digest in hexadecimal',
    from: digestAt(PAGE),
    to: createHash('sm3').update('x').digest('hex'),
    blame: [CHANGED],
  },
  {
    words: 'a digest of SHA-256',
    from: digestAt(PAGE),
    to: createHash('sha256').update('x').digest('base64'),
    blame: [CHANGED],
  },
  { words: 'a reference removed', from: rowOf(PAGE), to: '', blame: [CHANGED, BARE] },
  {
    words: 'the reference of OFD.xml removed',
    from: rowOf('/OFD.xml'),
    to: '',
    blame: [CHANGED],
    ofOurs: [CHANGED, BARE],
  },
  {
    words: 'a reference to a file that is not there',
    from: `FileRef="${PAGE}"`,
    to: 'FileRef="/Doc_0/None.xml"',
    blame: [CHANGED, GONE, BARE],
  },
  {
    words: 'a reference out of the package',
    from: `FileRef="${PAGE}"`,
    to: 'FileRef="/../../etc/passwd"',
    blame: [CHANGED, GONE, BARE],
  },
  { words: 'a reference to nothing', from: `FileRef="${PAGE}"`, to: 'FileRef=""', blame: [CHANGED, GONE, BARE] },
  {
    words: 'a reference in other letters',
    from: `FileRef="${PAGE}"`,
    to: `FileRef="${PAGE.toUpperCase()}"`,
    blame: [CHANGED],
    // our own packages hold their files in the order, and by the names, that the signature has
    ofOurs: ['structure CONTAINER_CHANGED', CHANGED],
  },
  {
    words: 'a reference by a way around',
    from: `FileRef="${PAGE}"`,
    to: `FileRef="/Doc_0/../${PAGE.slice(1)}"`,
    blame: [CHANGED],
  },
  {
    words: 'a reference twice',
    from: '</ofd:References>',
    to: `<ofd:Reference FileRef="${PAGE}"><ofd:CheckValue>${sm3Text('x')}</ofd:CheckValue></ofd:Reference></ofd:References>`,
    blame: [CHANGED],
    // the archive is in the order of the references
    ofOurs: [CHANGED, 'structure CONTAINER_CHANGED'],
  },
  {
    words: 'two lists of references',
    from: '</ofd:References>',
    to: '</ofd:References><ofd:References CheckMethod="SM3"/>',
    blame: ['structure XML_MALFORMED', BARE],
  },
  { words: 'no list of references', from: /<ofd:References.*<\/ofd:References>/, to: '', blame: [MALFORMED, BARE] },
  {
    words: 'digests said to be MD5',
    from: /CheckMethod="[^"]*"/,
    to: 'CheckMethod="MD5"',
    blame: [CHANGED, 'digest DIGEST_WEAK', BARE],
  },
  {
    words: 'digests said to be SHA1',
    from: /CheckMethod="[^"]*"/,
    to: 'CheckMethod="SHA1"',
    blame: [CHANGED, 'digest DIGEST_WEAK', BARE],
  },
  { words: 'digests of no method', from: / CheckMethod="[^"]*"/, to: '', blame: [CHANGED, 'digest DIGEST_WEAK', BARE] },
  {
    words: 'digests of an unknown method',
    from: /CheckMethod="[^"]*"/,
    to: 'CheckMethod="CRC32"',
    blame: [CHANGED, 'digest ALGORITHM_UNSUPPORTED', BARE],
  },
  { words: 'another spelling of the method', from: /CheckMethod="[^"]*"/, to: 'CheckMethod="sm3"', blame: [CHANGED] },
  { words: 'another version of the provider', from: /Version="(\d)/, to: 'Version="9', blame: [CHANGED] },
  { words: 'another company', from: /Company="[^"]*"/, to: 'Company="某司"', blame: [CHANGED] },
  { words: 'another time', from: /<ofd:SignatureDateTime>\d/, to: '<ofd:SignatureDateTime>3', blame: [CHANGED] },
  { words: 'another signature method', from: '1.2.156.10197.1.501', to: '1.2.156.10197.1.502', blame: [CHANGED] },
  { words: 'the stamp moved', from: /Boundary="[^"]*"/, to: 'Boundary="10 20 42 42"', blame: [CHANGED] },
  { words: 'the stamp on another page', from: 'PageRef="1"', to: 'PageRef="9"', blame: [CHANGED] },
  { words: 'the stamp removed', from: /<ofd:StampAnnot[^>]*>/, to: '', blame: [CHANGED] },
  {
    words: 'a stamp more',
    from: '<ofd:StampAnnot',
    to: '<ofd:StampAnnot ID="z" PageRef="9" Boundary="1 1 9 9"/><ofd:StampAnnot',
    blame: [CHANGED],
  },
  { words: 'the seal left out', from: /<ofd:Seal>.*<\/ofd:Seal>/, to: '', blame: [CHANGED] },
  { words: 'the seal in a file that is not there', from: 'Seal.esl</', to: 'None.esl</', blame: [CHANGED, NOWHERE] },
  { words: 'the value in a file that is not there', from: 'SignedValue.dat', to: 'None.dat', blame: [NOWHERE, BARE] },
  { words: 'the value in a page', from: /\/Doc_0\/Signs\/Sign_0\/SignedValue.dat/, to: PAGE, blame: [MALFORMED, BARE] },
  { words: 'no place of the value', from: /<ofd:SignedValue>[^<]*<\/ofd:SignedValue>/, to: '', blame: [NOWHERE, BARE] },
  {
    words: 'another element at the root',
    from: /ofd:Signature([ >])(?!.*ofd:Signature[ >])/s,
    to: 'ofd:Signed>',
    blame: ['structure XML_MALFORMED', BARE],
  },
];

function* editsOf(base: Base): Generator<BadCase> {
  const path = `${base.folders[0]}/Signature.xml`;
  const signedAlong = base.folders.length > 1;
  for (const { words, from, to, blame: first, ofOurs } of EDITS) {
    const blame = (base.ours && !signedAlong && ofOurs) || first;
    const bytes = rework(base.bytes, (files) => replaceIn(files, path, from, to));
    yield badCase('OFD description changed', 'ofd', base.policy, {
      name: `${base.name}: ${words}`,
      bytes,
      // where a later signature covers the description, it tells too, and covers what the first let go
      blame: signedAlong ? [CHANGED, ...blame.filter((one) => one !== CHANGED && one !== BARE)] : blame,
    });
  }
}

/** Signed so by somebody who may seal. */
const MADE: readonly (readonly [words: string, how: SignedWords, blame: readonly string[]])[] = [
  ['digests of MD5', { method: 'MD5', hash: 'md5' }, ['digest DIGEST_WEAK', BARE]],
  ['digests of SHA-1', { method: 'SHA1', hash: 'sha1' }, ['digest DIGEST_WEAK', BARE]],
  ['digests of SHA-1 by its identifier', { method: '1.3.14.3.2.26', hash: 'sha1' }, ['digest DIGEST_WEAK', BARE]],
  ['digests of MD5, unsaid', { method: undefined, hash: 'md5' }, ['digest DIGEST_WEAK', BARE]],
  ['digests of SM3, unsaid', { method: undefined }, ['digest DIGEST_WEAK', BARE]],
  ['digests of SHA-256 said to be SM3', { hash: 'sha256' }, [CHANGED]],
  ['digests of an unknown method', { method: 'SHA3' }, ['digest ALGORITHM_UNSUPPORTED', BARE]],
  ['a page left uncovered', { leaveOut: (path) => path.includes('Page_1/Content') }, [BARE]],
  ['the document left uncovered', { leaveOut: (path) => path === 'Doc_0/Document.xml' }, [BARE]],
  ['the font left uncovered', { leaveOut: (path) => path.endsWith('.ttf') }, [BARE]],
  ['the attachment left uncovered', { leaveOut: (path) => path.endsWith('.json') }, [BARE]],
  ['the annotations left uncovered', { leaveOut: (path) => path.includes('Annots') }, [BARE]],
  ['the version left uncovered', { leaveOut: (path) => path.includes('Versions') }, [BARE]],
  [
    'OFD.xml and the document left uncovered',
    { leaveOut: (path) => path === 'OFD.xml' || path === 'Doc_0/Document.xml' },
    [BARE],
  ],
  ['nothing covered', { leaveOut: () => true }, [BARE]],
  ['references out of the package', { reference: (path) => `/../${path}` }, [GONE, BARE]],
  [
    'a reference to what is not there',
    { moreReferences: (rows) => [...rows, ['/Doc_0/None.xml', Buffer.alloc(32)]] },
    [GONE],
  ],
  [
    'digests cut to half',
    { moreReferences: (rows) => rows.map(([path, digest]) => [path, digest.subarray(0, 16)]) },
    [CHANGED],
  ],
  ['a file under two digests', { moreReferences: (rows) => [...rows, [PAGE, Buffer.alloc(32)]] }, [CHANGED]],
  [
    'the name of our own provider on a form not ours',
    { provider: 'Zhengku' },
    ['structure CONTAINER_CHANGED', 'structure SIGNATURE_LIST_WRONG'],
  ],
  [
    'two values',
    { describe: (one) => describeInOrder(one).replace(/(<ofd:SignedValue>.*<\/ofd:SignedValue>)/, '$1$1') },
    ['structure XML_MALFORMED', BARE],
  ],
  [
    'two providers',
    { describe: (one) => describeInOrder(one).replace(/(<ofd:Provider[^>]*>)/, '$1$1') },
    ['structure XML_MALFORMED', BARE],
  ],
  [
    'another element at the root',
    {
      describe: (one) =>
        describeInOrder(one).replaceAll('ofd:Signature>', 'ofd:Signed>').replace('<ofd:Signature ', '<ofd:Signed '),
    },
    [MALFORMED, BARE],
  ],
];

export function* badOfdReferences({ bases, hand, policy }: OfdWorld): Generator<BadCase> {
  for (const base of [bases.sealed, bases.signed, bases.foreign]) yield* editsOf(base);
  for (const [name, how, blame] of MADE) {
    yield badCase('OFD description badly made', 'ofd', policy, { name, bytes: strangerOfd(hand, how), blame });
  }
  // OFD.xml uncovered is let pass while its documents are covered: not when it is led elsewhere
  const loose: SignedWords = { leaveOut: (path) => path === 'OFD.xml' };
  const lead = (to: string, blame: readonly string[]) =>
    badCase('OFD description badly made', 'ofd', policy, {
      name: `OFD.xml uncovered, and then led to ${to}`,
      blame,
      bytes: strangerOfd(hand, {
        ...loose,
        finish: (files) => {
          files.set('Doc_1/Document.xml', Buffer.from(files.get('Doc_0/Document.xml') ?? []));
          if (to === 'nowhere') files.delete('Doc_1/Document.xml');
          replaceIn(files, 'OFD.xml', '<ofd:DocRoot>Doc_0/', '<ofd:DocRoot>Doc_1/');
        },
      }),
    });
  yield lead('a forged document', [BARE, NOWHERE]);
  yield lead('nowhere', [BARE, NOWHERE]);
}
