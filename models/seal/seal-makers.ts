/** The list of accepted makers of seals: whose seals are registered here and believed in verification. */
import { Op } from 'sequelize';
import { parseCertificate } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findBarredCertificates } from './development-made.ts';
import type { SealMakerColumns } from './rows.ts';

export interface SealMakerView {
  readonly makerId: string;
  readonly name: string;
  /** SM3 of the certificate, hex. */
  readonly digest: string;
  readonly acceptedFrom: string;
  readonly acceptedTo: string | null;
  readonly state: 'accepted' | 'withdrawn';
  readonly reason: string;
}

export function viewSealMaker(row: SealMakerColumns): SealMakerView {
  const { id, name, digest, state, reason } = row;
  const acceptedTo = row.acceptedTo?.toISOString() ?? null;
  return { makerId: id, name, digest, acceptedFrom: row.acceptedFrom.toISOString(), acceptedTo, state, reason };
}

/** Certificates, DER, for `VerificationPolicy.sealMakers`. Without `at`: every maker that was ever accepted and not withdrawn, so
 *  that what it made while it was accepted stays verifiable after its period. With `at`: those whose seals are taken in at that
 *  moment. In production the development maker is never among them. */
export async function acceptedSealMakers(house: Pick<House, 'db' | 'mode'>, at?: Date): Promise<readonly Uint8Array[]> {
  const rows = await house.db.rows.sealMakers.findAll({
    where: {
      state: 'accepted',
      ...(at ? { acceptedFrom: { [Op.lte]: at }, acceptedTo: { [Op.or]: [{ [Op.is]: null }, { [Op.gte]: at }] } } : {}),
    },
    attributes: ['certificate'],
    order: [['id', 'ASC']],
  });
  const barred = await findBarredCertificates(house);
  return rows.flatMap(({ certificate }) =>
    barred.has(certificate) ? [] : new Uint8Array(Buffer.from(certificate, 'base64')),
  );
}

interface NewMaker {
  readonly certificate: Uint8Array;
  readonly acceptedFrom: Date;
  readonly acceptedTo: Date | null;
  readonly reason: string;
  readonly createdBy: string;
}

/** In a given transaction; the certificate must be readable. */
export async function storeSealMaker(house: House, tx: Tx, maker: NewMaker): Promise<SealMakerColumns> {
  const { certificate, ...rest } = maker;
  const row: SealMakerColumns = {
    ...rest,
    id: house.newId(),
    name: parseCertificate(certificate).subject.slice(0, 190),
    certificate: Buffer.from(certificate).toString('base64'),
    digest: sm3Hex(certificate),
    ...{ state: 'accepted', createdAt: house.clock(), endedAt: null, endedBy: null },
  };
  await house.db.rows.sealMakers.create(row, { transaction: tx });
  return row;
}
