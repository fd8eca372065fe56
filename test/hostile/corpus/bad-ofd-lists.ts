/** OFD files whose list of signatures was changed: signatures removed, reordered, doubled, pointed elsewhere; and the outer
 *  signature (GB/T 35275) changed or stripped. */
import { type BadCase, badCase } from './case.ts';
import { encodeCms } from './cms.ts';
import { type Base, type OfdWorld, rework } from './ofd-world.ts';
import { encodeStamp, sm3Of } from './seals.ts';
import { listXml, replaceIn, type SignedWords, sealOf, strangerOfd } from './stranger-ofd.ts';

const LIST = 'Doc_0/Signs/Signatures.xml';
const WRONG_LIST = 'structure SIGNATURE_LIST_WRONG';
const CHANGED = 'digest DIGEST_MISMATCH';
const BARE = 'coverage UNCOVERED';
const NOWHERE = 'structure LOCATION_MISSING';
const MALFORMED = 'structure SIGNATURE_MALFORMED';

type Edit = (files: Map<string, Uint8Array>) => void;
type Lists = readonly (readonly [words: string, edit: Edit, blame: readonly string[]])[];

const drop = (files: Map<string, Uint8Array>, folder: string): void => {
  for (const path of [...files.keys()]) if (path.startsWith(`${folder}/`)) files.delete(path);
};

/** Of a package with two signatures of ours. */
const OF_TWO: Lists = [
  [
    'the second signature removed from the list',
    (files) => replaceIn(files, LIST, /<ofd:Signature ID="s002"[^>]*>/, ''),
    [BARE],
  ],
  [
    'the first signature removed from the list',
    (files) => replaceIn(files, LIST, /<ofd:Signature ID="s001"[^>]*>/, ''),
    [WRONG_LIST],
  ],
  [
    'the first signature removed whole',
    (files) => {
      drop(files, 'Doc_0/Signs/Sign_0');
      replaceIn(files, LIST, /<ofd:Signature ID="s001"[^>]*>/, '');
    },
    ['digest REFERENCED_FILE_MISSING', WRONG_LIST],
  ],
  [
    'the two in another order',
    (files) => {
      const [all, one = '', two = ''] =
        /(<ofd:Signature ID="s001"[^>]*>)(<ofd:Signature ID="s002"[^>]*>)/.exec(
          String(Buffer.from(files.get(LIST) ?? [])),
        ) ?? [];
      replaceIn(files, LIST, all ?? '?', two + one);
    },
    [WRONG_LIST],
  ],
  [
    'the first listed twice',
    (files) =>
      replaceIn(
        files,
        LIST,
        /<ofd:Signature ID="s002"[^>]*>/,
        '<ofd:Signature ID="s002" Type="Seal" BaseLoc="Sign_0/Signature.xml"/>',
      ),
    [WRONG_LIST, BARE],
  ],
  ['the list emptied', (files) => replaceIn(files, LIST, /<ofd:Signature .*\/>/, ''), ['structure UNSIGNED']],
  [
    'the value of the second exchanged for the first',
    (files) =>
      files.set('Doc_0/Signs/Sign_1/SignedValue.dat', files.get('Doc_0/Signs/Sign_0/SignedValue.dat') ?? Buffer.of()),
    ['seal SEAL_MISMATCH', MALFORMED, CHANGED],
  ],
];

