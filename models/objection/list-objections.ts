/** Objections by where they stand: the bureau's, a department's own to answer, and those that one has filed. */
import { literal, Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText } from '../store/bulk-values.ts';
import { OBJECTION_STATES } from './objection-words.ts';
import type { ObjectionColumns } from './rows.ts';
import { BUREAU, CONSUMERS, ISSUERS, partiesOf } from './sides.ts';
import { type ObjectionSummary, summarizeObjections } from './summarize-objections.ts';

export const objectionFilterSchema = z.strictObject({
  state: z.enum(OBJECTION_STATES).optional(),
  /** Its answer or its correction runs out, or has run out. */
  stage: z.enum(['warned', 'overdue']).optional(),
  /** Handled by whoever asks. */
  mine: z.enum(['true', 'false']).optional(),
});
type Filter = z.infer<typeof objectionFilterSchema>;

/** Newest first. */
export async function listObjections(
  house: House,
  caller: Caller,
  { state, stage, mine, ...request }: Filter & PageRequest,
): Promise<Page<ObjectionSummary>> {
  requireRole(caller, 'holder', ...CONSUMERS, ...ISSUERS, ...BUREAU);
  const limit = pageLimit(request);
  const bounds: WhereOptions<ObjectionColumns>[] = [
    boundOf(caller),
    ...(state ? [{ state }] : []),
    ...(stage ? [stageOf(house, stage)] : []),
    ...(mine === 'true' ? [{ handler: caller.id }] : []),
    ...(request.after ? [{ id: { [Op.lt]: await cursorOf(house, caller, request.after) } }] : []),
  ];
  const where = { [Op.and]: bounds } as WhereOptions<ObjectionColumns>;
  const rows = await readRows(house.db.rows.objections, { where, order: [['id', 'DESC']], limit: limit + 1 });
  const page = toPage(rows, limit, ({ number }) => number);
  await logAccess(house, caller, { act: 'objection.list', licenceIds: page.items.map(({ licenceId }) => licenceId) });
  const side = seesAll(caller) ? 'bureau' : isIssuer(caller) ? 'issuer' : 'objector';
  const summarized = await summarizeObjections(house, page.items, side);
  return { items: summarized.map(({ summary }) => summary), next: page.next };
}

const seesAll = ({ roles }: Caller) => BUREAU.some((role) => roles.includes(role));
const isIssuer = ({ roles }: Caller) => ISSUERS.some((role) => roles.includes(role));

function boundOf(caller: Caller): WhereOptions<ObjectionColumns> {
  if (seesAll(caller)) return {};
  const filed = { party: { [Op.in]: partiesOf(caller) } };
  if (!isIssuer(caller)) return filed;
  return { [Op.or]: [{ issuingBody: caller.organisationCode ?? '' }, filed] } as WhereOptions<ObjectionColumns>;
}

/** By way of the due times, of which there are few. */
function stageOf({ db, clock }: House, stage: 'warned' | 'overdue'): WhereOptions<ObjectionColumns> {
  const now = `'${instantText(clock(), db.dialect)}'`;
  const due = stage === 'overdue' ? `due_at < ${now}` : `warn_at <= ${now} AND due_times.due_at >= ${now}`;
  const subjects = `(SELECT subject_id FROM due_times JOIN deadlines ON due_time = due_times.id AND met_at IS NULL
    WHERE kind IN ('objection', 'correction') AND due_times.${due})`;
  const within = { [Op.in]: literal(subjects) };
  return { [Op.or]: [{ id: within }, { correctionId: within }] } as WhereOptions<ObjectionColumns>;
}

/** The cursor is the number last seen; one that does not exist, or is not the caller's to see, begins nowhere: nobody learns here
 *  which numbers there are. */
async function cursorOf(house: House, caller: Caller, number: string): Promise<string> {
  const where = { [Op.and]: [{ number }, boundOf(caller)] } as WhereOptions<ObjectionColumns>;
  const row = await house.db.rows.objections.findOne({ where, attributes: ['id'] });
  return row?.id ?? '';
}
