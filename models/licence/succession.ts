/** A new version of a licence (延续 renew, 变更 amend, 补证 replace): what a submission says of the licence whose place it takes, and
 *  whether it may. A licence has at most one new version, under way or issued. */
import { Op } from 'sequelize';
import { z } from 'zod';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { findStanding } from './find-standing.ts';
import type { LicenceColumns } from './rows.ts';
import { type LicenceStatus, nextStatus, SUCCESSION_ACTS, type SuccessionAct, statusOn } from './states.ts';

export const successionSchema = z.strictObject({
  /** GB/T 36904 identifier of the former licence. */
  identifier: z.string().trim().min(1).max(190),
  act: z.enum(SUCCESSION_ACTS),
  /** The rule it rests on, in words. */
  legalBasis: writtenText(500).optional(),
  reason: writtenText(1000),
});
export type Succession = z.infer<typeof successionSchema>;

export type Predecessor = Pick<LicenceColumns, 'id' | 'numberKey'>;

type Former = Pick<
  LicenceColumns,
  'id' | 'identifier' | 'catalogueCode' | 'issuingBody' | 'status' | 'validFrom' | 'validTo' | 'source' | 'numberKey'
>;

interface Asked {
  readonly succeeds?: Succession | undefined;
  readonly catalogueCode?: string | undefined;
  readonly validFrom?: string | undefined;
}

/** One judge for a batch: the former licences and their new versions are looked up once. */
export class SuccessionJudge {
  readonly #formers: ReadonlyMap<string, Former>;
  /** By the former's id: its new version. */
  readonly #taken: Map<string, string>;
  readonly #today: string;

  constructor(formers: readonly Former[], taken: Map<string, string>, today: string) {
    this.#formers = new Map(formers.map((former) => [former.identifier ?? '', former]));
    this.#taken = taken;
    this.#today = today;
  }

  /** @param issuingBody who submits
   *  @param replaces a submission that gives way to this one */
  judge(
    { succeeds, catalogueCode, validFrom }: Asked,
    issuingBody: string,
    replaces: string | undefined,
  ): { readonly predecessor?: Predecessor; readonly faults: readonly PointedFault[] } {
    if (!succeeds) return { faults: [] };
    const former = this.#formers.get(succeeds.identifier);
    const pointer = '/succeeds/identifier';
    if (!former || former.issuingBody !== issuingBody) return { faults: [{ pointer, code: 'NOT_FOUND' }] };
    const faults: PointedFault[] = [];
    if (former.catalogueCode !== catalogueCode) faults.push({ pointer, code: 'SUCCESSION_MISFIT' });
    const owner = this.#taken.get(former.id);
    if (owner !== undefined && owner !== replaces) faults.push({ pointer, code: 'SUCCESSION_OPEN' });
    const broken = findBroken(former, succeeds.act, this.#today);
    if (broken) faults.push({ pointer: '/succeeds/act', code: 'STATE_CONFLICT', detail: broken });
    else if (beginsBehind(former, { validFrom: validFrom ?? null }, this.#today))
      faults.push({ pointer: '/validFrom', code: 'SUCCESSION_TOO_LATE', detail: `≤ ${former.validFrom}` });
    return { predecessor: former, faults };
  }

  /** The item was accepted: another one for the same licence is not. */
  take({ id }: Predecessor, item: string): void {
    this.#taken.set(id, item);
  }
}

export async function openSuccessions(house: House, asked: readonly Asked[]): Promise<SuccessionJudge> {
  const identifiers = [...new Set(asked.flatMap(({ succeeds }) => succeeds?.identifier ?? []))];
  const today = toShanghaiDate(house.clock());
  if (identifiers.length === 0) return new SuccessionJudge([], new Map(), today);
  const { licences } = house.db.rows;
  const formers = await readRows(licences, { where: { identifier: { [Op.in]: identifiers }, state: 'issued' } });
  const versions = await readRows(licences, {
    where: { predecessorId: { [Op.in]: formers.map(({ id }) => id) } },
    attributes: ['id', 'predecessorId'],
  });
  const taken = new Map(versions.map(({ id, predecessorId }) => [predecessorId ?? '', id]));
  const standing = await findStanding(house, formers);
  return new SuccessionJudge(
    formers.map((former) => ({ ...former, status: standing.get(former.id) ?? null })),
    taken,
    today,
  );
}

/** Why the act is not legal from where the former stands, if so. */
function findBroken(
  former: Pick<Former, 'status' | 'validFrom' | 'validTo' | 'source'>,
  act: SuccessionAct,
  today: string,
) {
  if (former.source === 'province') return 'province';
  const status = statusOn(former, today);
  return status !== null && nextStatus(status, act) ? undefined : `${status} → ${act}`;
}

/** What has not begun is corrected, not followed: its place is taken at once, and there is no room behind it. */
export function beginsBehind(
  former: Pick<LicenceColumns, 'status' | 'validFrom' | 'validTo'>,
  { validFrom }: Pick<LicenceColumns, 'validFrom'>,
  today: string,
): boolean {
  const waits = statusOn(former, today) === 'not-yet-effective';
  return waits && validFrom !== null && validFrom > (former.validFrom ?? '');
}

/** Before a key is used for the new version: all that its issue will ask of those before it. Throws `SUCCESSION_BROKEN`. */
export async function requireSuccession(
  house: House,
  version: Pick<LicenceColumns, 'predecessorId' | 'successionAct' | 'validFrom'>,
): Promise<void> {
  if (version.predecessorId === null || version.successionAct === null) return;
  const { licences } = house.db.rows;
  const found = (await licences.findByPk(version.predecessorId))?.get();
  if (!found) throw new Fault('SUCCESSION_BROKEN', { detail: 'NOT_FOUND' });
  const before = found.predecessorId === null ? undefined : (await licences.findByPk(found.predecessorId))?.get();
  const standing = await findStanding(house, before ? [found, before] : [found]);
  const today = toShanghaiDate(house.clock());
  const former = { ...found, status: standing.get(found.id) ?? null };
  const broken =
    findBroken(former, version.successionAct, today) ??
    (beginsBehind(former, version, today) ? `${version.validFrom} > ${former.validFrom}` : undefined) ??
    findHeldUp(former, before && standing.get(before.id), version, today);
  if (broken) throw new Fault('SUCCESSION_BROKEN', { detail: broken });
}

/** What begins today in the place of one that has not begun takes over its part towards the one in force; a suspension is not lifted
 *  by the way. */
function findHeldUp(
  { status, successionAct }: Pick<LicenceColumns, 'status' | 'successionAct'>,
  before: LicenceStatus | null | undefined,
  { validFrom }: Pick<LicenceColumns, 'validFrom'>,
  today: string,
): string | undefined {
  if (status !== 'not-yet-effective' || successionAct === null || before !== 'suspended') return undefined;
  if (validFrom !== null && validFrom > today) return undefined;
  return nextStatus(before, successionAct) ? undefined : `${before} → ${successionAct}`;
}
