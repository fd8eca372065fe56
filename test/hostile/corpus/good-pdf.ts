/** Genuine PDF files: of ours in all shapes, and of others with every kind of signed data, document, and permitted addition. */
import { element } from '../../../signing/der/write-der.ts';
import { extendPdf } from '../../../signing/index.ts';
import type { GoodCase } from './case.ts';
import { encodeList } from './certificates.ts';
import { encodeCms, encodeToken } from './cms.ts';
import { documentsOf, signedDataOf } from './good-pdf-signed-data.ts';
import { appendUpdate, edited, nextNumber, objectIn, signText, type Update, waiting } from './pdf-text.ts';
import { PART, type PdfWorld, strangerPdf } from './pdf-world.ts';
import { encodeSeal, encodeStamp, rawOf, sm3Of } from './seals.ts';

const { text, page, comment, form, catalogue, info } = PART;

function* additionsOf({ bases, own, policy, other, tsa }: PdfWorld): Generator<GoodCase> {
  const good = (name: string, bytes: Uint8Array, warned: readonly string[]): GoodCase => {
    return { family: 'PDF with permitted additions', format: 'pdf', name, bytes, policy, warned };
  };
  const over = (
    pdf: Uint8Array,
    objects: Readonly<Record<number, string>> = {},
    update: Update = {},
    subFilter?: string,
    look = '/Rect [0 0 0 0]',
  ): Uint8Array => {
    const drafted = appendUpdate(pdf, { ...update, objects });
    const fresh = nextNumber(drafted);
    const seen = { [form]: objectIn(drafted, form), [page]: objectIn(drafted, page) };
    const all = {
      ...objects,
      [form]: seen[form]?.replace(/\/Fields \[([^\]]*)\]/, `/Fields [$1 ${fresh} 0 R]`) ?? '',
      [page]: seen[page]?.replace(/\/Annots \[([^\]]*)\]/, `/Annots [$1 ${fresh} 0 R]`) ?? '',
      [fresh]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature2) /F 132 /P 3 0 R ${look} /V ${fresh + 1} 0 R >>`,
      [fresh + 1]: waiting(subFilter ? { subFilter } : {}),
    };
    const make = (content: Uint8Array) =>
      subFilter ? encodeToken(content, { tsa }) : encodeCms(content, { signer: other });
    return signText(appendUpdate(pdf, { ...update, objects: all }), make);
  };
  const filled = (pdf: Uint8Array) => edited(pdf, text, '/V (Zhang)', '/V (Li)');
  const note = (pdf: Uint8Array) => ({
    ...edited(pdf, page, '12 0 R]', `12 0 R ${nextNumber(pdf)} 0 R]`),
    [nextNumber(pdf)]: '<< /Type /Annot /Subtype /Text /Rect [9 9 20 20] /Contents (c) >>',
  });
  const store = (pdf: Uint8Array) => ({
    ...edited(pdf, catalogue, '/Pages', `/DSS ${nextNumber(pdf)} 0 R /Pages`),
    [nextNumber(pdf)]: '<< /Certs [] >>',
  });
  const added = 'SIGNED_ADDITION';
  for (const [name, pdf] of [
    ['signed', bases.plain],
    ['certified at level 2', bases.level2],
    ['certified at level 3', bases.level3],
    ['with streams', bases.streams],
  ] as const) {
    const update: Update = name === 'with streams' ? { form: 'stream' } : {};
    yield good(`${name}, signed again`, over(pdf, {}, update), [added]);
    yield good(`${name}, with a time-stamp over it`, over(pdf, {}, update, 'ETSI.RFC3161'), [added]);
    yield good(`${name}, with proof`, appendUpdate(pdf, { ...update, objects: store(pdf) }), [
      'VALIDATION_DATA_UNSIGNED',
    ]);
    const newer = store(pdf);
    const words =
      '/Version /2.0 /Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>';
    newer[catalogue] = newer[catalogue]?.replace('/Pages', `${words} /Pages`) ?? '';
    yield good(`${name}, with proof and its version`, appendUpdate(pdf, { ...update, objects: newer }), [
      'VALIDATION_DATA_UNSIGNED',
    ]);
    yield good(`${name}, with proof under a time-stamp`, over(pdf, store(pdf), update, 'ETSI.RFC3161'), [added]);
    yield good(`${name}, filled in and signed again`, over(pdf, filled(pdf), update), [added, 'FORM_FILLED']);
    yield good(
      `${name}, written by another program, and signed again`,
      over(pdf, edited(pdf, info, '(Elsewhere)', '(Other)'), update),
      [added],
    );
  }
  yield good('certified at level 2, filled in', appendUpdate(bases.level2, { objects: filled(bases.level2) }), [
    'FORM_FILLED',
  ]);
  yield good('certified at level 3, filled in', appendUpdate(bases.level3, { objects: filled(bases.level3) }), [
    'FORM_FILLED',
  ]);
  yield good('certified at level 3, with a comment', appendUpdate(bases.level3, { objects: note(bases.level3) }), [
    'ANNOTATED',
  ]);
  yield good(
    'certified at level 3, with another comment',
    appendUpdate(bases.level3, { objects: edited(bases.level3, comment, '(a comment)', '(more)') }),
    ['ANNOTATED'],
  );
  yield good('certified at level 3, with a comment, signed again', over(bases.level3, note(bases.level3)), [
    added,
    'ANNOTATED',
  ]);
  yield good('signed, with a comment, signed again', over(bases.plain, note(bases.plain)), [added, 'ANNOTATED']);
  const shown = '/Rect [400 60 500 160] /AP << /N 16 0 R >>';
  for (const [name, pdf] of [
    ['signed', bases.plain],
    ['certified at level 3', bases.level3],
  ] as const) {
    yield good(`${name}, signed again under a seal`, over(pdf, {}, {}, undefined, shown), [
      added,
      'APPEARANCE_CHANGED',
    ]);
  }
  yield good('certified at level 1, with a time-stamp over it', over(bases.level1, {}, {}, 'ETSI.RFC3161'), [added]);
  yield good(
    'certified at level 1, with proof under a time-stamp',
    over(bases.level1, store(bases.level1), {}, 'ETSI.RFC3161'),
    [added],
  );
  for (const name of ['certified', 'stamped', 'sealed'] as const) {
    yield { family: 'PDF of ours', format: 'pdf', name, bytes: own[name], policy, warned: [] };
  }
  for (const name of ['dual', 'lasting'] as const) {
    yield { family: 'PDF of ours', format: 'pdf', name, bytes: own[name], policy, warned: [added] };
  }
  for (const [name, bytes] of [
    ['stamped', own.stamped],
    ['lasting', own.lasting],
  ] as const) {
    const later = { ...policy, at: new Date('2045-01-01T00:00:00Z') };
    yield {
      family: 'PDF of ours',
      format: 'pdf',
      name: `${name}, judged in twenty years`,
      bytes,
      policy: later,
      warned: name === 'lasting' ? [added] : [],
    };
  }
}

function* sealsOf({ sm2, maker, policy }: PdfWorld): Generator<GoodCase> {
  const raw = (value: Uint8Array) => element(3, Uint8Array.of(0), ...rawOf(value));
  for (const version of [1, 4, 5] as const) {
    for (const filter of ['GM.PKILite', 'Gomain.GMPkiLite']) {
      for (const [words, bits] of [
        ['DER', undefined],
        ['raw', raw],
      ] as const) {
        const seal = encodeSeal({ version, maker, signers: [sm2.certificate], ...(bits ? { bits } : {}) });
        const make = (content: Uint8Array) =>
          encodeStamp({ version, seal, signer: sm2, dataHash: sm3Of(content), ...(bits ? { bits } : {}) });
        const bytes = strangerPdf(sm2, { subFilter: 'GM.sm2seal', filter, make });
        const name = `a seal of version ${version} by ${filter}, ${words}`;
        yield {
          family: 'PDF under seals of others',
          format: 'pdf',
          name,
          bytes,
          policy,
          warned: bits ? ['RAW_SIGNATURE'] : [],
        };
      }
    }
  }
}

export async function* goodPdf(world: PdfWorld): AsyncGenerator<GoodCase> {
  const { policy, own, issuing, root } = world;
  const families = { 'PDF signed data of others': signedDataOf(world), 'PDF documents of others': documentsOf(world) };
  for (const [family, kinds] of Object.entries(families)) {
    for (const [name, signer, how, warned = [], more = []] of kinds) {
      const certificates = [...(policy.certificates ?? []), ...more.map(({ certificate }) => certificate)];
      yield {
        family,
        format: 'pdf',
        name,
        bytes: strangerPdf(signer, how),
        policy: { ...policy, certificates },
        warned,
      };
    }
  }
  yield* additionsOf(world);
  yield* sealsOf(world);
  const lists = [encodeList({ issuer: issuing }), encodeList({ issuer: root })];
  const data = { certificates: [root.certificate, issuing.certificate], crls: lists, timeStamper: own.timeStamper };
  const twice = await extendPdf(own.lasting, data);
  yield {
    family: 'PDF of ours',
    format: 'pdf',
    name: 'lasting, made to last once more',
    bytes: twice,
    policy,
    warned: ['SIGNED_ADDITION'],
  };
  const dual = await extendPdf(own.dual, data);
  yield {
    family: 'PDF of ours',
    format: 'pdf',
    name: 'dual, made to last',
    bytes: dual,
    policy,
    warned: ['SIGNED_ADDITION'],
  };
}
