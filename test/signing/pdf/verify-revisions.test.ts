import { expect } from 'chai';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { conclude } from '../../../signing/verify/conclude.ts';
import type { VerificationReport } from '../../../signing/verify/report.ts';
import { NOW } from '../x509/certificates.ts';
import {
  AT,
  certify,
  documentWithRoom,
  FORM_OBJECTS,
  formDocument,
  prepared,
  roomBody,
  type Signer,
  sign,
} from './form-pdf.ts';
import { faultsOf, type Revision, revise, sizeOf, startOf, streamBody, warningsOf } from './raw-pdf.ts';
import { makeSigners, ringPng } from './signed-pdf.ts';

const REMARK = '/Subtype /Text /Contents (seen)';

/** A body with some text in it exchanged. */
const changed = (number: number, was: string, is: string): string => {
  const body = FORM_OBJECTS[number] ?? '';
  if (!body.includes(was)) throw new RangeError(was);
  return body.replace(was, is);
};

describe('what is appended to a signed PDF', () => {
  let signer: Signer;
  let root: Uint8Array;
  let approved: Uint8Array;
  const certified = new Map<1 | 2 | 3, Uint8Array>();
  const judge = (pdf: Uint8Array): VerificationReport => verifyPdf(pdf, { certificates: [root], at: NOW });
  /** The page as it is in the signed file. */
  const signedPage = (pdf: Uint8Array): string => bodyOf(pdf, AT.page);
  const bodyOf = (pdf: Uint8Array, number: number): string => {
    const text = Buffer.from(pdf).toString('latin1');
    const at = text.lastIndexOf(`\n${number} 0 obj\n`) + `\n${number} 0 obj\n`.length;
    return text.slice(at, text.indexOf('\nendobj', at));
  };

  before(async () => {
    const signers = await makeSigners();
    signer = signers.signer;
    root = signers.root.certificate;
    approved = await sign(formDocument(), signer);
    for (const level of [1, 2, 3] as const) certified.set(level, await certify(formDocument(), signer, level));
  });
  const at = (level: 1 | 2 | 3): Uint8Array => certified.get(level) ?? new Uint8Array();

  const commented = (pdf: Uint8Array, annotation: string): Buffer => {
    const free = sizeOf(pdf);
    return revise(pdf, {
      objects: {
        [free]: `<< /Type /Annot /Rect [50 690 300 720] ${annotation} >>`,
        [AT.annotations]: bodyOf(pdf, AT.annotations).replace(']', ` ${free} 0 R ]`),
      },
    });
  };

  it('is nothing at first: the signed file is valid, certified or not', () => {
    for (const pdf of [approved, at(1), at(2), at(3)]) {
      expect(faultsOf(judge(pdf))).to.deep.equal([]);
      expect(judge(pdf).valid).to.equal(true);
    }
  });

  describe('may never change', () => {
    const attacks: Readonly<Record<string, [code: string, (pdf: Uint8Array) => Revision]>> = {
      'the content of a page': ['PAGE_CHANGED', () => ({ objects: { [AT.content]: streamBody('(Pay 900 yuan) Tj') } })],
      'which content a page has': [
        'PAGE_CHANGED',
        (pdf) => ({ objects: { [AT.page]: signedPage(pdf).replace(/Contents 4 0 R/, 'Contents 11 0 R') } }),
      ],
      'the size of a page': [
        'PAGE_CHANGED',
        (pdf) => ({ objects: { [AT.page]: signedPage(pdf).replace('842', '300') } }),
      ],
      'the turn of a page': [
        'PAGE_CHANGED',
        (pdf) => ({ objects: { [AT.page]: signedPage(pdf).replace('/Parent', '/Rotate 180 /Parent') } }),
      ],
      'the resources of a page': [
        'PAGE_CHANGED',
        () => ({ objects: { [AT.resources]: '<< /Font << /F1 8 0 R >> /XObject << /X 11 0 R >> >>' } }),
      ],
      'the page tree': [
        'PAGE_CHANGED',
        () => ({ objects: { [AT.pages]: '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>' } }),
      ],
      'a font': ['PAGE_CHANGED', () => ({ objects: { [AT.font]: '<< /Type /Font /Subtype /Type3 >>' } })],
      'names and scripts': [
        'CATALOGUE_CHANGED',
        (pdf) => ({
          objects: {
            [AT.catalogue]: bodyOf(pdf, 1).replace('<<', '<< /Names << /JavaScript << /Names [] >> >>'),
          },
        }),
      ],
      'what is done on opening': [
        'CATALOGUE_CHANGED',
        (pdf) => ({ objects: { [AT.catalogue]: bodyOf(pdf, 1).replace('<<', '<< /OpenAction << /S /JavaScript >>') } }),
      ],
      layers: [
        'CATALOGUE_CHANGED',
        (pdf) => ({ objects: { [AT.catalogue]: bodyOf(pdf, 1).replace('<<', '<< /OCProperties << /OCGs [] >>') } }),
      ],
      'attached files': [
        'CATALOGUE_CHANGED',
        (pdf) => ({ objects: { [AT.catalogue]: bodyOf(pdf, 1).replace('<<', '<< /AF [ ]') } }),
      ],
      'where the catalogue is': ['CATALOGUE_CHANGED', () => ({ trailer: '/Other 1 0 R' })],
      'the title of the document': ['CATALOGUE_CHANGED', () => ({ objects: { [AT.info]: '<< /Title (Another) >>' } })],
      'what readers fill fields with': [
        'FORM_CHANGED',
        (pdf) => ({ objects: { [AT.form]: bodyOf(pdf, AT.form).replace('<<', '<< /DR << >>') } }),
      ],
      'where a field stands': [
        'FORM_CHANGED',
        () => ({ objects: { [AT.nameField]: changed(AT.nameField, '50 600 250 620', '0 0 595 842') } }),
      ],
      'whether a field is seen': [
        'FORM_CHANGED',
        () => ({ objects: { [AT.nameField]: changed(AT.nameField, '/F 4', '/F 2') } }),
      ],
      'a field to another kind': [
        'FORM_CHANGED',
        () => ({ objects: { [AT.nameField]: changed(AT.nameField, '/FT /Tx', '/FT /Btn') } }),
      ],
      'a field that came without a signature': [
        'FORM_CHANGED',
        (pdf) => ({
          objects: {
            [AT.fields]: bodyOf(pdf, AT.fields).replace(']', `${sizeOf(pdf)} 0 R ]`),
            [sizeOf(pdf)]: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (more) /V (x) /Rect [0 0 9 9] >>',
          },
        }),
      ],
      'an object that goes': ['OBJECT_REPLACED', () => ({ free: [AT.hidden] })],
      'an object that moves into the signed bytes': [
        'HIDDEN_OBJECTS',
        (pdf) => ({ offsets: { [AT.content]: Buffer.from(pdf).indexOf('\n11 0 obj') + 1 } }),
      ],
    };
    for (const [what, [code, attack]] of Object.entries(attacks)) {
      it(`${what}: ${code}, whatever was certified and whoever signs it later`, async () => {
        for (const pdf of [approved, at(1), at(2), at(3)]) {
          const forged = revise(pdf, attack(pdf));
          expect(faultsOf(judge(forged))).to.deep.equal([`coverage ${code}`]);
        }
        const covered = await sign(revise(approved, attack(approved)), signer);
        expect(faultsOf(judge(covered))).to.deep.equal([`coverage ${code}`]);
      });
    }
  });

  describe('may not play tricks', () => {
    it('with bytes behind the end', () => {
      for (const tail of ['\n', '%', '<script>', '\n%%EOF\n']) {
        expect(faultsOf(judge(Buffer.concat([approved, Buffer.from(tail)])))).to.deep.equal([
          'coverage TRAILING_BYTES',
        ]);
      }
    });

    it('with a revision that leads back to an older one than the signed', () => {
      const plain = formDocument();
      const forged = revise(approved, {
        objects: { [AT.content]: streamBody('(forged) Tj') },
        previous: startOf(plain),
      });
      expect(judge(forged).valid).to.equal(false);
      expect(faultsOf(judge(revise(approved, { previous: startOf(plain) })))).to.deep.equal(['structure UNSIGNED']);
    });

    it('with a table that names an object twice', () => {
      const forged = revise(approved, { objects: { [AT.hidden]: '<< >>' } }).toString('latin1');
      const twice = forged.replace(/\n11 1\n(\d{10} 00000 n \n)trailer/, '\n11 1\n$111 1\n$1trailer');
      const moved = Buffer.from(twice, 'latin1');
      expect(moved.length).to.be.greaterThan(forged.length);
      expect(faultsOf(judge(moved))).to.deep.equal(['structure XREF_WRONG']);
    });

    it('with cross-references in a circle', () => {
      const forged = revise(approved, { objects: { [AT.hidden]: '<< >>' } });
      const text = forged.toString('latin1');
      const start = startOf(forged);
      const loop = text.replace(
        new RegExp(`/Prev ${startOf(approved)} (?=[^%]*startxref\n${start}\n)`),
        () => `/Prev ${start} `,
      );
      expect(faultsOf(judge(Buffer.from(loop, 'latin1')))).to.deep.equal(['structure XREF_WRONG']);
    });

    it('with a stream beside the table that only new readers see', () => {
      const offset = approved.length;
      const [row, free] = [Buffer.alloc(5), sizeOf(approved)];
      row.writeUInt8(1, 0);
      row.writeUInt32BE(Buffer.from(approved).indexOf('\n11 0 obj') + 1, 1);
      const keys = `/Type /XRef /Size ${free + 1} /W [1 4 0] /Index [${AT.content} 1]`;
      const stream = `${free} 0 obj\n${streamBody(row.toString('latin1'), keys)}\nendobj\n`;
      const forged = revise(approved, { between: stream, trailer: `/XRefStm ${offset}` });
      expect(faultsOf(judge(forged))).to.deep.equal(['coverage HIDDEN_OBJECTS']);
      const both = revise(approved, {
        between: stream,
        trailer: `/XRefStm ${offset}`,
        offsets: { [AT.content]: Buffer.from(approved).indexOf('\n4 0 obj') + 1 },
      });
      expect(faultsOf(judge(both))).to.deep.equal(['structure XREF_WRONG']);
    });

    it('with an object that the signed file refers to and does not have', async () => {
      const shadow = await sign(formDocument({ [AT.page]: changed(AT.page, '4 0 R', '[4 0 R 90 0 R]') }), signer);
      expect(judge(shadow).valid).to.equal(true);
      const forged = revise(shadow, { objects: { 90: streamBody('(forged) Tj') } });
      expect(faultsOf(judge(forged))).to.deep.equal(['coverage HIDDEN_OBJECTS']);
    });

    it('with a field that is something else as well', async () => {
      const double = formDocument({ [AT.resources]: '<< /Font << /F1 8 0 R >> /Properties 6 0 R >>' });
      const signed = await certify(double, signer, 2);
      const filled = changed(AT.nameField, '/T (name)', '/T (name) /V (Zhang)');
      expect(faultsOf(judge(revise(signed, { objects: { [AT.nameField]: filled } })))).to.deep.equal([
        'coverage OBJECT_REPLACED',
      ]);
    });

    it('with a list of annotations that is a list of contents as well', async () => {
      const double = await certify(
        formDocument({ [AT.page]: changed(AT.page, '/Contents 4', '/Contents 9') }),
        signer,
        3,
      );
      const forged = revise(double, {
        objects: {
          90: streamBody('(forged) Tj', '/Subtype /Text'),
          [AT.annotations]: bodyOf(double, 9).replace(']', '90 0 R ]'),
        },
      });
      expect(faultsOf(judge(forged))).to.deep.equal(['coverage PAGE_CHANGED']);
    });

    it('with a signature that was hidden in the signed bytes', async () => {
      const signed = await sign(formDocument(), signer);
      const number = /\/V (\d+) 0 R/.exec(bodyOf(signed, sizeOf(signed) - 1))?.[1];
      const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (again) /Rect [0 0 0 0] /V ${number} 0 R >>`;
      const free = sizeOf(signed);
      const forged = revise(signed, {
        objects: { [free]: field, [AT.fields]: bodyOf(signed, AT.fields).replace(']', ` ${free} 0 R ]`) },
      });
      expect(judge(forged).valid).to.equal(false);
    });
  });

  describe('signatures', () => {
    it('may come, unless the first one forbids every change', async () => {
      for (const pdf of [approved, at(2), at(3)]) {
        const report = judge(await sign(pdf, signer));
        expect(faultsOf(report)).to.deep.equal([]);
        expect(warningsOf(report)).to.deep.equal(['SIGNED_ADDITION']);
      }
    });

    const overAll = { seal: { box: [0, 0, 210, 297] as const, picturePng: ringPng(), pictureWidthMm: 210 } };

    it('may not take a place on the page that the certification did not foresee', async () => {
      const refused = ['coverage CHANGE_NOT_PERMITTED'];
      expect(faultsOf(judge(await sign(at(2), signer, overAll)))).to.deep.equal(refused);
      const room = await sign(at(2), signer, { announces: { page: 0, box: [0, 0, 210, 297] } });
      const filled = await sign(room, signer, { fieldName: 'SM2Signature', picture: ringPng() });
      expect(faultsOf(judge(filled)), 'a place made by one, and filled by the next').to.deep.equal(refused);
    });

    it('that are seen are told where no certification forbids them, and the verdict names what was added', async () => {
      for (const pdf of [approved, at(3)]) {
        const report = judge(await sign(pdf, signer, overAll));
        expect(faultsOf(report)).to.deep.equal([]);
        expect(warningsOf(report)).to.have.members(['SIGNED_ADDITION', 'APPEARANCE_CHANGED']);
        const { verdict, reason } = conclude(report);
        expect(verdict).to.equal('valid');
        expect(reason.en).to.include('additions were made later').and.to.include('what the page shows has changed');
        expect(reason.en).not.to.include('The content is unchanged');
        expect(reason.zh).to.include('另有追加').and.to.include('页面外观已改变').and.not.to.include('未改动');
      }
      expect(conclude(judge(approved)).reason.en).to.include('The content is unchanged since it was signed');
    });

    describe('in a place that was announced', () => {
      const place = { page: 0, box: [20, 200, 42, 42] as const };
      let announced: Uint8Array;
      /** Signed in that place, with the look changed in the same revision, before it is signed. */
      const filledWith = async (was: RegExp, is: string): Promise<VerificationReport> => {
        const made = prepared(announced, { fieldName: 'SM2Signature', picture: ringPng() });
        const text = Buffer.from(made).toString('latin1');
        const start = announced.length + text.slice(announced.length).search(was);
        const [found = ''] = was.exec(text.slice(start)) ?? [];
        expect(found.length, String(was)).to.be.at.least(Math.max(is.length, 1));
        const forged = Buffer.from(made);
        forged.write(is.padEnd(found.length), start, 'latin1');
        return judge(await signPdf(forged, signer));
      };
      before(async () => {
        announced = await sign(formDocument(), signer, { certify: 2, announces: place });
      });

      it('are no more than the announced', async () => {
        const report = await filledWith(/\/BBox/, '/BBox');
        expect(faultsOf(report)).to.deep.equal([]);
        expect(warningsOf(report)).to.deep.equal(['SIGNED_ADDITION']);
      });

      it('must keep to it', async () => {
        const refused = ['coverage CHANGE_NOT_PERMITTED'];
        expect(faultsOf(await filledWith(/\/BBox \[[^\]]*\]/, ''))).to.deep.equal(refused);
        expect(faultsOf(await filledWith(/\/BBox \[[^\]]*\]/, '/BBox [0 0 0 9]'))).to.deep.equal(refused);
        expect(faultsOf(await filledWith(/\/F 132/, '/F 148')), 'turned and zoomed by itself').to.deep.equal(refused);
        expect(faultsOf(await filledWith(/\/Rect \[[^\]]*\]/, '/Rect [0 0 595 842]'))).to.deep.equal([
          'coverage FORM_CHANGED',
        ]);
      });
    });

    it('may not go, nor be changed, nor what they show', async () => {
      const two = await sign(approved, signer);
      const field = sizeOf(approved) - 1;
      const own = bodyOf(approved, field);
      const forge = (body: string): string[] => faultsOf(judge(revise(two, { objects: { [field]: body } })));
      expect(own).to.include('/FT /Sig');
      expect(forge(own.replace(/\/V \d+ 0 R/, ''))).to.include('coverage SIGNATURE_STRIPPED');
      expect(forge(own.replace('/Rect [ 0 0 0 0 ]', '/Rect [ 0 0 595 842 ]'))).to.deep.equal([
        'coverage SIGNED_FIELD_CHANGED',
      ]);
      expect(forge(own.replace('<<', '<< /AP << /N 11 0 R >>'))).to.deep.equal(['coverage SIGNED_FIELD_CHANGED']);
    });

    it('may not be announced and missing: cut off, or never made', async () => {
      const words = { certify: 2 as const, announces: { page: 0 } };
      const announced = await sign(formDocument(), signer, words);
      expect(faultsOf(judge(announced))).to.deep.equal(['coverage SIGNATURE_STRIPPED']);
      const both = await sign(announced, signer, { fieldName: 'SM2Signature' });
      expect(faultsOf(judge(both))).to.deep.equal([]);
      expect(faultsOf(judge(both.subarray(0, announced.length)))).to.deep.equal(['coverage SIGNATURE_STRIPPED']);
    });

    it('may not be taken out under cover of another', async () => {
      const [field, free] = [sizeOf(approved) - 1, sizeOf(approved)];
      const value = Number(/\/V (\d+) 0 R/.exec(bodyOf(approved, field))?.[1]);
      expect(value).to.be.lessThan(free);
      const without = revise(approved, {
        objects: { [field]: bodyOf(approved, field).replace(/\/V \d+ 0 R/, '') },
        free: [value],
      });
      expect(faultsOf(judge(without))).to.deep.equal(['structure UNSIGNED']);
      expect(faultsOf(judge(await sign(without, signer)))).to.deep.equal(['coverage SIGNATURE_STRIPPED']);
    });

    it('must all pass', async () => {
      const other = await makeSigners();
      const two = await sign(approved, other.signer);
      expect(judge(two)).to.include({ valid: false, trusted: false });
      const both = { certificates: [root, other.root.certificate], at: NOW };
      expect(verifyPdf(two, both)).to.include({ valid: true, trusted: true });
    });
  });

  describe('words in a field', () => {
    const filled = (pdf: Uint8Array): Buffer =>
      revise(pdf, {
        objects: {
          [AT.nameField]: changed(AT.nameField, '/T (name)', '/T (name) /V (Zhang)'),
          [AT.look]: streamBody('/Tx BMC (Zhang) Tj EMC', '/Type /XObject /Subtype /Form /BBox [0 0 200 20]'),
        },
      });

    it('are told where the certification allows them', () => {
      for (const level of [2, 3] as const) {
        const report = judge(filled(at(level)));
        expect(faultsOf(report)).to.deep.equal([]);
        expect(report.valid).to.equal(true);
        expect(warningsOf(report)).to.deep.equal(['FORM_FILLED']);
      }
    });

    it('are refused where it does not, or nobody certified and nobody signed them', () => {
      for (const pdf of [at(1), approved]) {
        expect(faultsOf(judge(filled(pdf)))).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
      }
    });

    it('are told when a later signature covers them', async () => {
      const report = judge(await sign(filled(approved), signer));
      expect(faultsOf(report)).to.deep.equal([]);
      expect(warningsOf(report)).to.have.members(['FORM_FILLED', 'SIGNED_ADDITION']);
    });

    it('are refused in fields that the signature locks', async () => {
      const lock = (parameters: string): Promise<Uint8Array> => {
        const reference = `<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << ${parameters} >> >>`;
        const level = '<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /P 2 >> >>';
        return signPdf(documentWithRoom(roomBody(`/Reference [${reference} ${level}]`)), signer);
      };
      for (const parameters of [
        '/Action /All',
        '/Action /Include /Fields [(name)]',
        '/Action /Exclude /Fields [(x)]',
      ]) {
        const locked = await lock(parameters);
        expect(judge(locked).valid, parameters).to.equal(true);
        expect(faultsOf(judge(filled(locked))), parameters).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
      }
      expect(warningsOf(judge(filled(await lock('/Action /Include /Fields [(amount)]'))))).to.deep.equal([
        'FORM_FILLED',
      ]);
    });

    it('are refused, as any change, where the lock of a signed field says so (PDF 2.0)', async () => {
      const field =
        '<< /Type /Annot /Subtype /Widget /FT /Sig /T (hand) /F 132 /Rect [0 0 0 0] /V 21 0 R /Lock LOCK >>';
      const under = (permission: string): Promise<Uint8Array> => {
        const lock = `<< /Type /SigFieldLock /Action /Include /Fields [(amount)] ${permission} >>`;
        const level = '/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /P 3 >> >>]';
        return signPdf(documentWithRoom(roomBody(level), { 20: field.replace('LOCK', lock) }), signer);
      };
      const refused = ['coverage CHANGE_NOT_PERMITTED'];
      for (const permission of ['/P 1', '/P 0', '/P (2)']) {
        const locked = await under(permission);
        expect(judge(locked).valid, permission).to.equal(true);
        expect(faultsOf(judge(filled(locked))), permission).to.deep.equal(refused);
        expect(faultsOf(judge(await sign(locked, signer))), permission).to.deep.equal(refused);
        expect(faultsOf(judge(commented(locked, REMARK))), permission).to.deep.equal(refused);
      }
      const two = await under('/P 2');
      expect(warningsOf(judge(filled(two)))).to.deep.equal(['FORM_FILLED']);
      expect(faultsOf(judge(await sign(two, signer)))).to.deep.equal([]);
      expect(faultsOf(judge(commented(two, REMARK)))).to.deep.equal(refused);
      for (const permission of ['', '/P 3']) {
        const open = await under(permission);
        expect(warningsOf(judge(filled(open))), permission).to.deep.equal(['FORM_FILLED']);
        expect(warningsOf(judge(commented(open, REMARK))), permission).to.deep.equal(['ANNOTATED']);
      }
    });

    it('are refused when they are no words but a stream', () => {
      const body = changed(AT.nameField, '/T (name)', '/T (name) /V 11 0 R');
      const forged = revise(at(2), { objects: { [AT.nameField]: body } });
      expect(faultsOf(judge(forged))).to.deep.equal(['coverage FORM_CHANGED']);
    });
  });

  describe('a comment', () => {
    it('is told where the certification allows it', () => {
      const report = judge(commented(at(3), '/Subtype /Highlight /QuadPoints [50 720 300 720 50 690 300 690]'));
      expect(faultsOf(report)).to.deep.equal([]);
      expect(warningsOf(report)).to.deep.equal(['ANNOTATED']);
    });

    it('is refused where it does not', () => {
      for (const pdf of [at(1), at(2), approved]) {
        expect(faultsOf(judge(commented(pdf, '/Subtype /Text')))).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
      }
    });

    it('that could hide the page must be signed by somebody', async () => {
      for (const drawn of ['/Subtype /FreeText', '/Subtype /Stamp', '/Subtype /Highlight /AP << /N 11 0 R >>']) {
        const forged = commented(at(3), drawn);
        expect(faultsOf(judge(forged)), drawn).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
        const report = judge(await sign(forged, signer));
        expect(faultsOf(report), drawn).to.deep.equal([]);
        expect(warningsOf(report), drawn).to.have.members(['ANNOTATED', 'SIGNED_ADDITION']);
      }
    });

    it('may be no link, no file, no blackening and no field', () => {
      for (const kind of ['Link', 'FileAttachment', 'Redact', 'Screen', 'Watermark', 'Widget /FT /Tx']) {
        expect(faultsOf(judge(commented(at(3), `/Subtype /${kind}`))), kind).to.deep.equal(['coverage PAGE_CHANGED']);
      }
      const acting = commented(at(3), '/Subtype /Text /A << /S /JavaScript >>');
      expect(faultsOf(judge(acting))).to.deep.equal(['coverage PAGE_CHANGED']);
    });

    it('may be changed, but fields may not be taken off the page', () => {
      const other = changed(AT.comment, '(read)', '(seen)');
      expect(warningsOf(judge(revise(at(3), { objects: { [AT.comment]: other } })))).to.deep.equal(['ANNOTATED']);
      const off = bodyOf(at(3), AT.annotations).replace('6 0 R', '');
      expect(faultsOf(judge(revise(at(3), { objects: { [AT.annotations]: off } })))).to.deep.equal([
        'coverage PAGE_CHANGED',
      ]);
    });
  });

  it('may be the same objects again, and a date in the document’s information', async () => {
    const again = revise(approved, {
      objects: { [AT.font]: FORM_OBJECTS[AT.font] ?? '', [AT.info]: '<< /Title (A licence) /ModDate (D:20260502) >>' },
    });
    expect(faultsOf(judge(again))).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
    expect(faultsOf(judge(await sign(again, signer)))).to.deep.equal([]);
  });
});
