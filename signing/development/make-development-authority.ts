/** Authorities for development and demonstration. Every subject says 测试专用: nothing made here is evidence. */

import type { KeyAlgorithm } from '../keys/signing-key.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../keys/software-key.ts';
import { type CertificateProfile, issueCertificate } from '../x509/issue-certificate.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { isSelfSigned } from '../x509/verify-chain.ts';

/** A private key (PKCS#8 DER, not encrypted) and its certificate (DER). */
export interface DevelopmentMember {
  readonly pkcs8: Uint8Array;
  readonly certificate: Uint8Array;
}

interface DevelopmentMembers {
  readonly root: DevelopmentMember;
  readonly issuing: DevelopmentMember;
  /** The time-stamp authority. */
  readonly tsa: DevelopmentMember;
}

export interface DevelopmentAuthority {
  readonly sm2: DevelopmentMembers & { readonly sealMaker: DevelopmentMember };
  readonly rsa: DevelopmentMembers;
}

/** What the revocation list of a development authority is called. */
export type ListName = `${'root' | 'issuing'}-${'sm2' | 'rsa'}`;

export interface DevelopmentRequest {
  readonly now: Date;
  /** A fresh positive serial number at each call. */
  readonly newSerial: () => bigint;
  /** Whose certificates they say they are, 测试专用 put before it; left out: 证库. Two authorities that one verifier is to know
   *  need two names. */
  readonly organization?: string;
  /** Where the authorities publish their lists, by the name of each. */
  readonly crlUrls?: Readonly<Partial<Record<ListName, string>>>;
}

export interface DevelopmentMemberRequest extends DevelopmentRequest {
  readonly algorithm: KeyAlgorithm;
  readonly profile: CertificateProfile;
  /** What the subject is called; 测试专用 is put before it. */
  readonly commonName: string;
  /** Code of the organisation, for its certificate. */
  readonly organisationCode?: string;
  readonly issuer?: DevelopmentMember;
  /** Years from `now`; a day is added before it. */
  readonly years: number;
}

const DAY_MS = 86_400_000;

function listNameOf(issuer: Uint8Array, algorithm: KeyAlgorithm): ListName {
  const suffix = algorithm === 'SM2' ? 'sm2' : 'rsa';
  return isSelfSigned(parseCertificate(issuer)) ? `root-${suffix}` : `issuing-${suffix}`;
}

/** Make one member: a new key and its certificate, issued by `issuer` or self-signed. */
export async function makeDevelopmentMember(request: DevelopmentMemberRequest): Promise<DevelopmentMember> {
  const { algorithm, profile, issuer, now, years, organisationCode } = request;
  const pkcs8 = generateSoftwareKey(algorithm);
  const key = softwareKeyFromPkcs8(pkcs8);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + years);
  const crlUrl = issuer && request.crlUrls?.[listNameOf(issuer.certificate, algorithm)];
  const certificate = await issueCertificate({
    subject: {
      organization: `测试专用 ${request.organization ?? '证库'}`,
      commonName: `测试专用 ${request.commonName}`,
    },
    ...(issuer ? { issuer: issuer.certificate } : {}),
    publicKey: key.publicKey,
    signer: issuer ? softwareKeyFromPkcs8(issuer.pkcs8) : key,
    serial: request.newSerial(),
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter,
    profile,
    ...(crlUrl === undefined ? {} : { crlUrl }),
    ...(organisationCode === undefined ? {} : { organisationCode }),
  });
  return { pkcs8, certificate };
}

/** Make the development authorities: root, issuing and time-stamp authority in SM2 and in RSA, and an SM2 seal maker. */
export async function makeDevelopmentAuthority(request: DevelopmentRequest): Promise<DevelopmentAuthority> {
  const membersOf = async (algorithm: KeyAlgorithm) => {
    const root = await makeDevelopmentMember({
      ...request,
      algorithm,
      profile: 'root',
      commonName: `${algorithm} 根证书`,
      years: 20,
    });
    const issuing = await makeDevelopmentMember({
      ...request,
      algorithm,
      profile: 'issuing',
      commonName: `${algorithm} 签发机构`,
      issuer: root,
      years: 10,
    });
    const tsa = await makeDevelopmentMember({
      ...request,
      algorithm,
      profile: 'time-stamping',
      commonName: `${algorithm} 时间戳服务`,
      issuer: issuing,
      years: 10,
    });
    return { root, issuing, tsa };
  };
  const sm2 = await membersOf('SM2');
  const sealMaker = await makeDevelopmentMember({
    ...request,
    algorithm: 'SM2',
    profile: 'seal-maker',
    commonName: '电子印章制作系统',
    issuer: sm2.issuing,
    years: 10,
  });
  return { sm2: { ...sm2, sealMaker }, rsa: await membersOf('RSA') };
}
