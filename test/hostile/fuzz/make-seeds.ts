/** Makes the genuine seeds anew, with fresh keys: `node --import tsx test/hostile/fuzz/make-seeds.ts`. To be run when a seed is
 *  no longer what the product makes; everything else that is kept stays. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeSignedData } from '../../../signing/cms/write-signed-data.ts';
import {
  bitString,
  boolean,
  generalizedTime,
  integer,
  oid,
  sequence,
  utf8String,
} from '../../../signing/der/write-der.ts';
import { prepareSignature } from '../../../signing/pdf/prepare-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { stamp } from '../../../signing/seal/stamp.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { LATER, MADE, makeOffice, SIGNED, smallPackage } from '../../signing/ofd/sealed-package.ts';
import { makeSigners, plainDocument, SIGNED_AT } from '../../signing/pdf/signed-pdf.ts';
import { CORPUS, keep } from './corpus-folder.ts';
import { CONTENT, STAMPED } from './readers.ts';
import { makeTimeStampSeeds } from './time-stamp-seeds.ts';

type Office = Awaited<ReturnType<typeof makeOffice>>;
type Signers = Awaited<ReturnType<typeof makeSigners>>;

function trust(name: string, certificate: Uint8Array): void {
  mkdirSync(new URL('trust/', CORPUS), { recursive: true });
  writeFileSync(new URL(`trust/${name}.der`, CORPUS), certificate);
}

const seed = (reader: string, label: string, bytes: Uint8Array): string => keep(reader, 'seed', bytes, label);

/** Small enough that a change often meets something that matters. */
function tinyPackage() {
  const { files, pageIds } = smallPackage();
  const short = [...files].map(
    ([name, { bytes }]) => [name, bytes.subarray(0, name.includes('/Res/') ? 64 : bytes.length)] as const,
  );
  return { files: packFiles(new Map(short)), pageIds };
}

async function makeOfd(office: Office): Promise<void> {
  const sealed = await office.press({}, tinyPackage());
  seed('zip', 'sealed.ofd', sealed);
  seed('verifier', 'sealed.ofd', sealed);
  const texts = [...readPackage(sealed).files].filter(([name]) => name.endsWith('.xml'));
  for (const [name, data] of texts) seed('xml', name.replaceAll('/', '-'), data);
  const pressed = await stamp({
    seal: office.seal,
    at: SIGNED,
    dataHash: STAMPED,
    propertyInfo: '/x',
    signer: office.signer,
  });
  seed('ses', 'stamp.der', pressed);
  seed('ses', 'seal.der', office.seal);
}

async function makePdf({ signer }: Signers): Promise<void> {
  const document = await plainDocument();
  await prepareSignature(document, { page: 0, name: '某局', reason: '签发', location: '某市', at: SIGNED_AT });
  const prepared = await document.save({ useObjectStreams: false });
  const signed = await signPdf(prepared, signer);
  seed('pdf', 'signed.pdf', signed);
  seed('verifier', 'signed.pdf', signed);
  seed('pdf', 'streams.pdf', await (await plainDocument()).save({ useObjectStreams: true }));
}

async function makeSigned(office: Office, { signer, issuing, root, leaf }: Signers): Promise<void> {
  const digest = (hash: string): Buffer => createHash(hash).update(CONTENT).digest();
  const chain = [office.authority.sm2.issuing.certificate];
  seed('cms', 'rsa.der', await writeSignedData(signer, digest('sha256')));
  seed('cms', 'sm2.der', await writeSignedData({ ...office.signer, chain, at: SIGNED }, digest('sm3')));
  const times = { thisUpdate: MADE, nextUpdate: LATER, number: 1n };
  const revoked = [{ serial: 5n, revokedAt: MADE, reason: 1 }];
  seed('der', 'crl.der', await issueCrl({ issuer: root.certificate, signer: root.key, ...times, revoked }));
  for (const [name, { certificate }] of Object.entries({ root, issuing, leaf }))
    seed('der', `${name}.der`, certificate);
  seed('der', 'sm2.der', office.signer.certificate);
  const values = [
    integer(-129n),
    boolean(true),
    oid('2.999.1'),
    utf8String('证照'),
    generalizedTime(MADE),
    bitString(Buffer.of(1)),
  ];
  seed('der', 'values.der', sequence(...values, sequence(sequence())));
}

const [office, signers] = [await makeOffice(), await makeSigners()];
trust('sm2-root', office.authority.sm2.root.certificate);
trust('sm2-issuing', office.authority.sm2.issuing.certificate);
trust('rsa-root', signers.root.certificate);
trust('rsa-issuing', signers.issuing.certificate);
await makeOfd(office);
await makePdf(signers);
await makeSigned(office, signers);
await makeTimeStampSeeds();
