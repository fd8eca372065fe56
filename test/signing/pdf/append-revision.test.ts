import { expect } from 'chai';
import fc from 'fast-check';
import { SigningError } from '../../../signing/error.ts';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { array, asciiString, dict, name, number } from '../../../signing/pdf/make-value.ts';
import { PdfChanges } from '../../../signing/pdf/pdf-changes.ts';
import { openPdf } from '../../../signing/pdf/syntax/open-pdf.ts';
import type { PdfValue } from '../../../signing/pdf/syntax/pdf-value.ts';
import { PdfReader } from '../../../signing/pdf/syntax/read-value.ts';
import { writeValue } from '../../../signing/pdf/write-value.ts';
import { hybridPdf } from './hybrid-pdf.ts';
import { plainDocument, SIGNED_AT } from './signed-pdf.ts';

/** A value without the places where its strings stood. */
function bare(value: PdfValue): unknown {
  if (value.kind === 'string') return { text: Buffer.from(value.bytes).toString('hex') };
  if (value.kind === 'array') return value.items.map(bare);
  if (value.kind !== 'dict') return value;
  return { entries: [...value.entries].map(([key, entry]) => [key, bare(entry)]) };
}

const latin1 = fc.uint8Array({ maxLength: 300 });
const word = fc
  .uint8Array({ minLength: 1, maxLength: 12, min: 1 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const { value: anyValue } = fc.letrec<{ value: PdfValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<PdfValue>({ kind: 'null' }),
    fc.boolean().map((value): PdfValue => ({ kind: 'boolean', value })),
    fc.integer().map(number),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
      .map((value) => number(Math.abs(value) < 1e-3 ? 0 : value)),
    word.map((value): PdfValue => ({ kind: 'name', value })),
    latin1.map((bytes): PdfValue => ({ kind: 'string', bytes, plainHex: false, start: 0, end: 0 })),
    fc
      .record({ number: fc.nat(999_999), generation: fc.nat(65_535) })
      .map((ref): PdfValue => ({ kind: 'ref', ...ref })),
    fc.array(tie('value'), { maxLength: 5 }).map((items): PdfValue => ({ kind: 'array', items })),
    fc
      .array(fc.tuple(word, tie('value')), { maxLength: 5 })
      .map((entries): PdfValue => ({ kind: 'dict', entries: new Map(entries) })),
  ),
}));

