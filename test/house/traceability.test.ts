/** The table of requirements tells the truth: what it cites is there, and what it calls done has a test. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly code: readonly string[];
  readonly tests: readonly { readonly path: string; readonly title: string }[];
  /** Words of the two last columns that follow neither form. */
  readonly unread: string;
}

const root = new URL('../../', import.meta.url);
const ranges = [
  [1, 7],
  [10, 13],
  [20, 26],
  [30, 39],
  [40, 49],
  [50, 53],
  [60, 68],
] as const;
const rows = readRows(readFileSync(new URL('docs/traceability.md', root), 'utf8'));

describe('docs/traceability.md', () => {
  it('has every requirement once, in order', () => {
    const expected = ranges.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, at) => `R-${String(from + at).padStart(2, '0')}`),
    );
    expect(rows.map((row) => row.id)).to.deep.equal(expected);
  });

  for (const row of rows) {
    it(`${row.id} is ${row.state}, and what it cites is there`, () => {
      expect(row.state).to.be.oneOf(['done', 'partly', 'not yet']);
      expect(row.unread).to.equal('');
      for (const path of row.code) expect(existsSync(new URL(path, root)), path).to.equal(true);
      for (const { path, title } of row.tests) {
        expect(existsSync(new URL(path, root)), path).to.equal(true);
        expect(titlesOf(path), path).to.include(title);
      }
      if (row.state === 'not yet') return;
      expect(row.tests, 'tests').to.not.have.length(0);
      expect(row.code, 'code').to.not.have.length(0);
    });
  }
});

function readRows(markdown: string): Row[] {
  return markdown
    .split('\n')
    .filter((line) => /^\| R-\d/.test(line))
    .map((line) => {
      const [, id = '', , state = '', code = '', tests = ''] = line.split('|').map((cell) => cell.trim());
      const codePattern = /`([^`]+)`/g;
      const testPattern = /`([^`]+)` “([^”]+)”/g;
      return {
        id,
        state,
        code: [...code.matchAll(codePattern)].map(([, path = '']) => path),
        tests: [...tests.matchAll(testPattern)].map(([, path = '', title = '']) => ({ path, title })),
        unread: (code.replace(codePattern, '') + tests.replace(testPattern, '')).replaceAll(/[;\s]/g, ''),
      };
    });
}

/** Titles as they stand in the source: the quoted first argument of describe, it and their kin. */
function titlesOf(path: string): string[] {
  const source = readFileSync(new URL(path, root), 'utf8');
  const calls = /\b(?:describe|it|eachDatabase)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
  return [...source.matchAll(calls)].map(([, , title = '']) => title.replaceAll(/\\(.)/g, '$1'));
}
