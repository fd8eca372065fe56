import { expect } from 'chai';
import fc from 'fast-check';
import { childrenOf, DerFields, parseDer, TAG } from '../../../signing/der/read-der.ts';
import { toBitString, toBoolean, toInteger, toOid, toText, toTime } from '../../../signing/der/read-values.ts';
import {
  bitString,
  boolean,
  element,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from '../../../signing/der/write-der.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

describe('DER', () => {
  it('gives back every integer it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 300n), max: 1n << 300n }), (value) => {
        expect(toInteger(parseDer(integer(value)))).to.equal(value);
      }),
    );
  });

  it('gives back object identifiers, texts, times and octets', () => {
    const arcs = fc.array(fc.nat({ max: 2 ** 31 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.nat({ max: 39 }), arcs, (second, rest) => {
        const dotted = [1, second, ...rest].join('.');
        expect(toOid(parseDer(oid(dotted)))).to.equal(dotted);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(toText(parseDer(utf8String(text)), TAG.UTF8)).to.equal(text);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        const time = new Date(seconds * 1000);
        expect(toTime(parseDer(generalizedTime(time)))).to.deep.equal(time);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70000 }), (bytes) => {
        expect(Buffer.compare(parseDer(octetString(bytes)).value, bytes)).to.equal(0);
        expect(Buffer.compare(toBitString(parseDer(bitString(bytes))).bytes, bytes)).to.equal(0);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps raw slices and offsets of nested elements', () => {
    const bytes = sequence(integer(5), sequence(ia5String('ES'), boolean(true)));
    const [five, inner] = childrenOf(parseDer(bytes));
    expect(five?.offset).to.equal(2);
    expect(inner?.offset).to.equal(5);
    expect(Buffer.from(bytes.subarray(5))).to.deep.equal(Buffer.from(inner?.raw ?? []));
    const [, flag] = childrenOf(parseDer(inner?.raw ?? new Uint8Array()));
    expect(flag && toBoolean(flag)).to.equal(true);
  });

  const bad: Record<string, string> = {
    'an indefinite length': '3080020105 0000',
    'a length that is not minimal': '30810302 0105',
    'a long length with a leading zero': '3082000302 0105',
    'trailing bytes': '020105 00',
    'an element cut short': '0202 05',
    'a missing length': '02',
    'a long tag': '1f8101 00',
    'nothing at all': '',
  };
  for (const [name, text] of Object.entries(bad)) {
    it(`refuses ${name}`, () => {
      expect(() => parseDer(hex(text.replaceAll(' ', ''))))
        .to.throw()
        .with.property('code', 'MALFORMED');
    });
  }

  it('refuses values outside their strict form', () => {
    expect(() => toInteger(parseDer(hex('02020005')))).to.throw('minimal');
    expect(() => toInteger(parseDer(hex('0202ff80')))).to.throw('minimal');
    expect(() => toInteger(parseDer(hex('0200')))).to.throw('empty');
    expect(() => toBoolean(parseDer(hex('010101')))).to.throw('boolean');
    expect(() => toOid(parseDer(hex('06028001')))).to.throw('minimal');
    expect(() => toOid(parseDer(hex('06022a81')))).to.throw('cut short');
    expect(() => toText(parseDer(hex('1601e9')), TAG.IA5)).to.throw('character');
    expect(() => toText(parseDer(hex('0c01e9')), TAG.UTF8)).to.throw('UTF-8');
    expect(() => toTime(parseDer(element(TAG.GENERALIZED_TIME, Buffer.from('20260230000000Z'))))).to.throw(
      'no such time',
    );
    expect(() => toTime(parseDer(element(TAG.GENERALIZED_TIME, Buffer.from('20260228000000+0800'))))).to.throw(
      'not a DER',
    );
    expect(toBitString(parseDer(hex('03020101'))).clean).to.equal(false);
  });

  it('leaves no member unread', () => {
    const fields = new DerFields(parseDer(sequence(integer(1), integer(2))));
    fields.take(TAG.INTEGER);
    expect(() => fields.end()).to.throw('unexpected member');
    expect(() => fields.take(TAG.OID)).to.throw('missing');
  });

  it('never fails in another way than its own, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          childrenOf(parseDer(bytes));
        } catch (error) {
          expect(error).to.have.property('code', 'MALFORMED');
        }
      }),
    );
  });
});
