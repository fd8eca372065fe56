/** A seal platform outside: its own authorities, its own maker, seals of three generations, and keys for whoever presses them. */

import type { House } from '../../models/house.ts';
import { storeKey } from '../../models/seal/keys.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';
import { OID } from '../../signing/der/oids.ts';
import {
  bitString,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from '../../signing/der/write-der.ts';
import type { DevelopmentMember } from '../../signing/index.ts';
import {
  drawSealPicture,
  issueCrl,
  makeDevelopmentAuthority,
  makeDevelopmentMember,
  parseCertificate,
  softwareKeyFromPkcs8,
} from '../../signing/index.ts';

export interface OutsideSeal {
  readonly eseal: Uint8Array;
  /** The SM2 signer's certificate, its issuers after it, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly sm2KeyId: string;
  readonly rsaKeyId: string;
}

export interface OutsideSealWishes {
  /** 1, 4 (default) or 5. */
  readonly version?: 1 | 4 | 5;
  readonly sealName?: string;
  readonly esId?: string;
  readonly type?: number;
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** The seal lists this certificate instead of the signer's. */
  readonly listed?: Uint8Array;
  readonly picture?: { readonly type: string; readonly data: Uint8Array };
}

export interface OutsideMaker {
  /** DER. */
  readonly root: Uint8Array;
  readonly issuing: Uint8Array;
  readonly maker: Uint8Array;
  /** The list of its issuing authority, DER, with this certificate on it. */
  revoke(certificate: Uint8Array): Promise<Uint8Array>;
  /** A seal for the body and its keys, stored in the house as the body's. */
  sealFor(organisationCode: string, organisationName: string, wishes?: OutsideSealWishes): Promise<OutsideSeal>;
}

const YEAR_MS = 365 * 86_400_000;

export async function openOutsideMaker(house: House): Promise<OutsideMaker> {
  let serial = 9_000n;
  const request = {
    now: house.clock(),
    newSerial: () => {
      serial += 1n;
      return serial;
    },
  };
  const { sm2, rsa } = await makeDevelopmentAuthority(request);
  const member = (algorithm: 'SM2' | 'RSA', name: string) =>
    makeDevelopmentMember({
      ...request,
      algorithm,
      profile: 'signer',
      commonName: name,
      organization: name,
      issuer: (algorithm === 'SM2' ? sm2 : rsa).issuing,
      years: 5,
    });
  return {
    root: sm2.root.certificate,
    issuing: sm2.issuing.certificate,
    maker: sm2.sealMaker.certificate,
    revoke: (certificate) =>
      issueCrl({
        ...{ issuer: sm2.issuing.certificate, signer: softwareKeyFromPkcs8(sm2.issuing.pkcs8), number: 1n },
        ...{ thisUpdate: house.clock(), nextUpdate: new Date(house.clock().getTime() + YEAR_MS) },
        revoked: [{ serial: parseCertificate(certificate).serial, revokedAt: house.clock() }],
      }),
    async sealFor(organisationCode, organisationName, wishes = {}) {
      const signer = await member('SM2', organisationName);
      const pdfSigner = await member('RSA', organisationName);
      const certificates = [signer.certificate, sm2.issuing.certificate];
      const keyOf = (algorithm: 'SM2' | 'RSA', { pkcs8, certificate }: DevelopmentMember) =>
        withTransaction(house.db, (tx) =>
          storeKey(house, tx, {
            ...{ algorithm, purpose: 'signer', organisationCode, pkcs8 },
            certificates: [certificate, (algorithm === 'SM2' ? sm2 : rsa).issuing.certificate],
          }),
        );
      const picture = wishes.picture ?? { type: 'png', data: drawSealPicture({ name: organisationName }, house.fonts) };
      const wanted = {
        ...({ version: 4, sealName: `${organisationName}电子印章`, esId: '4199009999999', type: 1 } as const),
        ...{ validFrom: house.clock(), validTo: new Date(house.clock().getTime() + YEAR_MS) },
        ...{ listed: signer.certificate, ...wishes, picture },
      };
      return {
        eseal: await writeSeal(wanted, sm2.sealMaker, house.clock()),
        certificates,
        sm2KeyId: await keyOf('SM2', signer),
        rsaKeyId: await keyOf('RSA', pdfSigner),
      };
    },
  };
}

/** The shapes of GM/T 0031-2014, GB/T 38540-2020 and GM/T 0031-2025, written apart from the code under test. */
async function writeSeal(seal: Required<OutsideSealWishes>, maker: DevelopmentMember, at: Date): Promise<Uint8Array> {
  const { version, esId, type, sealName, validFrom, validTo, listed, picture } = seal;
  const times = [at, validFrom, validTo].map(generalizedTime);
  const kind = version === 1 ? [] : [integer(1)];
  const info = sequence(
    sequence(ia5String('ES'), integer(version), ia5String('Province')),
    ia5String(esId),
    sequence(integer(type), utf8String(sealName), ...kind, sequence(octetString(listed)), ...times),
    sequence(ia5String(picture.type), octetString(picture.data), integer(42), integer(42)),
  );
  const key = softwareKeyFromPkcs8(maker.pkcs8);
  const certificate = octetString(maker.certificate);
  const algorithm = oid(OID.sm2WithSm3);
  if (version === 1) {
    const signature = await key.sign(sequence(info, certificate, algorithm));
    return sequence(info, sequence(certificate, algorithm, bitString(signature)));
  }
  return sequence(info, certificate, algorithm, bitString(await key.sign(info)));
}
