/** OFD files whose content was changed, removed, renamed, exchanged, added to or redirected after sealing. The archive is laid
 *  out anew by the careful forger; nothing is signed again. */
import { type BadCase, badCase, type Draw } from './case.ts';
import { type Base, type OfdWorld, rework } from './ofd-world.ts';
import { richFiles } from './rich-package.ts';
import { replaceIn } from './stranger-ofd.ts';

const CHANGED = 'digest DIGEST_MISMATCH';
const GONE = 'digest REFERENCED_FILE_MISSING';
const BARE = 'coverage UNCOVERED';
const NOWHERE = 'structure LOCATION_MISSING';

/** What is changed: path, text, new text, words. */
const EDITS: readonly (readonly [path: string, from: string, to: string, words: string])[] = [
  ['OFD.xml', '91410100MA00000001', '91410100MA00000002', 'custom data: another number of the licence'],
  ['OFD.xml', '<ofd:Title>营业执照', '<ofd:Title>经营执照', 'another title'],
  ['OFD.xml', 'Current="true"', 'Current="false"', 'the version is not current any more'],
  ['Doc_0/Document.xml', '0 0 210 297', '0 0 105 148', 'pages half as large'],
  ['Doc_0/Document.xml', '<ofd:MaxUnitID>90', '<ofd:MaxUnitID>91', 'another highest number'],
  ['Doc_0/PublicRes.xml', 'SongTi', 'KaiTi', 'another name of the font'],
  ['Doc_0/DocumentRes.xml', 'Format="PNG"', 'Format="JPG"', 'another format of the picture'],
  ['Doc_0/Tpls/Tpl_0/Content.xml', '底图模板', '顶图模板', 'another text in the template'],
  ['Doc_0/Pages/Page_0/Content.xml', '营业执照', '经营执照', 'another text on the page'],
  ['Doc_0/Pages/Page_0/Content.xml', 'Value="0 0 0"', 'Value="255 255 255"', 'text in white'],
  ['Doc_0/Pages/Page_0/Content.xml', '30 40 60 6', '330 40 60 6', 'text moved off the page'],
  ['Doc_0/Pages/Page_0/Content.xml', 'TemplateID="70"', 'TemplateID="71"', 'the page under another template'],
  ['Doc_0/Pages/Page_1/Content.xml', '副本样例', '正本样例', 'another text on the second page'],
  ['Doc_0/Pages/Page_0/PageRes.xml', 'LineWidth="0.5"', 'LineWidth="5"', 'thicker lines in the resources of the page'],
  ['Doc_0/Annots/Annotations.xml', 'PageID="1"', 'PageID="9"', 'the annotation on another page'],
  ['Doc_0/Annots/Page_0/Annotation.xml', '仅用于开户', '可用于贷款', 'another watermark'],
  ['Doc_0/Annots/Page_0/Annotation.xml', 'Type="Watermark"', 'Type="Path"', 'the watermark made a drawing'],
  ['Doc_0/Tags/CustomTags.xml', 'example.org/licence', 'example.org/permit', 'another kind of tags'],
  ['Doc_0/Tags/CustomTag.xml', 'object="11"', 'object="21"', 'a tag on another object'],
  ['Doc_0/Attachs/Attachments.xml', 'Visible="false"', 'Visible="true"', 'the attachment made visible'],
  ['Doc_0/Attachs/licence.json', '测试公司', '别的公司', 'another holder in the attachment'],
  ['Doc_0/Extensions.xml', '>1<', '>2<', 'another property of an extension'],
  ['Doc_0/Versions/Version_1.xml', '初版', '终版', 'another name of the version'],
];

