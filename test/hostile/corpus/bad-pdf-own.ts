/** PDF files of ours that were changed: two signatures of which one is gone, proof for later that was tampered with, time-stamps,
 *  seals; and signers whose certificates must not be believed. */
import { type BadCase, badCase } from './case.ts';
import { chainsOf, leavesOf, revokedOf, type Signing } from './certificate-faults.ts';
import { encodeCms, encodeToken } from './cms.ts';
import {
  appendUpdate,
  contentOf,
  edited,
  nextNumber,
  numberOf,
  putValue,
  roomOf,
  stream,
  valueIn,
} from './pdf-text.ts';
import { PART, type PdfWorld, strangerPdf } from './pdf-world.ts';
import { encodeSeal, encodeStamp, sm3Of } from './seals.ts';

const CHANGED = 'digest DIGEST_MISMATCH';
const STRIPPED = 'coverage SIGNATURE_STRIPPED';
const PADDING = 'structure PADDING_WRONG';

const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

/** Where each revision ends. */
const endsOf = (pdf: Uint8Array): number[] =>
  [...textOf(pdf).matchAll(/%%EOF\n?/g)].map(({ index, 0: words }) => index + words.length);

function* dualOf({ own, policy, sm2 }: PdfWorld): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF of two signatures', 'pdf', policy, { name, bytes, blame });
  const { dual, announced } = own;
  const [first = 0] = endsOf(dual);
  const content = contentOf(dual);
  const wrong = encodeCms(content, {
    signer: sm2,
    spoil: (value) => value.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
  });
  yield bad('the second signature cut off, a line end left', dual.subarray(0, first), [
    STRIPPED,
    'coverage TRAILING_BYTES',
  ]);
  yield bad('the second signature never made', announced, [STRIPPED]);
  yield bad('the second signature emptied', putValue(dual, Buffer.of()), ['structure SIGNATURE_MALFORMED']);
  yield bad('the second signature of another document', putValue(dual, encodeCms(Buffer.from('x'), { signer: sm2 })), [
    CHANGED,
  ]);
  yield bad('the second signature with a wrong value', putValue(dual, wrong), ['signature SIGNATURE_INVALID']);
  yield bad('the padding of the second signature', latinAt(dual, roomOf(dual)[1] - 4, '1'), [PADDING]);
  yield bad(
    'the first signature’s certificate changed',
    latinAt(dual, textOf(dual).indexOf('/Contents <') + 700, '0123456789'),
    [CHANGED, 'signature SIGNATURE_INVALID', 'certificate CERTIFICATE_CHAIN_BROKEN', 'trust CERTIFICATE_CHAIN_BROKEN'],
  );
  yield bad('the content changed', latinAt(dual, textOf(dual).indexOf('/MediaBox') + 1, 'm'), [CHANGED]);
  const field = numberOf(dual, '(SM2Signature)');
  yield bad(
    'the value of the second signature’s field taken away',
    appendUpdate(dual, { objects: edited(dual, field, /\/V \d+ 0 R/, '') }),
    [STRIPPED, 'structure SIGNATURE_LIST_WRONG'],
  );
  yield bad(
    'the first signature’s announcement taken away',
    appendUpdate(announced, { objects: edited(announced, numberOf(announced, '(SM2Signature)'), /\/Ff \d+/, '/Ff 0') }),
    ['coverage FORM_CHANGED'],
  );
  yield bad(
    'the announced field taken away',
    appendUpdate(announced, {
      objects: edited(announced, numberOf(announced, '/Fields'), /(\/Fields \[\s*\d+ 0 R)\s+\d+ 0 R/, '/Fields [ '),
    }),
    [STRIPPED, 'structure SIGNATURE_LIST_WRONG'],
  );
}

function latinAt(pdf: Uint8Array, at: number, words: string): Uint8Array {
  const out = Buffer.from(pdf);
  out.write(words, at, 'latin1');
  return out;
}

