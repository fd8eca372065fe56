/** How the content of genuine OFD files deviates from the schema of GB/T 33190, and still is what it is. */
import { richFiles } from './rich-package.ts';
import { replaceIn, type SignedWords } from './stranger-ofd.ts';

const NS = 'http://www.ofdspec.org/2016';

type Spelling = readonly [words: string, how: SignedWords, warned?: readonly string[]];

const files = (alter: (files: Map<string, Uint8Array>) => void): SignedWords => {
  const content = richFiles();
  alter(content);
  return { files: content };
};

const part = (path: string, from: string | RegExp, to: string): SignedWords =>
  files((all) => replaceIn(all, path, from, to));

const [ROOT, DOCUMENT, PAGE] = ['OFD.xml', 'Doc_0/Document.xml', 'Doc_0/Pages/Page_0/Content.xml'];

/** How real content deviates from the schema. */
export const CONTENTS: readonly Spelling[] = [
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
