import { expect } from 'chai';
import { readXlsx } from '../../../exchange/sheet/read-xlsx.ts';
import { bytesToRead } from '../../../models/import/index.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { makeXlsx, zipOf } from './make-sheets.ts';

const MOST = { rows: 100, columns: 10, bytes: 4 * 1024 * 1024 };

async function linesOf(bytes: Uint8Array, most = MOST): Promise<readonly (readonly string[])[]> {
  const lines: (readonly string[])[] = [];
  for await (const { row, cells } of readXlsx(bytesToRead(bytes), most)) lines.push([String(row), ...cells]);
  return lines;
}

const codeOf = (bytes: Uint8Array, most = MOST) =>
  linesOf(bytes, most).then(
    () => undefined,
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  );

const BOOK = '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>';
const RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>';

/** A workbook of the least parts. */
function bookOf(rows: string, options = {}): Uint8Array {
  const files = {
    'xl/workbook.xml': BOOK,
    'xl/_rels/workbook.xml.rels': RELATIONS,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
  };
  return zipOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])), options);
}

describe('a workbook that is read as a stream', () => {
  it('gives what its cells show', async () => {
    const bytes = await makeXlsx([
      ['编号', 41990000008461, 1.5, true],
      [
        new Date('2026-03-02T00:00:00Z'),
        { formula: 'A1', result: '结果' },
        { richText: [{ text: '一' }, { text: '二' }] },
      ],
    ]);
    expect(await linesOf(bytes)).to.deep.equal([
      ['1', '编号', '41990000008461', '1.5', 'true'],
      ['2', '2026-03-02', '结果', '一二'],
    ]);
  });

  it('lets the last row of a worksheet pass, and leaves out columns beyond those asked for', async () => {
    const rows = '<row r="1048576"><c r="A1048576" t="str"><v>a</v></c><c r="XFD1048576" t="str"><v>z</v></c></row>';
    expect(await linesOf(bookOf(rows))).to.deep.equal([['1048576', 'a']]);
  });

  for (const place of [
    '<row r="4294967295"/>',
    '<row r="1"><c r="A99999999"/></row>',
    '<row r="1"><c r="AAAA1"/></row>',
  ]) {
    it(`is refused for the impossible place ${place}`, async () => {
      expect(await codeOf(bookOf(place))).to.equal('FILE_NOT_WHAT_IT_SAYS');
      expect(await codeOf(bookOf(place, { method: 0 }))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    });
  }

  it('is refused when it unpacks to more than it may, or has too many parts or rows', async () => {
    expect(await codeOf(bookOf(' '.repeat(5 * 1024 * 1024)))).to.equal('REQUEST_TOO_LARGE');
    expect(await codeOf(bookOf('', { entries: 201 }))).to.equal('REQUEST_TOO_LARGE');
    const rows = '<row><c t="str"><v>x</v></c></row>'.repeat(101);
    expect(await codeOf(bookOf(rows))).to.equal('REQUEST_TOO_LARGE');
  });

  it('is refused with a document type, which would name outside places', async () => {
    const files = { 'xl/workbook.xml': Buffer.from(`<!DOCTYPE a [<!ENTITY x "y">]>${BOOK}`) };
    expect(await codeOf(zipOf(files))).to.equal('FILE_NOT_WHAT_IT_SAYS');
  });

  it('is refused when it is cut short anywhere, or packed in an unknown way', async () => {
    const whole = bookOf('<row><c t="str"><v>x</v></c></row>');
    for (let length = 0; length < whole.length; length += 7) {
      expect(await codeOf(whole.subarray(0, length)), String(length)).to.equal('FILE_NOT_WHAT_IT_SAYS');
    }
    expect(await codeOf(bookOf('', { method: 12 }))).to.equal('FILE_NOT_WHAT_IT_SAYS');
  });
});
