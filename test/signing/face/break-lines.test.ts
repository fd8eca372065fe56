import { expect } from 'chai';
import fc from 'fast-check';
import { breakLines, type Cluster } from '../../../signing/face/break-lines.ts';

const NEVER_FIRST = '，。、；：？！）》」”％';
const NEVER_LAST = '（《「“';
const CHARACTERS = [...'证照库样例市自然资源规划局', ...NEVER_FIRST, ...NEVER_LAST, ...'abcXYZ0123456789', ' '];

const clustersOf = (text: string): Cluster[] =>
  Array.from(text, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return { codePoint, widthEm: codePoint < 0x2000 ? 0.5 : 1 };
  });

const linesOf = (text: string, lineEm: number): string[] => {
  const characters = Array.from(text);
  return breakLines(clustersOf(text), lineEm).lines.map(({ start, end }) => characters.slice(start, end).join(''));
};

const texts = fc
  .array(fc.constantFrom(...CHARACTERS), { minLength: 1, maxLength: 120 })
  .map((characters) => characters.join(''));

describe('line breaking of Chinese text', () => {
  it('loses no character and changes no order', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 30 }), (text, lineEm) => {
        expect(linesOf(text, lineEm).join('').replaceAll(' ', '')).to.equal(text.replaceAll(' ', ''));
      }),
    );
  });

  it('keeps every line within its width, but for the blank half of a closing mark', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, lineEm) => {
        for (const line of breakLines(clustersOf(text), lineEm).lines)
          expect(line.widthEm).to.be.at.most(lineEm + 1e-6);
      }),
    );
  });

  it('starts no line with a closing mark and ends none with an opening mark, unless a line is too narrow for that', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 30 }), (text, lineEm) => {
        if (breakLines(clustersOf(text), lineEm).wordBroken) return;
        const lines = linesOf(text, lineEm);
        for (const line of lines.slice(1)) expect(NEVER_FIRST).not.to.include(line.charAt(0) || ' ');
        for (const line of lines.slice(0, -1)) expect(NEVER_LAST).not.to.include(line.at(-1) ?? ' ');
      }),
    );
  });

  it('ends no line with an opening mark and a space after it', () => {
    expect(linesOf('证证《 证', 4)).to.deep.equal(['证证', '《 证']);
  });

  it('moves the character before a comma along when the comma does not fit', () => {
    expect(linesOf('证照库证照库（照）', 7)).to.deep.equal(['证照库证照库', '（照）']);
    expect(linesOf('证照证照？照', 4)).to.deep.equal(['证照证', '照？照']);
  });

  it('lets the blank half of a full stop hang over the end', () => {
    expect(linesOf('证照证照。证', 4.5)).to.deep.equal(['证照证照。', '证']);
  });

  it('keeps Latin words and numbers whole', () => {
    expect(linesOf('编号91410100MA12345678的证照', 10)).to.deep.equal(['编号', '91410100MA12345678的', '证照']);
  });

  it('keeps a number and its measure together', () => {
    expect(linesOf('自2026年11月22日起', 5.5)).to.deep.equal(['自2026年', '11月22日起']);
  });

  it('breaks a word only when it is wider than the line, and says so', () => {
    const broken = breakLines(clustersOf('1234567890'), 2);
    expect(broken.wordBroken).to.equal(true);
    expect(broken.lines).to.have.lengthOf(3);
  });

  it('does not part an ellipsis', () => {
    expect(linesOf('证照证照……', 5)).to.deep.equal(['证照证', '照……']);
  });
});