/** Of any package; `ours` are held to one form of the list. */
const OF_ONE: readonly (readonly [...Lists[number], ofOurs?: readonly string[]])[] = [
  ['the list removed', (files) => files.delete(LIST), [NOWHERE, 'structure UNSIGNED']],
  ['the list emptied of bytes', (files) => files.set(LIST, new Uint8Array()), ['structure XML_MALFORMED']],
  ['a list that is none', (files) => files.set(LIST, Buffer.from('<Lists/>')), [WRONG_LIST]],
  ['a signature without a place', (files) => replaceIn(files, LIST, /BaseLoc="[^"]*"/, ''), [WRONG_LIST]],
  [
    'a signature in a place that is not there',
    (files) => replaceIn(files, LIST, /BaseLoc="[^"]*"/, 'BaseLoc="Sign_7/Signature.xml"'),
    [NOWHERE, BARE],
  ],
  [
    'a signature outside of the package',
    (files) => replaceIn(files, LIST, /BaseLoc="[^"]*"/, 'BaseLoc="../../../../Signature.xml"'),
    [NOWHERE, BARE],
  ],
  [
    'a signature in a page',
    (files) => replaceIn(files, LIST, /BaseLoc="[^"]*"/, 'BaseLoc="/Doc_0/Pages/Page_0/Content.xml"'),
    [MALFORMED, BARE],
  ],
  [
    'the seal said to be a signature',
    (files) => replaceIn(files, LIST, /Type="Seal"/, 'Type="Sign"'),
    [MALFORMED, BARE],
  ],
  [
    'a signature of an unknown type',
    (files) => replaceIn(files, LIST, /Type="Seal"/, 'Type="Stamp"'),
    [WRONG_LIST, BARE],
  ],
  [
    'a further signature that is not there',
    (files) =>
      replaceIn(
        files,
        LIST,
        '</ofd:Signatures>',
        '<ofd:Signature ID="s009" Type="Seal" BaseLoc="Sign_9/Signature.xml"/></ofd:Signatures>',
      ),
    [NOWHERE],
  ],
  ['the description removed', (files) => files.delete('Doc_0/Signs/Sign_0/Signature.xml'), [NOWHERE, BARE]],
  ['the value removed', (files) => files.delete('Doc_0/Signs/Sign_0/SignedValue.dat'), [NOWHERE, BARE]],
  [
    'the description emptied',
    (files) => files.set('Doc_0/Signs/Sign_0/Signature.xml', new Uint8Array()),
    ['structure XML_MALFORMED', BARE],
  ],
];

/** Of ours alone: signatures whose ID, order of attributes, spaces are not as we write. */
const OF_OURS: Lists = [
  ['another ID', (files) => replaceIn(files, LIST, 'ID="s001"', 'ID="s101"'), [WRONG_LIST]],
  ['a space more', (files) => replaceIn(files, LIST, '<ofd:Signature ', '<ofd:Signature  '), [WRONG_LIST]],
  ['a comment', (files) => replaceIn(files, LIST, '</ofd:Signatures>', '<!-- x --></ofd:Signatures>'), [WRONG_LIST]],
  [
    'the highest ID said',
    (files) => replaceIn(files, LIST, '<ofd:Signature ', '<ofd:MaxSignId>s001</ofd:MaxSignId><ofd:Signature '),
    [WRONG_LIST],
  ],
  ['the type left out', (files) => replaceIn(files, LIST, ' Type="Seal"', ''), [WRONG_LIST]],
  [
    'an absolute place',
    (files) => replaceIn(files, LIST, 'BaseLoc="Sign_0', 'BaseLoc="/Doc_0/Signs/Sign_0'),
    [WRONG_LIST],
  ],
  [
    'a place by a way around',
    (files) => replaceIn(files, LIST, 'BaseLoc="Sign_0', 'BaseLoc="../Signs/Sign_0'),
    [WRONG_LIST],
  ],
];

function* listsOf(
  base: Base,
  lists: readonly (readonly [...Lists[number], ofOurs?: readonly string[]])[],
): Generator<BadCase> {
  for (const [words, edit, blame, ofOurs = blame] of lists) {
    const name = `${base.name}: ${words}`;
    yield badCase('OFD list of signatures', 'ofd', base.policy, {
      name,
      bytes: rework(base.bytes, edit),
      blame: base.ours ? ofOurs : blame,
    });
  }
}

const OUTER = 'Doc_0/Signs/Sign_1';

/** The outer signature of our own files. */
function* outerOf({ bases, office, hand, strange }: OfdWorld): Generator<BadCase> {
  const { signed } = bases;
  const value = `${OUTER}/SignedValue.dat`;
  const bad = (words: string, blame: readonly string[], edit: Edit) =>
    badCase('OFD outer signature', 'ofd', signed.policy, { name: words, blame, bytes: rework(signed.bytes, edit) });
  const patch = (find: Uint8Array, put: Uint8Array) => (files: Map<string, Uint8Array>) => {
    const bytes = Buffer.from(files.get(value) ?? []);
    const at = bytes.indexOf(find);
    if (at < 0) throw new Error('nothing to patch');
    bytes.set(put, at);
    files.set(value, bytes);
  };
  yield bad('stripped, its files left', [BARE], (files) =>
    replaceIn(files, LIST, /<ofd:Signature ID="s002"[^>]*>/, ''),
  );
  yield bad('its value exchanged for a seal', [MALFORMED], (files) =>
    files.set(value, files.get('Doc_0/Signs/Sign_0/SignedValue.dat') ?? Buffer.of()),
  );
  yield bad('its value emptied', [MALFORMED], (files) => files.set(value, new Uint8Array()));
  yield bad('its value with a byte behind', [MALFORMED], (files) =>
    files.set(value, Buffer.concat([files.get(value) ?? Buffer.of(), Buffer.of(0)])),
  );
  yield bad('said to be a seal', [MALFORMED], (files) => replaceIn(files, LIST, 'Type="Sign"', 'Type="Seal"'));
  const { repository, crls, tsa, signer } = office;
  const flip = (bytes: Uint8Array, at: number) =>
    Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
  yield bad(
    'a byte of its own certificate’s signature',
    [MALFORMED, 'trust CERTIFICATE_CHAIN_BROKEN'],
    patch(repository.certificate, flip(repository.certificate, repository.certificate.length - 4)),
  );
  yield bad(
    'a byte of the seal signer’s certificate kept along',
    [MALFORMED],
    patch(signer.certificate, flip(signer.certificate, signer.certificate.length - 4)),
  );
  yield bad(
    'a byte of a revocation list kept along',
    [MALFORMED],
    patch(crls[0] ?? Buffer.of(), flip(crls[0] ?? Buffer.of(), (crls[0]?.length ?? 5) - 4)),
  );
  yield bad(
    'a byte of the clock’s certificate kept along',
    [MALFORMED],
    patch(tsa.certificate, flip(tsa.certificate, tsa.certificate.length - 4)),
  );
  yield bad('its description: another time', [CHANGED, 'signature SIGNATURE_INVALID', 'time TIME_IN_FUTURE'], (files) =>
    replaceIn(files, `${OUTER}/Signature.xml`, /<ofd:SignatureDateTime>\d/, '<ofd:SignatureDateTime>3'),
  );
  yield bad(
    'its description: a reference of the seal removed',
    [CHANGED, 'signature SIGNATURE_INVALID', 'coverage SIGNATURE_UNCOVERED'],
    (files) =>
      replaceIn(
        files,
        `${OUTER}/Signature.xml`,
        /<ofd:Reference FileRef="\/Doc_0\/Signs\/Sign_0\/Seal.esl">.*?<\/ofd:Reference>/,
        '',
      ),
  );
  yield bad('the seal under it stripped', ['digest REFERENCED_FILE_MISSING', WRONG_LIST], (files) => {
    drop(files, 'Doc_0/Signs/Sign_0');
    replaceIn(files, LIST, /<ofd:Signature ID="s001"[^>]*>/, '');
  });
  yield bad('the description of the seal under it: another time', [CHANGED], (files) =>
    replaceIn(files, 'Doc_0/Signs/Sign_0/Signature.xml', /<ofd:SignatureDateTime>\d/, '<ofd:SignatureDateTime>3'),
  );
  yield bad(
    'the seal under it signed by a stranger',
    [CHANGED, 'seal SEAL_SIGNER_UNLISTED', 'trust UNTRUSTED', 'seal SEAL_MISMATCH'],
    (files) => {
      const dataHash = sm3Of(files.get('Doc_0/Signs/Sign_0/Signature.xml') ?? Buffer.of());
      const propertyInfo = '/Doc_0/Signs/Sign_0/Signature.xml';
      files.set(
        'Doc_0/Signs/Sign_0/SignedValue.dat',
        encodeStamp({ seal: sealOf(hand), signer: strange, dataHash, propertyInfo }),
      );
    },
  );
}

/** Files whose content says that an outer signature follows the seal. */
function* announcedOf({ bases, takenOver }: OfdWorld): Generator<BadCase> {
  const { bytes, policy } = bases.announced;
  const bad = (name: string, blame: readonly string[], edit: Edit) =>
    badCase('OFD outer signature', 'ofd', policy, { name, blame, bytes: rework(bytes, edit) });
  const stripped = 'coverage SIGNATURE_STRIPPED';
  yield bad('announced, and stripped whole', [stripped], (files) => {
    drop(files, OUTER);
    replaceIn(files, LIST, /<ofd:Signature ID="s002"[^>]*>/, '');
  });
  yield bad('announced, and stripped from the list', [stripped, BARE], (files) =>
    replaceIn(files, LIST, /<ofd:Signature ID="s002"[^>]*>/, ''),
  );
  for (const [name, taken] of takenOver) {
    yield badCase('OFD outer signature', 'ofd', policy, { name, blame: [stripped], bytes: taken });
  }
}

/** Signatures of Type Sign by others. */
function* signsOf({ hand, policy, signer, strange }: OfdWorld): Generator<BadCase> {
  const row = '<ofd:Signature ID="s001" Type="Sign" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>';
  const made = (name: string, value: NonNullable<SignedWords['value']>, blame: readonly string[]) =>
    badCase('OFD outer signature', 'ofd', policy, {
      name,
      blame,
      bytes: strangerOfd(hand, { list: listXml(row), value }),
    });
  yield made('a bare value of who brings no certificate', (_hash, _path, text) => signer.sign(text), [
    'certificate CERTIFICATE_MISSING',
  ]);
  yield made('a bare value of nothing', () => Buffer.alloc(64), ['certificate CERTIFICATE_MISSING']);
  yield made('signed data of international form', (hash) => encodeCms(hash, { signer, content: hash }), [
    MALFORMED,
    BARE,
  ]);
  yield made('no value', () => Buffer.of(), [MALFORMED, BARE]);
  yield made('a bare value over the digest', (hash) => strange.sign(hash), ['certificate CERTIFICATE_MISSING']);
}

export function* badOfdLists(world: OfdWorld): Generator<BadCase> {
  const { bases } = world;
  yield* listsOf(bases.twice, OF_TWO);
  yield* listsOf(bases.sealed, OF_ONE);
  yield* listsOf(bases.foreign, OF_ONE);
  yield* listsOf(bases.sealed, OF_OURS);
  yield* outerOf(world);
  yield* announcedOf(world);
  yield* signsOf(world);
}
