import { expect } from 'chai';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { NOW } from '../x509/certificates.ts';
import { documentWithRoom, HAND_SIGNATURE, roomBody, type Signer, sign } from './form-pdf.ts';
import { exchange, faultsOf, revise, writePdf } from './raw-pdf.ts';
import { gapOf, makeSigners } from './signed-pdf.ts';

describe('the byte range of a PDF signature', () => {
  let signer: Signer;
  let root: Uint8Array;
  let signed: Uint8Array;
  const judge = (pdf: Uint8Array) => verifyPdf(pdf, { certificates: [root], at: NOW });
  /** The byte range written anew into its room; what it covers is then another matter. */
  const withRange = (range: string): Buffer => {
    const was = /\/ByteRange \[[^\]]*\]/.exec(Buffer.from(signed).toString('latin1'))?.[0] ?? '';
    return exchange(signed, was, `/ByteRange ${range}`.padEnd(was.length));
  };

  before(async () => {
    const signers = await makeSigners();
    signer = signers.signer;
    root = signers.root.certificate;
    signed = await signPdf(documentWithRoom(), signer);
  });

  it('of a file written by hand is right to begin with', () => {
    expect(faultsOf(judge(signed))).to.deep.equal([]);
    expect(judge(signed)).to.include({ valid: true, trusted: true });
  });

  it('must be four whole numbers that begin with nothing and grow', () => {
    const [start, end] = gapOf(signed);
    const rest = signed.length - end;
    for (const range of [
      `[ 1 ${start} ${end} ${rest} ]`,
      `[ ${end} ${rest} 0 ${start} ]`,
      `[ 0 ${start} ${end} 0 ]`,
      `[ 0 ${end} ${start} ${signed.length - start} ]`,
      `[ 0 ${start} ${end} ${rest + 1} ]`,
      `[ 0 ${start} ${end} -${rest} ]`,
      `[ 0 ${start} ${end} ]`,
      `[ 0 ${start} ${end} ${rest} 0 0 ]`,
      `[ 0 ${start} ${end}.5 ${rest} ]`,
      `[ 0 ${start} 9 0 R ${rest} ]`,
      '[ ]',
      'null',
    ]) {
      expect(faultsOf(judge(withRange(range))), range).to.include.members(['coverage BYTE_RANGE_WRONG']);
      expect(judge(withRange(range)).valid, range).to.equal(false);
    }
  });

  it('must leave out nothing but the signature’s own room', () => {
    const [start, end] = gapOf(signed);
    for (const [from, to] of [
      [start - 1, end],
      [start, end + 1],
      [start + 1, end - 1],
      [start - 40, end + 40],
    ] as const) {
      const faults = faultsOf(judge(withRange(`[ 0 ${from} ${to} ${signed.length - to} ]`)));
      expect(faults, `${from} ${to}`).to.include('coverage UNCOVERED');
    }
  });

  it('must reach to the end of its revision', () => {
    const [start, end] = gapOf(signed);
    const short = withRange(`[ 0 ${start} ${end} ${signed.length - end - 20} ]`);
    expect(faultsOf(judge(short))).to.include('coverage BYTE_RANGE_WRONG');
  });

  it('must be one signature’s alone', () => {
    const twice = documentWithRoom(roomBody(), {
      22: roomBody().replaceAll('9999999999 9999999999 9999999999', '1111111111 1111111111 1111111111'),
      23: '<< /FT /Sig /T (second) /V 22 0 R >>',
      15: '[6 0 R 7 0 R 20 0 R 23 0 R]',
    });
    return signPdf(twice, signer).then((pdf) => {
      const range = /\/ByteRange (\[ 0 \d+ \d+ \d+ *\])/.exec(Buffer.from(pdf).toString('latin1'))?.[1] ?? '';
      const other = '[ 0 1111111111 1111111111 1111111111 ]';
      expect(range.length).to.equal(other.length);
      expect(faultsOf(judge(exchange(pdf, other, range)))).to.include('coverage SIGNATURES_OVERLAP');
    });
  });

  it('must be in the dictionary itself, as the room must', async () => {
    const [start, end] = gapOf(signed);
    const free = 30;
    const apart = revise(signed, {
      objects: {
        [HAND_SIGNATURE]: `<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [ 0 ${start} ${end} ${signed.length - end} ] /Contents ${free} 0 R >>`,
        [free]: Buffer.from(signed).toString('latin1', start, end),
      },
    });
    expect(faultsOf(judge(apart))).to.include('structure BYTE_RANGE_WRONG');
    const none = revise(signed, { objects: { [HAND_SIGNATURE]: '<< /Type /Sig /SubFilter /ETSI.CAdES.detached >>' } });
    expect(judge(none).valid).to.equal(false);
    const nowhere = revise(signed, { objects: { [HAND_SIGNATURE]: 'null' } });
    expect(faultsOf(judge(nowhere))).to.deep.equal(['structure UNSIGNED']);
  });

  it('cannot be moved by a dictionary that names it twice', () => {
    const twice = exchange(signed, "/M (D:20260501100000+08'00')", '/ByteRange [0 1 2 3]        ');
    expect(judge(twice).valid).to.equal(false);
  });

  describe('with a room that is not filled as it should be', () => {
    const filled = (text: string): Buffer => {
      const [start, end] = gapOf(signed);
      const copy = Buffer.from(signed);
      copy.write(text.padEnd(end - start - 2, '0'), start + 1, 'latin1');
      return copy;
    };

    it('is refused: empty, zeros, or null', () => {
      for (const text of ['', '00', '0000', '30800000']) {
        expect(faultsOf(judge(filled(text))), text).to.include('structure SIGNATURE_MALFORMED');
      }
      const [start, end] = gapOf(signed);
      const nothing = exchange(signed, Buffer.from(signed).toString('latin1', start, end), 'null'.padEnd(end - start));
      expect(judge(nothing).valid).to.equal(false);
    });

    it('is refused when something hides behind the structure', () => {
      const [, end] = gapOf(signed);
      const copy = Buffer.from(signed);
      copy.write('6', end - 2, 'latin1');
      expect(faultsOf(judge(copy))).to.include('structure PADDING_WRONG');
    });

    it('is refused when white space or comments stand among the digits', () => {
      const [, end] = gapOf(signed);
      for (const filler of ['  ', '\n\n', '%a']) {
        const copy = Buffer.from(signed);
        copy.write(filler, end - 3, 'latin1');
        expect(judge(copy).valid, filler).to.equal(false);
      }
      const spaced = Buffer.from(signed);
      spaced.write('  ', end - 3, 'latin1');
      expect(faultsOf(judge(spaced))).to.include('coverage UNCOVERED');
    });

    it('is refused when the string ends early and other things follow in the gap', () => {
      const [start, end] = gapOf(signed);
      const copy = Buffer.from(signed);
      copy.write('>/Other (forged)', end - 30, 'latin1');
      expect(start).to.be.lessThan(end - 30);
      expect(judge(copy).valid).to.equal(false);
    });
  });

  it('of a file that begins as something else is not looked for', () => {
    const polyglot = Buffer.concat([Buffer.from('GIF89a'), signed]);
    expect(verifyFile(polyglot, { at: NOW }).valid).to.equal(false);
    const zip = Buffer.concat([signed, Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1')]);
    expect(faultsOf(verifyFile(zip, { at: NOW }))).to.deep.equal(['coverage TRAILING_BYTES']);
  });

  it('of a later signature may not lie in what an earlier one signed', async () => {
    const two = await sign(signed, signer);
    const text = Buffer.from(two).toString('latin1');
    const later = text.lastIndexOf('/ByteRange');
    const range = /\/ByteRange \[[^\]]*\]/.exec(text.slice(later))?.[0] ?? '';
    const [start, end] = gapOf(signed);
    const copy = Buffer.from(two);
    copy.write(`/ByteRange [ 0 ${start} ${end} ${two.length - end}`.padEnd(range.length - 1), later, 'latin1');
    expect(faultsOf(judge(copy))).to.include('coverage UNCOVERED');
  });

  it('is asked of a signature that no field shows, too', () => {
    const pdf = writePdf({ 1: '<< /Type /Catalog /Hidden 2 0 R >>', 2: roomBody() });
    expect(faultsOf(judge(pdf))).to.include.members(['structure SIGNATURE_LIST_WRONG', 'coverage BYTE_RANGE_WRONG']);
  });
});
