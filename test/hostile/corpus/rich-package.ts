/** A package with every kind of part that GB/T 33190 knows: pages, template, resources of page and document, fonts, pictures,
 *  annotations, tags, attachments, custom data, extensions, a second version. */

export const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

const text = (id: number, words: string): string =>
  `<ofd:TextObject ID="${id}" Boundary="30 40 60 6" Font="2" Size="4.2"><ofd:FillColor Value="0 0 0"/>` +
  `<ofd:TextCode X="0" Y="4.2" DeltaX="g 3 4.2">${words}</ofd:TextCode></ofd:TextObject>`;

const page = (id: number, words: string, inner = ''): string =>
  `${HEAD}<ofd:Page ${NS}>${inner}<ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content>` +
  `<ofd:Layer ID="${id}" Type="Body">${text(id + 1, words)}</ofd:Layer></ofd:Content></ofd:Page>`;

const PARTS: Readonly<Record<string, string>> = {
  'OFD.xml':
    `${HEAD}<ofd:OFD ${NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>` +
    '<ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID><ofd:Title>营业执照</ofd:Title><ofd:CustomDatas>' +
    '<ofd:CustomData Name="证照编号">91410100MA00000001</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>' +
    '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>' +
    '<ofd:Version ID="v1" Index="1" Current="true" BaseLoc="Doc_0/Versions/Version_1.xml"/></ofd:Versions>' +
    '<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>',
  'Doc_0/Document.xml':
    `${HEAD}<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>90</ofd:MaxUnitID><ofd:PageArea>` +
    '<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>' +
    '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes><ofd:TemplatePage ID="70" BaseLoc="Tpls/Tpl_0/Content.xml"/>' +
    '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' +
    '<ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages>' +
    '<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>' +
    '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments><ofd:Extensions>Extensions.xml</ofd:Extensions></ofd:Document>',
  'Doc_0/PublicRes.xml':
    `${HEAD}<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="SongTi">` +
    '<ofd:FontFile>font.ttf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>',
  'Doc_0/DocumentRes.xml':
    `${HEAD}<ofd:Res ${NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image" Format="PNG">` +
    '<ofd:MediaFile>bg.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
  'Doc_0/Tpls/Tpl_0/Content.xml': page(71, '底图模板'),
  'Doc_0/Pages/Page_0/Content.xml': page(
    10,
    '营业执照',
    '<ofd:Template TemplateID="70"/><ofd:PageRes>PageRes.xml</ofd:PageRes>',
  ),
  'Doc_0/Pages/Page_0/PageRes.xml': `${HEAD}<ofd:Res ${NS} BaseLoc=""><ofd:DrawParams><ofd:DrawParam ID="60" LineWidth="0.5"/></ofd:DrawParams></ofd:Res>`,
  'Doc_0/Pages/Page_1/Content.xml': page(20, '副本样例'),
  'Doc_0/Annots/Annotations.xml':
    `${HEAD}<ofd:Annotations ${NS}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page>` +
    '</ofd:Annotations>',
  'Doc_0/Annots/Page_0/Annotation.xml':
    `${HEAD}<ofd:PageAnnot ${NS}><ofd:Annot ID="80" Type="Watermark" Creator="证库" LastModDate="2026-06-01">` +
    `<ofd:Appearance Boundary="0 0 210 297">${text(81, '仅用于开户')}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>`,
  'Doc_0/Tags/CustomTags.xml':
    `${HEAD}<ofd:CustomTags ${NS}><ofd:CustomTag NameSpace="http://example.org/licence"><ofd:FileLoc>CustomTag.xml` +
    '</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>',
  'Doc_0/Tags/CustomTag.xml': `${HEAD}<licence xmlns="http://example.org/licence"><name page="1" object="11"/></licence>`,
  'Doc_0/Attachs/Attachments.xml':
    `${HEAD}<ofd:Attachments ${NS}><ofd:Attachment ID="a001" Name="licence.json" Format="json" Visible="false">` +
    '<ofd:FileLoc>licence.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>',
  'Doc_0/Attachs/licence.json': '{"name":"营业执照","holder":"测试公司"}',
  'Doc_0/Extensions.xml':
    `${HEAD}<ofd:Extensions ${NS}><ofd:Extension AppName="证库" RefId="1"><ofd:Property Name="a">1</ofd:Property>` +
    '</ofd:Extension></ofd:Extensions>',
  'Doc_0/Versions/Version_1.xml':
    `${HEAD}<ofd:DocVersion ${NS} ID="v1" Version="1.0" Name="初版"><ofd:FileList><ofd:File ID="f1">` +
    '/Doc_0/Document.xml</ofd:File></ofd:FileList><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocVersion>',
};

const noise = (length: number, by: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => (i * i * by + (i >> 3) * 7) & 0xff));

/** Path → bytes, in the order of the package. */
export function richFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>(Object.entries(PARTS).map(([path, words]) => [path, Buffer.from(words)]));
  files.set('Doc_0/Res/font.ttf', noise(3000, 31));
  files.set('Doc_0/Res/bg.png', noise(1500, 17));
  return files;
}

/** IDs of its pages. */
export const PAGE_IDS = [1, 9] as const;