/** Signed data of a file that names us, with proof behind it that is none. */
function* namedOf({ policy, signer }: PdfWorld): Generator<BadCase> {
  const named = strangerPdf(signer, { changes: { [PART.info]: '<< /Title (Licence) /Producer (Zhengku) >>' } });
  const fresh = nextNumber(named);
  const store = {
    ...edited(named, PART.catalogue, '/Pages', `/DSS << /Certs [${fresh} 0 R] >> /Pages`),
    [fresh]: stream('no certificate'),
  };
  const renamed = edited(named, PART.info, '(Zhengku)', '(Elsewhere)');
  for (const [name, objects] of [
    ['a store of what is no certificate', store],
    ['a store of what is no certificate, under another name', { ...store, ...renamed }],
  ] as const) {
    const bytes = appendUpdate(named, { objects });
    yield badCase('PDF that names us', 'pdf', policy, { name, bytes, blame: ['structure VALIDATION_DATA_MALFORMED'] });
  }
}

function* lastingOf({ own, policy, tsa, strange }: PdfWorld): Generator<BadCase> {
  const bad = (name: string, bytes: Uint8Array, blame: readonly string[]) =>
    badCase('PDF with proof for later', 'pdf', policy, { name, bytes, blame });
  const { lasting, stamped } = own;
  const digest = contentOf(lasting);
  const flip = (value: Uint8Array): Uint8Array => value.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
  const malformed = 'structure SIGNATURE_MALFORMED';
  yield bad(
    'a certificate of the store changed',
    latinAt(lasting, textOf(lasting).indexOf('stream\n', endsOf(lasting)[0]) + 20, 'changed'),
    ['time TIMESTAMP_INVALID'],
  );
  yield bad('the time-stamp over another document', putValue(lasting, encodeToken(Buffer.from('x'), { tsa })), [
    'time TIMESTAMP_INVALID',
  ]);
  yield bad(
    'the time-stamp with a wrong value',
    putValue(lasting, encodeToken(digest, { tsa, cms: { spoil: flip } })),
    ['time TIMESTAMP_INVALID'],
  );
  yield bad('the time-stamp of a stranger', putValue(lasting, encodeToken(digest, { tsa: strange })), [
    'time TIMESTAMP_INVALID',
  ]);
  yield bad('the time-stamp replaced by a signature', putValue(lasting, encodeCms(digest, { signer: strange })), [
    'time TIMESTAMP_INVALID',
  ]);
  yield bad('the time-stamp emptied', putValue(lasting, Buffer.of()), [malformed]);
  yield bad('the padding of the time-stamp', latinAt(lasting, roomOf(lasting)[1] - 4, '1'), [PADDING]);
  yield bad(
    'the page changed behind the time-stamp',
    appendUpdate(lasting, {
      objects: edited(lasting, numberOf(lasting, /\/Type \/Page\b/), '/MediaBox', '/Rotate 90 /MediaBox'),
    }),
    ['coverage PAGE_CHANGED'],
  );
  yield bad(
    'the store taken away behind the time-stamp',
    appendUpdate(lasting, { objects: edited(lasting, numberOf(lasting, '/Type /Catalog'), /\/DSS \d+ 0 R/, '') }),
    ['coverage CATALOGUE_CHANGED'],
  );
  const store = (body: string) => {
    const fresh = nextNumber(stamped);
    const objects = {
      ...edited(stamped, numberOf(stamped, '/Type /Catalog'), '/Type /Catalog', `/Type /Catalog /DSS ${fresh} 0 R`),
      [fresh]: body,
    };
    return { fresh, objects };
  };
  const { fresh, objects } = store('<< >>');
  yield bad(
    'a store whose certificate is the page’s content too',
    appendUpdate(stamped, {
      objects: {
        ...objects,
        [fresh]: `<< /Certs [${fresh + 1} 0 R] >>`,
        [fresh + 1]: stream('x'),
        ...edited(
          stamped,
          numberOf(stamped, /\/Type \/Page\b/),
          /\/Contents (?:\d+ 0 R|\[[^\]]*\])/,
          `/Contents ${fresh + 1} 0 R`,
        ),
      },
    }),
    ['coverage PAGE_CHANGED'],
  );
  yield bad(
    'a store and a script',
    appendUpdate(stamped, {
      objects: { ...objects, ...withScript(objects) },
    }),
    ['coverage CATALOGUE_CHANGED'],
  );
}

const withScript = (objects: Readonly<Record<number, string>>): Record<number, string> =>
  Object.fromEntries(
    Object.entries(objects).map(([number, body]) => [
      number,
      body.replace('/Type /Catalog', '/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>'),
    ]),
  );