/** Redirections: they change a signed part, and may leave something bare or unnamed. */
const REDIRECTIONS: readonly (readonly [
  path: string,
  from: string,
  to: string,
  words: string,
  blame: readonly string[],
])[] = [
  [
    'OFD.xml',
    '<ofd:DocRoot>Doc_0/Document',
    '<ofd:DocRoot>Doc_0/Forged',
    'DocRoot to a forged document',
    [CHANGED, BARE],
  ],
  ['OFD.xml', '<ofd:DocRoot>Doc_0/', '<ofd:DocRoot>Doc_9/', 'DocRoot to nowhere', [CHANGED, NOWHERE]],
  ['OFD.xml', '<ofd:DocRoot>Doc_0/', '<ofd:DocRoot>../Doc_0/', 'DocRoot out of the package', [CHANGED, NOWHERE]],
  ['OFD.xml', 'BaseLoc="Doc_0/Versions', 'BaseLoc="Doc_0/Forged', 'the version to nowhere', [CHANGED, NOWHERE]],
  ['Doc_0/Document.xml', 'Pages/Page_0/', 'Pages/Page_1/', 'the first page to the second', [CHANGED]],
  ['Doc_0/Document.xml', 'Pages/Page_0/Content', 'Forged', 'the first page to a forged one', [CHANGED, BARE]],
  ['Doc_0/Document.xml', 'Pages/Page_0/', 'Pages/Page_7/', 'the first page to nowhere', [CHANGED, NOWHERE]],
  ['Doc_0/Document.xml', 'Tpls/Tpl_0/', 'Pages/Page_1/', 'the template to a page', [CHANGED]],
  ['Doc_0/Document.xml', 'Tpls/Tpl_0/', 'Tpls/Tpl_7/', 'the template to nowhere', [CHANGED, NOWHERE]],
  ['Doc_0/Document.xml', 'Annots/Annotations', 'Forged', 'the annotations to a forged list', [CHANGED, BARE]],
  ['Doc_0/Document.xml', 'Attachs/Attachments', 'Forged', 'the attachments to a forged list', [CHANGED, BARE]],
  ['Doc_0/Document.xml', '>PublicRes.xml', '>DocumentRes.xml', 'the fonts to the pictures', [CHANGED]],
  ['Doc_0/PublicRes.xml', 'font.ttf', 'bg.png', 'the font file to a picture', [CHANGED]],
  ['Doc_0/PublicRes.xml', 'BaseLoc="Res"', 'BaseLoc="Forged"', 'the folder of resources', [CHANGED]],
  ['Doc_0/DocumentRes.xml', 'bg.png', '../Forged.xml', 'the picture to a forged one', [CHANGED, BARE]],
  ['Doc_0/Annots/Annotations.xml', 'Page_0/Annotation', '../Forged', 'the annotation to a forged one', [CHANGED, BARE]],
  ['Doc_0/Attachs/Attachments.xml', 'licence.json', '../Forged.xml', 'the attachment to a forged one', [CHANGED, BARE]],
  ['Doc_0/Tags/CustomTags.xml', 'CustomTag.xml', '../Forged.xml', 'the tags to forged ones', [CHANGED, BARE]],
  [
    'Doc_0/Versions/Version_1.xml',
    '/Doc_0/Document.xml</ofd:DocRoot',
    '/Doc_0/Forged.xml</ofd:DocRoot',
    'the version to a forged document',
    [CHANGED, BARE],
  ],
];

/** Further entries that no signature names. */
const ADDED: readonly (readonly [path: string, words: string])[] = [
  ['Doc_0/Pages/Page_2/Content.xml', 'a page that nothing names'],
  ['Doc_0/Attachs/more.json', 'an attachment that nothing names'],
  ['Doc_0/Res/font2.ttf', 'a font that nothing names'],
  ['Doc_0/Pages/Page_1/PageRes.xml', 'resources where a reader might look'],
  ['Doc_0/Annots/Page_1/Annotation.xml', 'an annotation where a reader might look'],
  ['Doc_1/Document.xml', 'a second document'],
  ['META-INF/manifest.xml', 'a manifest of another format'],
  ['.hidden', 'a file with a leading dot'],
  ['Doc_0/Signs/Sign_0/Seal2.esl', 'a second seal beside the first'],
  ['Doc_0/Signs/Sign_9/Signature.xml', 'a signature that no list names'],
  ['Doc_0/Versions/Version_2.xml', 'a version that nothing names'],
];

const NEEDED = /Document\.xml$|Pages\/Page_\d\/Content|Tpls\/|Versions\//;

/** The named parts alone: not the signature's own files. */
const contentOf = (): string[] => [...richFiles().keys()];

function* changesOf(base: Base, { random }: Draw): Generator<BadCase> {
  const bad = (name: string, blame: readonly string[], alter: (files: Map<string, Uint8Array>) => void) =>
    badCase('OFD content changed', 'ofd', base.policy, {
      name: `${base.name}: ${name}`,
      bytes: rework(base.bytes, alter),
      blame,
    });
  for (const [path, from, to, words] of EDITS) {
    yield bad(`${path}: ${words}`, [CHANGED], (files) => replaceIn(files, path, from, to));
  }
  for (const path of ['Doc_0/Res/font.ttf', 'Doc_0/Res/bg.png', 'Doc_0/Attachs/licence.json']) {
    yield bad(`${path}: one bit`, [CHANGED], (files) => {
      const bytes = Uint8Array.from(files.get(path) ?? []);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      files.set(path, bytes);
    });
    yield bad(`${path}: cut by one byte`, [CHANGED], (files) =>
      files.set(path, (files.get(path) ?? Buffer.of()).slice(0, -1)),
    );
    yield bad(`${path}: emptied`, [CHANGED], (files) => files.set(path, new Uint8Array()));
  }
  for (const path of contentOf().filter((one) => one.endsWith('.xml'))) {
    yield bad(`${path}: a line end more`, [CHANGED], (files) =>
      files.set(path, Buffer.concat([files.get(path) ?? Buffer.of(), Buffer.from('\n')])),
    );
  }
}

