import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatIdentifier, parseIdentifier } from '../../../models/identifier/licence-identifier.ts';
import { checkCharacterMod3736 } from '../../../models/identifier/mod-37-36.ts';
import { isResidentNumber, normaliseResidentNumber } from '../../../models/identifier/resident-number.ts';
import { isSocialCreditCode, socialCreditCheckCharacter } from '../../../models/identifier/social-credit-code.ts';

interface Vectors {
  readonly licenceIdentifiers: { readonly vectors: readonly { identifier: string; check: string; note?: string }[] };
  readonly mod3736: { readonly vectors: readonly { text: string; check: string }[] };
  readonly socialCreditCodes: { readonly vectors: readonly string[] };
  readonly residentNumbers: { readonly vectors: readonly string[] };
}

const vectors = JSON.parse(readFileSync(new URL('../../vectors/identifiers.json', import.meta.url), 'utf8')) as Vectors;

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const textOf = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((chars) => chars.join(''));

/** A text with the character at one place replaced by another. */
function replaceAt(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1);
}

describe('the licence identifier of GB/T 36904', () => {
  for (const { identifier, check, note } of vectors.licenceIdentifiers.vectors) {
    const holds = identifier.endsWith(`.${check}`);
    it(`${holds ? 'accepts' : 'flags'} ${identifier.slice(15)}${note ? ` (${note})` : ''}`, () => {
      const parsed = parseIdentifier(identifier);
      expect(parsed?.checkHolds).to.equal(holds);
      expect(parsed && formatIdentifier(parsed).at(-1)).to.equal(check);
    });
  }

  for (const { text, check } of vectors.mod3736.vectors) {
    it(`computes ${check} for the vector ${text} of ISO 7064 MOD 37,36`, () => {
      expect(checkCharacterMod3736(text)).to.equal(check);
    });
  }

  const identifiers = fc
    .record({
      typeCode: textOf(ALPHANUMERIC, 21),
      issuerCode: textOf(ALPHANUMERIC, 18),
      serial: textOf(ALPHANUMERIC, 1, 32),
      version: textOf('0123456789', 3),
    })
    .map((parts) => ({ parts, text: formatIdentifier(parts) }));

  it('reads back what it writes, in any case and with blanks around it', () => {
    fc.assert(
      fc.property(identifiers, ({ parts, text }) => {
        expect(parseIdentifier(text)).to.deep.equal({ ...parts, checkHolds: true });
        expect(parseIdentifier(` ${text.toLowerCase()}\n`)).to.deep.equal({ ...parts, checkHolds: true });
      }),
    );
  });

  it('notices any single character that was changed', () => {
    fc.assert(
      fc.property(identifiers, fc.nat(), fc.constantFrom(...ALPHANUMERIC), ({ text }, place, by) => {
        const places = [...text].flatMap((char, at) => (at >= 15 && char !== '.' ? [at] : []));
        const at = places[place % places.length] ?? 0;
        fc.pre(text[at] !== by);
        expect(parseIdentifier(replaceAt(text, at, by))?.checkHolds ?? false).to.equal(false);
      }),
    );
  });

  it('refuses another root, missing parts and characters that only become letters when capitalised', () => {
    const good = vectors.licenceIdentifiers.vectors[0]?.identifier ?? '';
    expect(parseIdentifier(good.replace('3005', '3003'))).to.equal(undefined);
    expect(parseIdentifier(good.slice(0, -2))).to.equal(undefined);
    expect(parseIdentifier('')).to.equal(undefined);
    const withS = formatIdentifier({
      typeCode: '0'.repeat(21),
      issuerCode: '0'.repeat(18),
      serial: 'S1',
      version: '001',
    });
    expect(parseIdentifier(withS.replace('S', 'ſ'))).to.equal(undefined);
    expect(() => checkCharacterMod3736('a')).to.throw(RangeError);
  });
});

describe('the unified social credit code of GB 32100', () => {
  for (const code of vectors.socialCreditCodes.vectors) {
    it(`accepts ${code}`, () => expect(isSocialCreditCode(code)).to.equal(true));
  }

  it('notices any single character that was changed', () => {
    fc.assert(
      fc.property(textOf(USCC, 17), fc.nat(17), fc.constantFrom(...ALPHANUMERIC), (first17, at, by) => {
        const code = first17 + socialCreditCheckCharacter(first17);
        expect(isSocialCreditCode(code)).to.equal(true);
        fc.pre(code[at] !== by);
        expect(isSocialCreditCode(replaceAt(code, at, by))).to.equal(false);
      }),
    );
  });

  it('refuses other lengths, small letters and the letters the alphabet leaves out', () => {
    expect(isSocialCreditCode('')).to.equal(false);
    expect(isSocialCreditCode('11100000000013338')).to.equal(false);
    expect(isSocialCreditCode('11100000000013338W0')).to.equal(false);
    expect(isSocialCreditCode('11100000000013338w')).to.equal(false);
    expect(socialCreditCheckCharacter('1110000000001333I')).to.equal(undefined);
  });
});

describe('the citizen identification number of GB 11643', () => {
  for (const number of vectors.residentNumbers.vectors) {
    it(`accepts ${number}`, () => expect(isResidentNumber(number)).to.equal(true));
  }

  it('reads a small x as X', () => {
    expect(isResidentNumber('11010519491231002x')).to.equal(false);
    expect(isResidentNumber(normaliseResidentNumber(' 11010519491231002x '))).to.equal(true);
  });

  it('refuses a day that never was, whatever the check character', () => {
    for (const last of '0123456789X') expect(isResidentNumber(`11010519490229002${last}`)).to.equal(false);
  });

  it('notices any single character that was changed', () => {
    for (const number of vectors.residentNumbers.vectors) {
      for (let at = 0; at < 18; at += 1) {
        for (const by of '0123456789X') {
          if (number[at] !== by) expect(isResidentNumber(replaceAt(number, at, by)), `${at} ${by}`).to.equal(false);
        }
      }
    }
  });
});
