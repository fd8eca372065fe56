/** Licences as rows, without their making: for what is about their life afterwards. */
import type { House } from '../../../models/house.ts';
import type { ChangeColumns, LicenceColumns } from '../../../models/licence/rows.ts';
import { type LicenceStatus, turnsOn } from '../../../models/licence/states.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { ENTRY, ISSUER } from '../../world/sample-entry.ts';

let planted = 0;

/** Issued now with this status, or still on the way to it. */
export function composePlanted(house: House, more: Partial<LicenceColumns> = {}): LicenceColumns {
  planted += 1;
  const now = house.clock();
  const number = `P${String(planted).padStart(6, '0')}`;
  const licence: LicenceColumns = {
    ...{ id: house.newId(), catalogueCode: ENTRY.code, catalogueVersion: 1, issuingBody: ISSUER, state: 'issued' },
    ...{
      status: 'valid',
      licenceNumber: number,
      numberKey: `${ENTRY.code}:${number}`,
      identifier: `planted.${number}`,
    },
    ...{ verificationCode: `PLANTED${number}`, fields: { licenceNumber: number }, validFrom: '2026-03-02' },
    ...{ validTo: '2031-03-01', issuedOn: '2026-03-02', closedAt: null, caseNumber: null, commitment: false },
    ...{
      source: 'api',
      sourceKey: null,
      stock: null,
      contentDigest: number,
      sequence: 2,
      turnsOn: null,
      predecessorId: null,
      formerId: more.predecessorId ?? null,
    },
    ...{ successionAct: null, successionBasis: null, successionReason: null },
    ...{ createdAt: now, createdBy: 'planted', updatedAt: now },
    ...more,
  };
  const issued = licence.state === 'issued';
  const facts = issued ? {} : { status: null, identifier: null, verificationCode: null, sequence: 1 };
  return { ...licence, ...facts, turnsOn: issued ? turnsOn(licence) : null };
}

export async function plant(house: House, licences: readonly LicenceColumns[]): Promise<void> {
  const issued = licences.filter(({ state }) => state === 'issued');
  const changes = issued.map(
    ({ id: licenceId, sequence, status, createdAt }): ChangeColumns => ({
      ...{ id: house.newId(), licenceId, sequence, act: 'issue', fromStatus: null, toStatus: status as LicenceStatus },
      ...{ actor: 'planted', legalBasis: null, reason: null, replaced: null, effectiveAt: createdAt, createdAt },
    }),
  );
  await withTransaction(house.db, async (tx) => {
    await insertRows(house.db, tx, house.db.rows.licences, licences);
    await insertRows(house.db, tx, house.db.rows.changes, changes);
  });
}
