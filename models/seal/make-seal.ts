/** Make an approved seal with its two signing keys (SM2 for OFD, RSA for PDF). Development maker only: in production seals come
 *  from the accredited maker and are registered. */
import {
  drawPersonalSeal,
  drawSealPicture,
  makeDevelopmentMember,
  makeSeal as writeSeal,
} from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { activateSeal } from './activate-seal.ts';
import { newSerial } from './found-development-authority.ts';
import { openHouseKey, storeKey } from './keys.ts';
import type { SealColumns } from './rows.ts';
import { nextSealState } from './seal-moves.ts';
import { type SealView, viewSeal } from './view-seal.ts';

const UNIT_SIDE_MM = 42;
/** GB/T 38540: 1 a unit's seal, 2 a person's, as the 2014 standard numbers them. */
const TYPES = { unit: 1, personal: 2 } as const;
const GENERATION = 4;
const DEFAULT_YEARS = 5;

/** Throws `DEVELOPMENT_ONLY` in production, `SEAL_MOVE_REFUSED` for what is not approved, `ORGANISATION_NOT_ACTIVE`,
 *  `NOT_FOUND`. */
export async function makeSeal(
  house: House,
  caller: Caller,
  sealId: string,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'bureau.officer');
  if (house.mode === 'production') throw new Fault('DEVELOPMENT_ONLY');
  const row = (await house.db.rows.seals.findByPk(sealId))?.get();
  if (!row) throw new Fault('NOT_FOUND');
  if (!nextSealState(row.state, 'make')) throw new Fault('SEAL_MOVE_REFUSED', { detail: `${row.state} → make` });
  const organisation = await requireActive(house, row.organisationCode);
  // Keys are made before the transaction: nothing slow happens inside it.
  const signers = await makeSigners(house, row, organisation.name);
  const made = await pressSeal(house, row, organisation.name, signers.SM2.certificate);
  return withTransaction(house.db, async (tx) => {
    const values = { ...made, origin: 'development', sesVersion: GENERATION, service: null } as const;
    const sm2KeyId = await storeSigner(house, tx, row.organisationCode, 'SM2', signers.SM2);
    const rsaKeyId = await storeSigner(house, tx, row.organisationCode, 'RSA', signers.RSA);
    const certificates = [signers.SM2, signers.RSA].map(({ certificate }) =>
      Buffer.from(certificate).toString('base64'),
    );
    const active = { ...values, sm2KeyId, rsaKeyId, certificates };
    const view = viewSeal(await activateSeal(house, tx, caller, sealId, 'make', active));
    await remember?.(tx, view);
    return view;
  });
}

/** The SESeal with its picture, signed by the development maker. */
async function pressSeal(house: House, row: SealColumns, organisationName: string, signer: Uint8Array) {
  const maker = await openHouseKey(house, 'seal-maker', 'SM2');
  const createdAt = house.clock();
  const validTo = new Date(createdAt);
  validTo.setUTCFullYear(createdAt.getUTCFullYear() + (row.years ?? DEFAULT_YEARS));
  const esId = sealCode(house);
  const { png, widthMm, heightMm } = drawPicture(house, row, organisationName, esId);
  const eseal = await writeSeal({
    vendor: 'Zhengku',
    esId,
    name: row.name,
    type: TYPES[row.kind],
    certificates: [signer],
    ...{ createdAt, validFrom: createdAt, validTo },
    picture: { type: 'png', data: png, widthMm, heightMm },
    maker: { key: maker.key, certificate: maker.certificates[0] ?? new Uint8Array() },
  });
  return { esId, eseal: Buffer.from(eseal), picture: Buffer.from(png), validFrom: createdAt, validTo };
}

function drawPicture(house: House, row: SealColumns, organisationName: string, code: string) {
  if (row.kind === 'personal') return drawPersonalSeal({ name: row.personName ?? row.name }, house.fonts);
  const purpose = row.purpose ?? '电子证照专用章';
  const png = drawSealPicture({ name: organisationName, purpose, note: '测试专用', code }, house.fonts);
  return { png, widthMm: UNIT_SIDE_MM, heightMm: UNIT_SIDE_MM };
}

type Signer = Awaited<ReturnType<typeof makeSigner>>;

async function makeSigners(house: House, row: SealColumns, organisationName: string) {
  const SM2 = await makeSigner(house, row, organisationName, 'SM2');
  return { SM2, RSA: await makeSigner(house, row, organisationName, 'RSA') };
}

async function makeSigner(house: House, row: SealColumns, organization: string, algorithm: 'SM2' | 'RSA') {
  const issuing = await openHouseKey(house, 'issuing', algorithm);
  const [issuer = new Uint8Array()] = issuing.certificates;
  const member = await makeDevelopmentMember({
    now: house.clock(),
    newSerial: () => newSerial(house),
    algorithm,
    profile: 'signer',
    commonName: row.personName ?? organization,
    organization,
    issuer: { pkcs8: issuing.pkcs8, certificate: issuer },
    years: row.years ?? DEFAULT_YEARS,
  });
  return { ...member, above: issuing.certificates };
}

function storeSigner(
  house: House,
  tx: Tx,
  organisationCode: string,
  algorithm: 'SM2' | 'RSA',
  { pkcs8, certificate, above }: Signer,
): Promise<string> {
  const certificates = [certificate, ...above];
  return storeKey(house, tx, { algorithm, purpose: 'signer', organisationCode, pkcs8, certificates });
}

/** 13 digits, as seal codes are written: six of the place, seven of the seal. */
function sealCode(house: Pick<House, 'random'>): string {
  const random = Buffer.from(house.random(6)).readUIntBE(0, 6) % 10_000_000;
  return `419900${String(random).padStart(7, '0')}`;
}
