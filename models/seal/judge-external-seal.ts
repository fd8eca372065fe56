/** Hold a seal that was made elsewhere against what was applied for and approved: all faults at once, each where it lies. */
import {
  isPicture,
  judgeSeal,
  type ParsedSeal,
  parseCertificate,
  parseSeal,
  SigningError,
} from '../../signing/index.ts';
import type { House } from '../house.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { loadTrust } from '../verification/trust.ts';
import type { SealColumns } from './rows.ts';
import { acceptedSealMakers } from './seal-makers.ts';

/** What was handed in, decoded; undefined: it could not be. */
export interface HandedSeal {
  readonly eseal: Uint8Array | undefined;
  /** The signer's certificate, its issuers after it. */
  readonly certificates: readonly (Uint8Array | undefined)[];
  /** A PNG for faces, when the seal's own picture is of another type. */
  readonly picture: Uint8Array | undefined;
}

export interface JudgedSeal {
  readonly faults: readonly PointedFault[];
  /** Undefined when it could not be read. */
  readonly seal: ParsedSeal | undefined;
  readonly picture: Uint8Array | undefined;
}

const POINTERS: Readonly<Record<string, string>> = {
  seal: '/eseal',
  maker: '/eseal/maker',
  signer: '/certificates/0',
};
const PERSONAL = 2;

export async function judgeExternalSeal(house: House, wanted: SealColumns, handed: HandedSeal): Promise<JudgedSeal> {
  const faults: PointedFault[] = handed.certificates.flatMap((der, index): PointedFault[] =>
    isCertificate(der) ? [] : [{ pointer: `/certificates/${index}`, code: 'FIELD_PATTERN', detail: 'X.509, PEM, DER' }],
  );
  const seal = handed.eseal && readSeal(handed.eseal);
  if (!seal) faults.push({ pointer: '/eseal', code: 'FILE_NOT_WHAT_IT_SAYS', detail: 'SESeal' });
  if (!seal || faults.length > 0) return { faults, seal, picture: undefined };
  const signers = handed.certificates.flatMap((der) => der ?? []);
  const at = house.clock();
  const policy = {
    ...{ certificates: await loadTrust(house), crls: await findCrls(house) },
    ...{ sealMakers: await acceptedSealMakers(house, at), at },
  };
  for (const { outcome, where, code, zh } of judgeSeal(seal, signers, policy)) {
    if (outcome !== 'failed') continue;
    faults.push({ pointer: POINTERS[where ?? ''] ?? '/eseal', code: 'SEAL_REFUSED', detail: `${code} ${zh}` });
  }
  const picture = pictureOf(seal, handed.picture);
  if (!picture) faults.push({ pointer: '/picture', code: 'IMAGE_UNREADABLE', detail: seal.picture.type.slice(0, 20) });
  faults.push(...(await checkNames(house, wanted, seal, signers[0])), ...(await checkNumber(house, wanted, seal)));
  return { faults, seal, picture };
}

function isCertificate(der: Uint8Array | undefined): boolean {
  try {
    return der !== undefined && Boolean(parseCertificate(der));
  } catch (error) {
    if (error instanceof SigningError) return false;
    throw error;
  }
}

function readSeal(der: Uint8Array): ParsedSeal | undefined {
  try {
    return parseSeal(der);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

const PNG = [0x89, 0x50, 0x4e, 0x47];
const isPng = (bytes: Uint8Array) => PNG.every((byte, index) => bytes[index] === byte) && isPicture(bytes);

function pictureOf(seal: ParsedSeal, handed: Uint8Array | undefined): Uint8Array | undefined {
  if (handed) return isPng(handed) ? handed : undefined;
  return isPng(seal.picture.data) ? seal.picture.data : undefined;
}

/** The seal is the body's: its kind, its name, and the body's name or code in the certificate. */
async function checkNames(
  house: House,
  wanted: SealColumns,
  seal: ParsedSeal,
  signer: Uint8Array | undefined,
): Promise<PointedFault[]> {
  const faults: PointedFault[] = [];
  const body = await house.db.rows.organisations.findByPk(wanted.organisationCode);
  const bodyName = body?.name ?? wanted.organisationCode;
  if ((seal.type === PERSONAL) !== (wanted.kind === 'personal'))
    faults.push({ pointer: '/eseal/type', code: 'FILE_MISMATCH', detail: `${wanted.kind}, type ${seal.type}` });
  const called = wanted.kind === 'personal' ? (wanted.personName ?? wanted.name) : bodyName;
  if (seal.name !== wanted.name && !seal.name.includes(called))
    faults.push({ pointer: '/eseal/name', code: 'FILE_MISMATCH', detail: seal.name.slice(0, 120) });
  const subject = signer ? parseCertificate(signer).subject : '';
  if (!subject.includes(bodyName) && !subject.includes(wanted.organisationCode))
    faults.push({ pointer: '/certificates/0', code: 'FILE_MISMATCH', detail: subject.slice(0, 200) });
  return faults;
}

/** A maker gives each seal a number of its own; the same seal is not registered twice. */
async function checkNumber(house: House, wanted: SealColumns, seal: ParsedSeal): Promise<PointedFault[]> {
  const known = await house.db.rows.seals.count({ where: { esId: seal.esId } });
  return known === 0 ? [] : [{ pointer: '/eseal', code: 'ALREADY_EXISTS', detail: `${wanted.kind} ${seal.esId}` }];
}
