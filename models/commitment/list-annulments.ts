/** Annulled commitments: which bodies of the next step were told when, and which have acknowledged it on the same day (K-15). */
import { Op } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';

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

/** Newest first: all for the bureau, a department's own. */
export async function listAnnulments(house: House, caller: Caller, request: PageRequest): Promise<Page<AnnulmentView>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  const isBureau = caller.roles.some((role) => role.startsWith('bureau.'));
  const limit = pageLimit(request);
  const found = await readRows(house.db.rows.commitments, {
    where: {
      state: 'annulled',
      ...(isBureau ? {} : { issuingBody: requireOrganisation(caller) }),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
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
