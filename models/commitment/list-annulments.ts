/** Annulled commitments: which bodies of the next step were told when, and which have acknowledged it on the same day (K-15). */
import { Op, type WhereOptions } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import type { CommitmentColumns } from './rows.ts';

export interface AnnulmentView {
  readonly licenceId: string;
  readonly catalogueCode: string;
  readonly issuingBody: string;
  readonly annulledAt: string;
  readonly told: readonly {
    readonly organisationCode: string;
    readonly toldAt: string;
    readonly acknowledgedAt: string | null;
    readonly sameDay: boolean;
  }[];
}

/** By the time of the annulment, newest first: all for the bureau, a department's own. */
export async function listAnnulments(house: House, caller: Caller, request: PageRequest): Promise<Page<AnnulmentView>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  const isBureau = caller.roles.some((role) => role.startsWith('bureau.'));
  const limit = pageLimit(request);
  const found = await readRows(house.db.rows.commitments, {
    where: {
      state: 'annulled',
      ...(isBureau ? {} : { issuingBody: requireOrganisation(caller) }),
      ...(await findAfter(house, request.after)),
    },
    order: [
      ['endedAt', 'DESC'],
      ['id', 'DESC'],
    ],
    limit: limit + 1,
  });
  const { items, next } = toPage(found, limit, ({ id }) => id);
  await logAccess(house, caller, { act: 'commitment.read', licenceIds: items.map(({ id }) => id) });
  const notices = await readRows(house.db.rows.notices, {
    where: {
      recipient: [...new Set(items.flatMap(({ toldBodies }) => toldBodies.map((body) => `body:${body}` as const)))],
      kind: 'commitment.annulled',
      subjectId: items.map(({ id }) => id),
    },
    order: [['id', 'ASC']],
  });
  const byLicence = groupBy(notices, ({ subjectId }) => subjectId);
  const views = items.map(({ id, catalogueCode, issuingBody, endedAt }) => ({
    ...{ licenceId: id, catalogueCode, issuingBody, annulledAt: endedAt?.toISOString() ?? '' },
    told: (byLicence.get(id) ?? []).map(({ recipient, createdAt, readAt }) => ({
      organisationCode: recipient.slice('body:'.length),
      toldAt: createdAt.toISOString(),
      acknowledgedAt: readAt?.toISOString() ?? null,
      sameDay: readAt !== null && toShanghaiDate(readAt) === toShanghaiDate(createdAt),
    })),
  }));
  return { items: views, next };
}

/** What was annulled before the last one that was seen, which the cursor names; nothing after one that is unknown. */
async function findAfter(house: House, after: string | undefined): Promise<WhereOptions<CommitmentColumns>> {
  if (after === undefined) return {};
  const [last] = await readRows(house.db.rows.commitments, {
    where: { id: after, state: 'annulled' },
    attributes: ['id', 'endedAt'],
  });
  if (!last?.endedAt) return { id: { [Op.in]: [] } };
  const { id, endedAt } = last;
  return { [Op.or]: [{ endedAt: { [Op.lt]: endedAt } }, { endedAt, id: { [Op.lt]: id } }] };
}
