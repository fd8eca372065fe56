/** OFD files with XML parts that different readers read differently, or that harm them (XML 1.0), signed by somebody who may
 *  seal. */
import { type BadCase, badCase } from './case.ts';
import { type OfdWorld, rework } from './ofd-world.ts';
import { describeInOrder, replaceIn, type SignedWords, strangerOfd } from './stranger-ofd.ts';
import type { Files } from './zip.ts';

function filesOf(bytes: Uint8Array): Files {
  let files: Files = new Map();
  rework(bytes, (found) => {
    files = new Map(found);
  });
  return files;
}

const XML = ['structure XML_MALFORMED'];

const OFD = 'OFD.xml';

const DOCUMENT = 'Doc_0/Document.xml';

const LIST = 'Doc_0/Signs/Signatures.xml';

const DTD = '<!DOCTYPE ofd:OFD [<!ENTITY a "Doc_0">]>';

const latin = (text: string) => Buffer.from(text, 'latin1');

/** XML parts of odd form: changed before they are signed, so that nothing else is wrong. */
const PARTS: readonly (readonly [
  words: string,
  path: string,
  from: string | RegExp,
  to: string,
  blame?: readonly string[],
])[] = [
  ['a document type', OFD, '?>\n', `?>\n${DTD}`],
  ['a document type from elsewhere', OFD, '?>\n', '?>\n<!DOCTYPE x SYSTEM "http://example.org/x.dtd">'],
  ['an entity of a file', OFD, '?>\n', '?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
  ['an entity that is not known', OFD, '营业执照', '&unknown;'],
  [
    'a million laughs',
    OFD,
    '?>\n',
    `?>\n<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(100)}"><!ENTITY c "${'&b;'.repeat(100)}">]>`,
  ],
  ['the encoding GBK', OFD, 'encoding="UTF-8"', 'encoding="GBK"'],
  ['the encoding UTF-16', OFD, 'encoding="UTF-8"', 'encoding="UTF-16"'],
  ['the encoding ISO-8859-1', OFD, 'encoding="UTF-8"', 'encoding="ISO-8859-1"'],
  ['no end of the root', OFD, '</ofd:OFD>', ''],
  ['two roots', OFD, '</ofd:OFD>', '</ofd:OFD><ofd:OFD/>'],
  ['words behind the root', OFD, '</ofd:OFD>', '</ofd:OFD>words'],
  ['an attribute twice', OFD, 'Version="1.0"', 'Version="1.0" Version="1.1"'],
  ['an attribute twice under two prefixes', OFD, 'Version="1.0"', 'Version="1.0" ofd:Version="1.1"'],
  ['crossed elements', OFD, '</ofd:Title>', '</ofd:Titel>'],
  ['a naked ampersand', OFD, '营业执照', 'a & b'],
  ['a control character', OFD, '营业执照', 'a\u0001b'],
  ['two roots of the document', OFD, '<ofd:DocRoot>', '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:DocRoot>'],
  ['two lists of signatures', OFD, '<ofd:Signatures>', '<ofd:Signatures>Doc_0/x.xml</ofd:Signatures><ofd:Signatures>'],
  ['another root', OFD, /ofd:OFD/g, 'ofd:ODF', ['structure UNREADABLE']],
  ['no body', OFD, /<ofd:DocBody>.*<\/ofd:DocBody>/s, '', ['structure UNREADABLE']],
  ['no root of the document', OFD, /<ofd:DocRoot>.*?<\/ofd:DocRoot>/, '', ['structure LOCATION_MISSING']],
  ['no list of signatures', OFD, /<ofd:Signatures>.*?<\/ofd:Signatures>/, '', ['structure UNSIGNED']],
  [
    'elements nested a hundred deep',
    OFD,
    '</ofd:OFD>',
    `${'<a>'.repeat(100)}${'</a>'.repeat(100)}</ofd:OFD>`,
    ['structure TOO_LARGE'],
  ],
  ['a document type in the document', DOCUMENT, '?>\n', '?>\n<!DOCTYPE x>'],
  ['the document broken', DOCUMENT, '</ofd:Pages>', ''],
  ['the document in another encoding', DOCUMENT, 'encoding="UTF-8"', 'encoding="Big5"'],
  ['an attribute twice in the resources', 'Doc_0/PublicRes.xml', 'BaseLoc="Res"', 'BaseLoc="Res" BaseLoc="Res2"'],
  ['the attachments broken', 'Doc_0/Attachs/Attachments.xml', '</ofd:Attachments>', ''],
];

export function* partsOf({ hand, policy }: OfdWorld): Generator<BadCase> {
  const made = (name: string, how: SignedWords, blame: readonly string[]) =>
    badCase('OFD XML', 'ofd', policy, { name, bytes: strangerOfd(hand, how), blame });
  const before = (alter: (files: Map<string, Uint8Array>) => void): SignedWords => {
    const files = filesOf(strangerOfd(hand, { leaveOut: () => false }));
    const content = new Map([...files].filter(([path]) => !path.includes('/Signs/')));
    alter(content);
    return { files: content };
  };
  for (const [words, path, from, to, blame = XML] of PARTS) {
    yield made(
      words,
      before((files) => replaceIn(files, path, from, to)),
      blame,
    );
  }
  yield made(
    'OFD.xml in UTF-16',
    before((files) =>
      files.set(
        OFD,
        Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(String(Buffer.from(files.get(OFD) ?? [])), 'utf16le')]),
      ),
    ),
    XML,
  );
  yield made(
    'OFD.xml with a byte that is no UTF-8',
    before((files) => files.set(OFD, Buffer.concat([files.get(OFD) ?? Buffer.of(), latin('<!--\xff-->')]))),
    XML,
  );
  yield made(
    'OFD.xml of nothing',
    before((files) => files.set(OFD, new Uint8Array())),
    XML,
  );
  yield made('the list with a document type', { finish: (files) => replaceIn(files, LIST, '?>\n', `?>\n${DTD}`) }, XML);
  yield made('the list with an entity', { finish: (files) => replaceIn(files, LIST, '>s001<', '>&s;<') }, XML);
  yield made('the description with a document type', { describe: (one) => `<!DOCTYPE x>${describeInOrder(one)}` }, [
    'structure XML_MALFORMED',
    'coverage UNCOVERED',
  ]);
  yield made(
    'the description in another encoding',
    { describe: (one) => describeInOrder(one).replace('UTF-8', 'GB2312') },
    ['structure XML_MALFORMED', 'coverage UNCOVERED'],
  );
}