function* removalsOf(base: Base): Generator<BadCase> {
  const bad = (
    family: string,
    name: string,
    blame: readonly string[],
    alter: (files: Map<string, Uint8Array>) => void,
  ) => badCase(family, 'ofd', base.policy, { name: `${base.name}: ${name}`, bytes: rework(base.bytes, alter), blame });
  for (const path of contentOf()) {
    const lost = path === 'OFD.xml' ? ['structure UNKNOWN_FORMAT'] : [GONE, ...(NEEDED.test(path) ? [NOWHERE] : [])];
    yield bad('OFD content removed', path, lost, (files) => files.delete(path));
    const moved = path === 'OFD.xml' ? ['structure UNKNOWN_FORMAT'] : [...lost, BARE];
    yield bad('OFD content renamed', path, moved, (files) => {
      files.set(path.replace(/(\.\w+)$/, '_old$1'), files.get(path) ?? Buffer.of());
      files.delete(path);
    });
  }
  for (const [path, words] of ADDED) {
    yield bad('OFD content added', words, [BARE], (files) => files.set(path, Buffer.from('<a/>')));
  }
  yield bad('OFD content added', 'a page, and the document names it', [CHANGED, BARE], (files) => {
    files.set('Doc_0/Pages/Page_2/Content.xml', files.get('Doc_0/Pages/Page_1/Content.xml') ?? Buffer.of());
    replaceIn(
      files,
      'Doc_0/Document.xml',
      '</ofd:Pages>',
      '<ofd:Page ID="40" BaseLoc="Pages/Page_2/Content.xml"/></ofd:Pages>',
    );
  });
  yield bad('OFD content added', 'a second body in OFD.xml', [CHANGED, BARE, NOWHERE], (files) => {
    files.set('Doc_1/Document.xml', files.get('Doc_0/Document.xml') ?? Buffer.of());
    const body =
      '</ofd:DocBody><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>';
    replaceIn(files, 'OFD.xml', '</ofd:DocBody></ofd:OFD>', body);
  });
}

function* redirectionsOf(base: Base): Generator<BadCase> {
  const bad = (name: string, blame: readonly string[], alter: (files: Map<string, Uint8Array>) => void) =>
    badCase('OFD redirected', 'ofd', base.policy, {
      name: `${base.name}: ${name}`,
      bytes: rework(base.bytes, alter),
      blame,
    });
  for (const [path, from, to, words, blame] of REDIRECTIONS) {
    yield bad(words, blame, (files) => {
      if (to.includes('Forged') && blame.includes(BARE)) {
        files.set('Doc_0/Forged.xml', Buffer.from(files.get(path) ?? Buffer.of()));
      }
      replaceIn(files, path, from, to);
    });
  }
  yield bad('the order of the pages', [CHANGED], (files) => {
    const rows = [
      '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>',
      '<ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/>',
    ];
    replaceIn(files, 'Doc_0/Document.xml', rows.join(''), rows.reverse().join(''));
  });
  yield bad('a page left out of the tree', [CHANGED], (files) =>
    replaceIn(files, 'Doc_0/Document.xml', '<ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/>', ''),
  );
  const swap = (a: string, b: string) => (files: Map<string, Uint8Array>) => {
    const [first, second] = [files.get(a) ?? Buffer.of(), files.get(b) ?? Buffer.of()];
    files.set(a, second).set(b, first);
  };
  yield bad(
    'the contents of two pages exchanged',
    [CHANGED],
    swap('Doc_0/Pages/Page_0/Content.xml', 'Doc_0/Pages/Page_1/Content.xml'),
  );
  yield bad('font and picture exchanged', [CHANGED], swap('Doc_0/Res/font.ttf', 'Doc_0/Res/bg.png'));
  yield bad(
    'page and template exchanged',
    [CHANGED],
    swap('Doc_0/Pages/Page_0/Content.xml', 'Doc_0/Tpls/Tpl_0/Content.xml'),
  );
}

export function* badOfdContent({ bases }: OfdWorld, draw: Draw): Generator<BadCase> {
  for (const base of [bases.sealed, bases.signed, bases.foreign]) {
    yield* changesOf(base, draw);
    yield* removalsOf(base);
    yield* redirectionsOf(base);
  }
}