function* sealedOf({ own, policy, sm2, maker, other }: PdfWorld): Generator<BadCase> {
  const { sealed, seal } = own;
  const content = contentOf(sealed);
  const dataHash = sm3Of(content);
  const put = (name: string, value: Uint8Array, blame: readonly string[]) =>
    badCase('PDF under a seal', 'pdf', policy, { name, bytes: putValue(sealed, value), blame });
  const stamp = (how: Partial<Parameters<typeof encodeStamp>[0]> = {}) =>
    encodeStamp({ seal, signer: sm2, dataHash, ...how });
  const flip = (value: Uint8Array): Uint8Array => value.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
  const another = (how: Partial<Parameters<typeof encodeSeal>[0]>) =>
    encodeSeal({ maker, signers: [sm2.certificate], ...how });
  yield put('a stamp over another document', stamp({ dataHash: sm3Of(Buffer.of(1)) }), [CHANGED]);
  yield put('a stamp with a wrong value', stamp({ value: (tbs) => flip(sm2.sign(tbs)) }), [
    'signature SIGNATURE_INVALID',
  ]);
  yield put('a stamp by another key', stamp({ value: (tbs) => maker.sign(tbs) }), ['signature SIGNATURE_INVALID']);
  yield put('a stamp under another certificate', stamp({ certificate: maker.certificate }), [
    'signature SIGNATURE_INVALID',
    'seal SEAL_SIGNER_UNLISTED',
  ]);
  yield put('a stamp of tomorrow', stamp({ at: '2026-06-04T00:00:00Z' }), ['time TIME_IN_FUTURE']);
  yield put('a stamp with a seal that had ended', stamp({ seal: another({ to: '2026-06-01' }) }), [
    'seal SEAL_OUTSIDE_VALIDITY',
  ]);
  yield put(
    'a stamp with a seal that is broken',
    stamp({ seal: another({ value: (info) => flip(maker.sign(info)) }) }),
    ['seal SEAL_SIGNATURE_INVALID'],
  );
  yield put('a stamp with a seal of somebody else', stamp({ seal: another({ signers: [maker.certificate] }) }), [
    'seal SEAL_SIGNER_UNLISTED',
  ]);
  yield put('signed data in place of a stamp', encodeCms(content, { signer: sm2 }), ['structure SIGNATURE_MALFORMED']);
  yield put('a seal in place of a stamp', seal, ['structure SIGNATURE_MALFORMED']);
  yield put('nothing in place of a stamp', Buffer.of(), ['structure SIGNATURE_MALFORMED']);
  yield put('a stamp with a byte behind', Buffer.concat([valueIn(sealed), Buffer.of(7)]), [PADDING]);
  yield badCase(
    'PDF under a seal',
    'pdf',
    { ...policy, sealMakers: [other.certificate] },
    {
      name: 'a seal of a maker who is not accepted',
      bytes: sealed,
      blame: ['seal SEAL_MAKER_NOT_ACCEPTED'],
    },
  );
}

function* signersOf(world: PdfWorld): Generator<BadCase> {
  const { policy } = world;
  const asked = (family: string, one: Signing) => {
    const { signer, given = [], lists, anchors, words } = one;
    const believed = anchors ? anchors.map(({ certificate }) => certificate) : (policy.certificates ?? []);
    const certificates = [...believed, ...given.map(({ certificate }) => certificate)];
    const bytes = strangerPdf(signer, {});
    return badCase(family, 'pdf', policy, {
      name: words,
      bytes,
      blame: one.blame,
      policy: { certificates, ...(lists ? { crls: lists } : {}) },
    });
  };
  // a PDF may be signed by RSA
  const leaves = leavesOf(world).filter(({ words }) => words !== 'of an RSA key');
  for (const one of [...leaves, ...chainsOf(world)]) yield asked('PDF certificate', one);
  for (const one of revokedOf(world)) yield asked('PDF revocation', one);
}

export function* badPdfOwn(world: PdfWorld): Generator<BadCase> {
  yield* dualOf(world);
  yield* namedOf(world);
  yield* lastingOf(world);
  yield* sealedOf(world);
  yield* signersOf(world);
}
