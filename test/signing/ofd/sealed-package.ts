import {
  makeDevelopmentAuthority,
  makeDevelopmentMember,
} from '../../../signing/development/make-development-authority.ts';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import type { OfdPackage } from '../../../signing/ofd/package.ts';
import { type OfdSealRequest, sealOfd } from '../../../signing/ofd/seal-ofd.ts';
import { OWN_PROVIDER } from '../../../signing/ofd/write-signature-xml.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';

export const MADE = new Date('2026-06-01T00:00:00Z');
export const SIGNED = new Date('2026-06-02T03:04:05Z');
export const LATER = new Date('2026-06-03T00:00:00Z');

const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A small package of two pages, with a font-like and a picture-like resource and an attachment. */
export function smallPackage(): OfdPackage {
  const page = (id: number, text: string) =>
    `${HEAD}<ofd:Page ${NS}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content>` +
    `<ofd:Layer ID="${id}" Type="Body"><ofd:TextObject ID="${id + 1}" Boundary="30 40 60 6" Font="2" Size="4.2">` +
    `<ofd:FillColor Value="0 0 0"/><ofd:TextCode X="0" Y="4.2" DeltaX="g 3 4.2">${text}</ofd:TextCode>` +
    '</ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>';
  const texts: Record<string, string> = {
    'OFD.xml':
      `${HEAD}<ofd:OFD ${NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>` +
      '<ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>' +
      '<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>',
    'Doc_0/Document.xml':
      `${HEAD}<ofd:Document ${NS}><ofd:CommonData><ofd:MaxUnitID>30</ofd:MaxUnitID><ofd:PageArea>` +
      '<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>' +
      '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>' +
      '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/>' +
      '</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>',
    'Doc_0/PublicRes.xml':
      `${HEAD}<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="SongTi">` +
      '<ofd:FontFile>font.ttf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>',
    'Doc_0/DocumentRes.xml':
      `${HEAD}<ofd:Res ${NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image" Format="PNG">` +
      '<ofd:MediaFile>bg.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
    'Doc_0/Pages/Page_0/Content.xml': page(10, '营业执照'),
    'Doc_0/Pages/Page_1/Content.xml': page(20, '副本样例'),
    'Doc_0/Attachs/Attachments.xml':
      `${HEAD}<ofd:Attachments ${NS}><ofd:Attachment ID="a001" Name="licence.json" Format="json" Visible="false">` +
      '<ofd:FileLoc>licence.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>',
    'Doc_0/Attachs/licence.json': '{"name":"营业执照","holder":"测试公司"}',
  };
  const files = new Map<string, Uint8Array>(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  const noise = (length: number) => Buffer.from(Array.from({ length }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 0xff));
  files.set('Doc_0/Res/font.ttf', noise(40_000));
  files.set('Doc_0/Res/bg.png', noise(10_000));
  return { files: packFiles(files), pageIds: [1, 9] };
}

/** Authorities, a signer, a second signer, a seal for each, and what seals and judges with them. */
export async function makeOffice() {
  let serial = 100n;
  const common = { now: MADE, newSerial: () => serial++ };
  const authority = await makeDevelopmentAuthority(common);
  const member = async (commonName: string, years = 5) => {
    const made = await makeDevelopmentMember({
      ...common,
      algorithm: 'SM2',
      profile: 'signer',
      commonName,
      issuer: authority.sm2.issuing,
      years,
    });
    return { key: softwareKeyFromPkcs8(made.pkcs8), certificate: made.certificate };
  };
  const maker = {
    key: softwareKeyFromPkcs8(authority.sm2.sealMaker.pkcs8),
    certificate: authority.sm2.sealMaker.certificate,
  };
  const sealFor = (certificate: Uint8Array, name: string, by = maker) =>
    makeSeal({
      vendor: 'Zhengku',
      esId: '41010000000001',
      name,
      type: 1,
      certificates: [certificate],
      createdAt: MADE,
      validFrom: MADE,
      validTo: new Date('2028-01-01T00:00:00Z'),
      picture: { type: 'png', data: Buffer.alloc(3000, 5), widthMm: 42, heightMm: 42 },
      maker: by,
    });
  const signer = await member('郑州市样例局');
  const seal = await sealFor(signer.certificate, '测试专用章');
  const provider = { name: OWN_PROVIDER, version: '0.1.0', company: '证库' };
  const request: OfdSealRequest = {
    seal,
    signer,
    provider,
    at: SIGNED,
    stamps: [
      { page: 0, box: [120, 200, 42, 42] },
      { page: 1, box: [120, 200.5, 42, 42] },
    ],
  };
  const policy: VerificationPolicy = {
    certificates: [authority.sm2.root.certificate, authority.sm2.issuing.certificate],
    at: LATER,
  };
  const press = (changes: Partial<OfdSealRequest> = {}, ofd = smallPackage()) =>
    sealOfd(ofd, { ...request, ...changes });
  return { authority, signer, seal, request, policy, member, sealFor, press, maker };
}
