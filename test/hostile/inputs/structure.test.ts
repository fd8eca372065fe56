import { expect } from 'chai';
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { childrenOf, parseDer } from '../../../signing/der/read-der.ts';
import { toInteger, toOid } from '../../../signing/der/read-values.ts';
import { element, integer, octetString, sequence } from '../../../signing/der/write-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { parseXml } from '../../../signing/ofd/xml-tree.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { issueCertificate } from '../../../signing/x509/issue-certificate.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { verifyChain } from '../../../signing/x509/verify-chain.ts';
import { AFTER, BEFORE, makeMember, NOW } from '../../signing/x509/certificates.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'read';
  } catch (error) {
    if (error instanceof SigningError) return error.code;
    throw error;
  }
};

describe('a hostile XML part', () => {
  const codeOfXml = (xml: string | Uint8Array): string => codeOf(() => parseXml(Buffer.from(xml)));

  it('is refused with a document type, whatever is in it', () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    for (const doctype of [
      '<!DOCTYPE a>',
      `<!DOCTYPE a [<!ENTITY l0 "lol">${laughs}]>`,
      '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
      '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
    ]) {
      expect(codeOfXml(`${doctype}<a>&l9;</a>`), doctype).to.equal('MALFORMED');
    }
    expect(codeOfXml('<a>&l9;</a>')).to.equal('MALFORMED');
  });

  it('is refused too deep, with too many elements, or too large, and taken just below', () => {
    const deep = (levels: number): string => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`;
    expect(codeOfXml(deep(64))).to.equal('read');
    expect(codeOfXml(deep(65))).to.equal('TOO_LARGE');
    expect(codeOfXml(deep(500_000))).to.equal('TOO_LARGE');
    expect(codeOfXml(`<a>${'<b/>'.repeat(200_001)}</a>`)).to.equal('TOO_LARGE');
    expect(codeOfXml(`<a b="${'c'.repeat(17 * 2 ** 20)}"/>`)).to.equal('TOO_LARGE');
    expect(codeOfXml(`<a b="${'c'.repeat(2 ** 20)}"/>`)).to.equal('read');
  }).timeout(20_000);

  it('costs no more than its size, with many attributes and much text', () => {
    const attributes = Array.from({ length: 50_000 }, (_, i) => ` a${i}="1"`).join('');
    expect(codeOfXml(`<a${attributes}/>`)).to.be.oneOf(['read', 'TOO_LARGE']);
    expect(codeOfXml(`<a>${'x&amp;'.repeat(500_000)}</a>`)).to.equal('read');
    expect(codeOfXml(`<a>${'<![CDATA[x]]>'.repeat(200_000)}</a>`)).to.equal('read');
  }).timeout(20_000);

  it('is refused in another encoding, with broken UTF-8, with NUL, or with names of the language', () => {
    const utf16 = Buffer.from('\ufeff<a/>', 'utf16le');
    for (const [name, xml] of Object.entries({
      'UTF-16': utf16,
      'UTF-16, other order': Buffer.from(utf16).swap16(),
      GBK: Buffer.from('<?xml version="1.0" encoding="GBK"?><a/>'),
      'GBK bytes': Buffer.from('3c613ed6a4d5d53c2f613e', 'hex'),
      'an overlong form': Buffer.from('3c613ec0af3c2f613e', 'hex'),
      'a surrogate': Buffer.from('3c613eeda0803c2f613e', 'hex'),
      NUL: Buffer.from('<a>\u0000</a>'),
      'NUL as a reference': Buffer.from('<a>&#0;</a>'),
      prototype: Buffer.from('<a __proto__="b"/>'),
      'two attributes of one local name': Buffer.from('<a xmlns:b="c" b:d="1" d="2"/>'),
      'two roots': Buffer.from('<a/><a/>'),
      'text behind the root': Buffer.from('<a/>text'),
    })) {
      expect(codeOfXml(xml), name).to.equal('MALFORMED');
    }
  });
});

describe('hostile ASN.1', () => {
  const readers = { cms: parseSignedData, ses: parseSesSignature, certificate: parseCertificate };

  it('is refused at any depth, by every reader, without a stack that runs over', () => {
    const nested = (levels: number): Uint8Array => {
      const [tag, open] = [0x30, 0x80];
      return Buffer.concat([Buffer.alloc(levels * 2, Buffer.of(tag, open)), Buffer.alloc(levels * 2)]);
    };
    let closed: Uint8Array = integer(1);
    for (let level = 0; level < 3000; level += 1) closed = sequence(closed);
    for (const [name, read] of Object.entries(readers)) {
      for (const bytes of [nested(10), nested(200_000), closed]) {
        expect(
          codeOf(() => read(bytes)),
          name,
        ).to.equal('MALFORMED');
      }
    }
  });

  it('is refused when it says it is longer than it is, and nothing is set aside for it', () => {
    for (const head of [
      '3084ffffffff',
      '30847fffffff',
      '3083ffffff',
      '308affffffffffffffffffff',
      '30ff',
      '3080',
      '30',
    ]) {
      for (const [name, read] of Object.entries(readers)) {
        expect(
          codeOf(() => read(Buffer.from(`${head}0201`, 'hex'))),
          `${name} ${head}`,
        ).to.equal('MALFORMED');
      }
    }
  });

  it('is bounded in numbers and identifiers of a megabyte', () => {
    const long = Buffer.alloc(2 ** 20, 0x7f);
    expect(codeOf(() => toInteger(parseDer(element(2, long))))).to.equal('read');
    expect(codeOf(() => toOid(parseDer(element(6, long))))).to.equal('read');
    expect(codeOf(() => toOid(parseDer(element(6, Buffer.alloc(2 ** 20, 0xff)))))).to.equal('MALFORMED');
    const many = sequence(Buffer.alloc(900_000, integer(1)));
    expect(childrenOf(parseDer(many)).length).to.equal(300_000);
    expect(codeOf(() => parseSignedData(sequence(octetString(many))))).to.equal('MALFORMED');
  }).timeout(10_000);
});

describe('a mesh of certificates', () => {
  it('of one name and one key is given up, not walked in every order', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const hub = await makeMember('SM2', 'issuing', '同名', root);
    const leaf = await makeMember('SM2', 'signer', '签章人', hub);
    const twin = (serial: bigint) =>
      issueCertificate({
        subject: { organization: '测试专用', commonName: '同名' },
        issuer: hub.certificate,
        publicKey: hub.key.publicKey,
        signer: hub.key,
        serial,
        notBefore: BEFORE,
        notAfter: AFTER,
        profile: 'issuing',
      }).then(parseCertificate);
    const twins = await Promise.all(Array.from({ length: 31 }, (_, i) => twin(BigInt(7000 + i))));
    const other = await makeMember('SM2', 'root', '另一根');
    const anchors = [parseCertificate(other.certificate)];
    const judged = verifyChain(parseCertificate(leaf.certificate), { intermediates: twins, anchors, at: NOW });
    expect(judged.path).to.equal(undefined);
    const right = { intermediates: [parseCertificate(hub.certificate)], anchors: [parseCertificate(root.certificate)] };
    expect(verifyChain(parseCertificate(leaf.certificate), { ...right, at: NOW }).path?.length).to.equal(3);
  });
});
