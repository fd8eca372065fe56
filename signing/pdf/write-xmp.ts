/** The document's metadata as XMP (ISO 16684-1): what it is, who made it when, and the licence's own values. */
import { escapeXml } from '../ofd/escape-xml.ts';

export interface XmpFacts {
  readonly title: string;
  readonly createdAt: Date;
  readonly creator: string;
  readonly producer: string;
  readonly customData: Readonly<Record<string, string>>;
}

export function writeXmp(facts: XmpFacts): string {
  const at = facts.createdAt.toISOString().replace(/\.\d+Z$/, 'Z');
  const values = Object.entries(facts.customData).map(
    ([name, value]) =>
      `<rdf:li rdf:parseType="Resource"><zk:name>${escapeXml(name)}</zk:name><zk:value>${escapeXml(value)}</zk:value></rdf:li>`,
  );
  return [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:zk="urn:zhengku:licence:1">',
    '<dc:format>application/pdf</dc:format>',
    `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(facts.title)}</rdf:li></rdf:Alt></dc:title>`,
    '<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>',
    `<xmp:CreateDate>${at}</xmp:CreateDate><xmp:ModifyDate>${at}</xmp:ModifyDate>`,
    `<xmp:CreatorTool>${escapeXml(facts.creator)}</xmp:CreatorTool><pdf:Producer>${escapeXml(facts.producer)}</pdf:Producer>`,
    values.length > 0 ? `<zk:values><rdf:Seq>${values.join('')}</rdf:Seq></zk:values>` : '',
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="r"?>',
  ].join('\n');
}
