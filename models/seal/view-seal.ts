/** A seal as it is told: never its keys. */
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { SealColumns, SealUserColumns } from './rows.ts';

export interface SealView {
  readonly sealId: string;
  readonly organisationCode: string;
  readonly kind: SealColumns['kind'];
  readonly name: string;
  readonly purpose: string | null;
  readonly personName: string | null;
  readonly state: SealColumns['state'];
  readonly years: number | null;
  readonly origin: SealColumns['origin'];
  readonly sesVersion: number | null;
  readonly esId: string | null;
  readonly service: string | null;
  readonly renews: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** PEM certificates of the signers: SM2, then RSA. */
  readonly certificates: readonly string[];
}

/** Columns of a seal that are short: lists leave its pictures alone. */
export const SHORT_COLUMNS = [
  ...(['id', 'organisationCode', 'kind', 'name', 'purpose', 'personName', 'state', 'years', 'origin'] as const),
  ...(['sesVersion', 'esId', 'service', 'certificates', 'renews', 'validFrom', 'validTo'] as const),
];

const SIGNERS = 2;

export function viewSeal(row: Pick<SealColumns, (typeof SHORT_COLUMNS)[number]>): SealView {
  const { id, organisationCode, kind, name, purpose, personName, state, years } = row;
  const { origin, sesVersion, esId, service, renews } = row;
  return {
    ...{ sealId: id, organisationCode, kind, name, purpose, personName, state, years },
    ...{ origin, sesVersion, esId, service, renews },
    validFrom: row.validFrom?.toISOString() ?? null,
    validTo: row.validTo?.toISOString() ?? null,
    certificates: (row.certificates ?? []).slice(0, SIGNERS).map(toPem),
  };
}

export interface SealUserView {
  readonly userId: string;
  readonly sealId: string;
  readonly organisationCode: string;
  readonly catalogueCodes: readonly string[] | null;
  readonly from: string;
  readonly to: string;
  readonly state: 'authorised' | 'withdrawn';
}

export interface SealChangeView {
  readonly act: string;
  readonly fromState: SealColumns['state'] | null;
  readonly toState: SealColumns['state'];
  readonly actor: string;
  readonly reason: string | null;
  readonly at: string;
}

export interface SealDetailView extends SealView {
  readonly users: readonly SealUserView[];
  readonly changes: readonly SealChangeView[];
}

/** With who may use it and all that befell it. */
export async function viewSealDetail(house: House, row: SealColumns, tx?: Tx): Promise<SealDetailView> {
  const { sealUsers, sealChanges } = house.db.rows;
  const query = { where: { sealId: row.id }, order: [['id', 'ASC']] as [string, string][] };
  const within = tx ? { ...query, transaction: tx } : query;
  const users = await sealUsers.findAll(within);
  const changes = await sealChanges.findAll(within);
  return {
    ...viewSeal(row),
    users: users.map((user) => viewSealUser(user.get())),
    changes: changes.map(({ act, fromState, toState, actor, reason, createdAt }) => ({
      ...{ act, fromState, toState, actor, reason },
      at: createdAt.toISOString(),
    })),
  };
}

export function viewSealUser(
  row: Pick<
    SealUserColumns,
    'id' | 'sealId' | 'organisationCode' | 'catalogueCodes' | 'validFrom' | 'validTo' | 'state'
  >,
): SealUserView {
  const { id, sealId, organisationCode, catalogueCodes, validFrom, validTo, state } = row;
  return { userId: id, sealId, organisationCode, catalogueCodes, from: validFrom, to: validTo, state };
}

function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