describe('a revision appended to a PDF', () => {
  const withIdentifier = async (): Promise<Uint8Array> =>
    Buffer.from(
      Buffer.from(await (await plainDocument()).save({ useObjectStreams: false }))
        .toString('latin1')
        .replace(/trailer\s*<</, 'trailer <</ID [(first) (second)] /Private (kept)'),
      'latin1',
    );

  it('writes every value so that it is read back as the same', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const reader = new PdfReader(Buffer.from(`${writeValue(value)} `, 'latin1'), 0);
        expect(bare(reader.value())).to.deep.equal(bare(value));
      }),
    );
  });

  it('writes numbers without exponents', () => {
    expect([1e21, 1e-7, -0.5, 3].map((value) => writeValue(number(value)))).to.deep.equal([
      '1000000000000000000000',
      '0.00000010000000000000',
      '-0.5',
      '3',
    ]);
  });

  it('leaves the bytes before it, and is found by a table when there was one', async () => {
    const before = await withIdentifier();
    const changes = new PdfChanges(before);
    const added = changes.add(dict({ Answer: number(42) }));
    const after = changes.append();
    expect(Buffer.compare(after.subarray(0, before.length), before)).to.equal(0);
    const tail = Buffer.from(after.subarray(before.length)).toString('latin1');
    expect(tail).to.match(/\nxref\n\d+ 1\n\d{10} 00000 n \ntrailer\n/);
    const [was, is] = [openPdf(before), openPdf(after)];
    expect(bare(is.resolve(added))).to.deep.equal({ entries: [['Answer', { kind: 'number', value: 42 }]] });
    const previous = Number(/startxref\s+(\d+)/.exec(Buffer.from(before).toString('latin1'))?.[1]);
    expect(is.trailer.entries.get('Prev')).to.deep.equal(number(previous));
    expect(is.trailer.entries.get('Size')).to.deep.equal(number(added.number + 1));
    for (const key of ['Root', 'Info', 'Private']) {
      const [old, now] = [was.trailer.entries.get(key), is.trailer.entries.get(key)];
      expect(old && bare(old)).to.deep.equal(now && bare(now));
    }
  });

  it('keeps the first identifier of the file and changes the second', async () => {
    const before = await withIdentifier();
    const idOf = (pdf: Uint8Array): string[] => {
      const id = openPdf(pdf).trailer.entries.get('ID');
      return (id?.kind === 'array' ? id.items : []).map((item) =>
        item.kind === 'string' ? Buffer.from(item.bytes).toString('latin1') : '',
      );
    };
    const change = (pdf: Uint8Array, value: number): Uint8Array => {
      const changes = new PdfChanges(pdf);
      changes.add(number(value));
      return changes.append();
    };
    const [one, other, again] = [change(before, 1), change(before, 2), change(before, 1)];
    expect(idOf(one)[0]).to.equal('first');
    expect(new Set([idOf(before)[1], idOf(one)[1], idOf(other)[1], idOf(change(one, 1))[1]]).size).to.equal(4);
    expect(Buffer.compare(one, again)).to.equal(0);
  });

  it('is found by a stream when there was one, also as the second', async () => {
    const before = await (await plainDocument()).save({ useObjectStreams: true });
    let pdf: Uint8Array = before;
    for (const value of [1, 2]) {
      const changes = new PdfChanges(pdf);
      const added = changes.add(number(value));
      pdf = changes.append();
      expect(openPdf(pdf).resolve(added)).to.deep.equal(number(value));
      expect(openPdf(pdf).trailer.entries.get('Type')).to.deep.equal({ kind: 'name', value: 'XRef' });
      expect(openPdf(pdf).trailer.entries.has('Filter')).to.equal(false);
    }
    expect(Buffer.from(pdf.subarray(before.length)).toString('latin1')).to.not.match(/\nxref\n/);
  });

  it('says nothing of a hybrid’s stream, and still leads to what it hides', async () => {
    const hybrid = hybridPdf(await (await plainDocument()).save({ useObjectStreams: false }));
    const changes = new PdfChanges(hybrid);
    const hidden = [...changes.file.entries].find(([, entry]) => entry.kind === 'packed')?.[0] ?? 0;
    changes.add(number(1));
    const after = openPdf(changes.append());
    expect(after.trailer.entries.has('XRefStm')).to.equal(false);
    const ref = { kind: 'ref', number: hidden, generation: 0 } as const;
    expect(bare(after.resolve(ref))).to.deep.equal({ entries: [['Hidden', { kind: 'number', value: 1 }]] });
  });

  it('changes an object that stood in a stream of objects', async () => {
    const changes = new PdfChanges(await (await plainDocument()).save({ useObjectStreams: true }));
    const { ref } = changes.catalogue();
    changes.change(ref, dict({ Changed: number(1) }));
    expect(bare(openPdf(changes.append()).resolve(ref))).to.deep.equal({
      entries: [['Changed', { kind: 'number', value: 1 }]],
    });
  });

  describe('to a hostile file', () => {
    const field = { name: '', reason: '', location: '', at: SIGNED_AT, page: 0 };
    const refusalOf = (pdf: Uint8Array): string => {
      try {
        appendSignature(pdf, field);
        return 'nothing thrown';
      } catch (error) {
        return error instanceof SigningError ? error.code : String(error);
      }
    };
    const change = async (key: string, of: (own: PdfChanges) => PdfValue): Promise<Uint8Array> => {
      const changes = new PdfChanges(await (await plainDocument()).save({ useObjectStreams: false }));
      const { ref, value } = changes.catalogue();
      changes.change(ref, { kind: 'dict', entries: new Map([...value.entries, [key, of(changes)]]) });
      return changes.append();
    };
    /** A node that is its own kid many times over. */
    const loop = (changes: PdfChanges, more: Readonly<Record<string, PdfValue>>): PdfValue => {
      const node = changes.add(number(0));
      const kids = array(new Array<PdfValue>(1000).fill(node));
      changes.change(node, dict({ ...more, Kids: kids }));
      return node;
    };

    it('ends when the page tree has no end', async () => {
      expect(refusalOf(await change('Pages', (changes) => loop(changes, {})))).to.equal('MALFORMED');
    });

    it('ends when the form has no end', async () => {
      const named = { T: asciiString('a'), FT: name('Sig') };
      const pdf = await change('AcroForm', (changes) => dict({ Fields: array([loop(changes, named)]) }));
      expect(refusalOf(pdf)).to.equal('TOO_LARGE');
    });
  });
});
