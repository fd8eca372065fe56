/** Make a department's electronic seal with its two signing keys (SM2 for OFD, RSA for PDF). Development maker only:
 *  in production seals come from the accredited maker. */
import { z } from 'zod';
import {
  drawSealPicture,
  makeDevelopmentMember,
  softwareKeyFromPkcs8,
  makeSeal as writeSeal,
} from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { newSerial } from './found-development-authority.ts';
import { openHouseKey, storeKey } from './keys.ts';

export const sealSchema = z.strictObject({
  organisationCode: z.string().length(18),
  name: z.string().min(1).max(120),
  years: z.int().min(1).max(10).default(5),
});

export interface SealView {
  readonly sealId: string;
  readonly organisationCode: string;
  readonly name: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** PEM certificates of the signers: SM2, then RSA. */
  readonly certificates: readonly string[];
}

const DIAMETER_MM = 42;
/** GB/T 38540: 1 unit seal, as the 2014 standard numbers them. */
const UNIT_SEAL = 1;

export async function makeSeal(
  house: House,
  caller: Caller,
  input: z.infer<typeof sealSchema>,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'bureau.officer');
  if (house.mode === 'production') throw new Fault('DEVELOPMENT_ONLY');
  const organisation = await requireActive(house, input.organisationCode);
  const signers = await makeSigners(house, organisation.name, input.years);
  const maker = await openHouseKey(house, 'seal-maker', 'SM2');
  const now = house.clock();
  const validTo = new Date(now);
  validTo.setUTCFullYear(now.getUTCFullYear() + input.years);
  const code = sealCode(house);
  const picture = drawSealPicture(
    { name: organisation.name, purpose: '电子证照专用章', note: '测试专用', code },
    house.fonts,
  );
  const eseal = await writeSeal({
    vendor: 'Zhengku',
    esId: code,
    name: input.name,
    type: UNIT_SEAL,
    certificates: [signers.SM2.certificate],
    createdAt: now,
    validFrom: now,
    validTo,
    picture: { type: 'png', data: picture, widthMm: DIAMETER_MM, heightMm: DIAMETER_MM },
    maker: { key: maker.key, certificate: maker.certificates[0] ?? new Uint8Array() },
  });
  return withTransaction(house.db, async (tx) => {
    const organisationCode = input.organisationCode;
    const store = (algorithm: 'SM2' | 'RSA') => {
      const { pkcs8, certificate, above } = signers[algorithm];
      return storeKey(house, tx, {
        algorithm,
        purpose: 'signer',
        organisationCode,
        pkcs8,
        certificates: [certificate, ...above],
      });
    };
    const sealId = house.newId();
    const keys = { sm2KeyId: await store('SM2'), rsaKeyId: await store('RSA') };
    const pictures = { eseal: Buffer.from(eseal), picture: Buffer.from(picture) };
    const times = { validFrom: now, validTo, createdAt: now };
    await house.db.rows.seals.create(
      { id: sealId, organisationCode, name: input.name, state: 'active', ...keys, ...pictures, ...times },
      { transaction: tx },
    );
    await appendAudit(house, tx, caller, { act: 'seal.make', details: { sealId, organisationCode } });
    const certificates = [signers.SM2.certificate, signers.RSA.certificate].map(toPem);
    const view = {
      sealId,
      organisationCode,
      name: input.name,
      validFrom: now.toISOString(),
      validTo: validTo.toISOString(),
      certificates,
    };
    await remember?.(tx, view);
    return view;
  });
}

async function makeSigners(house: House, organizationName: string, years: number) {
  const make = async (algorithm: 'SM2' | 'RSA') => {
    const issuing = await openHouseKey(house, 'issuing', algorithm);
    const [issuer = new Uint8Array()] = issuing.certificates;
    const member = await makeDevelopmentMember({
      now: house.clock(),
      newSerial: () => newSerial(house),
      algorithm,
      profile: 'signer',
      commonName: organizationName,
      organization: organizationName,
      issuer: { pkcs8: issuing.pkcs8, certificate: issuer },
      years,
    });
    // A key that cannot be opened again would be found only at the first sealing.
    softwareKeyFromPkcs8(member.pkcs8);
    return { ...member, above: issuing.certificates };
  };
  return { SM2: await make('SM2'), RSA: await make('RSA') };
}

/** 14 digits, as seal codes are written. */
function sealCode(house: Pick<House, 'random'>): string {
  const random = Buffer.from(house.random(6)).readUIntBE(0, 6) % 10_000_000_000;
  return `4199${String(random).padStart(10, '0')}`;
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
