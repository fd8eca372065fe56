import { deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { checkXlsx } from '../../../exchange/sheet/check-xlsx.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { makeXlsx } from './make-sheets.ts';

/** A ZIP of one part; no checksums, because nobody looks at them here. */
function zipOf(content: string, { method = 8, entries = 1 } = {}): Uint8Array {
  const raw = Buffer.from(content);
  const packed = method === 8 ? deflateRawSync(raw) : raw;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(packed.length, 20);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(local.length + packed.length, 16);
  return new Uint8Array(Buffer.concat([local, packed, ...Array.from({ length: entries }, () => central), end]));
}

const codeOf = (bytes: Uint8Array): string | undefined => {
  try {
    checkXlsx(bytes);
    return undefined;
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
};

describe('the look at a workbook before it is opened', () => {
  it('lets a real one pass', async () => expect(codeOf(await makeXlsx([['a', 1, new Date(0)]]))).to.equal(undefined));

  it('lets the last row and column of a worksheet pass', () => {
    expect(codeOf(zipOf('<row r="1048576"><c r="XFD1048576"/></row>'))).to.equal(undefined);
  });

  for (const place of ['<row r="4294967295"/>', '<c r="A99999999"/>', '<c r="AAAA1"/>']) {
    it(`refuses the impossible place ${place}`, () => {
      expect(codeOf(zipOf(place))).to.equal('FILE_NOT_WHAT_IT_SAYS');
      expect(codeOf(zipOf(place, { method: 0 }))).to.equal('FILE_NOT_WHAT_IT_SAYS');
    });
  }

  it('refuses what unpacks to more than it may, in one part or in many', () => {
    expect(codeOf(zipOf('x'.repeat(65 * 1024 * 1024)))).to.equal('REQUEST_TOO_LARGE');
    expect(codeOf(zipOf('x'.repeat(1024 * 1024), { entries: 70 }))).to.equal('REQUEST_TOO_LARGE');
    expect(codeOf(zipOf('x', { entries: 201 }))).to.equal('REQUEST_TOO_LARGE');
  });

  it('refuses what is cut short, of an unknown packing, or no ZIP at all', () => {
    const whole = zipOf('<a/>');
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(whole.subarray(0, length)), String(length)).to.equal('FILE_NOT_WHAT_IT_SAYS');
    }
    expect(codeOf(zipOf('<a/>', { method: 12 }))).to.equal('FILE_NOT_WHAT_IT_SAYS');
  });
});
