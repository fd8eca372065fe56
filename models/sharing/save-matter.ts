/** A matter (事项) of a consuming department, with the licence types it may ask for. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';

export const matterSchema = z.strictObject({
  code: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/),
  name: writtenText(120),
  organisationCode: z.string().length(18),
  catalogueCodes: z.array(z.string().length(21)).min(1).max(200),
});
export type MatterInput = z.infer<typeof matterSchema>;

export async function saveMatter(
  house: House,
  caller: Caller,
  input: MatterInput,
  remember?: Remember<MatterInput>,
): Promise<MatterInput> {
  requireRole(caller, 'bureau.officer');
  await requireActive(house, input.organisationCode);
  const { catalogueEntries, matters } = house.db.rows;
  const known = await catalogueEntries.findAll({ where: { code: input.catalogueCodes }, attributes: ['code'] });
  const codes = new Set(known.map((entry) => entry.code));
  throwFaults(
    input.catalogueCodes.flatMap((code, index) =>
      codes.has(code) ? [] : [{ pointer: `/catalogueCodes/${index}`, code: 'CATALOGUE_UNKNOWN' as const }],
    ),
  );
  return withTransaction(house.db, async (tx) => {
    const { code, organisationCode } = input;
    const row = await matters.findOne({ where: { code, organisationCode }, transaction: tx, lock: true });
    if (row) await row.update(input, { transaction: tx });
    else await matters.create({ ...input, id: house.newId(), createdAt: house.clock() }, { transaction: tx });
    const details = { matterCode: code, catalogueCodes: input.catalogueCodes };
    await appendAudit(house, tx, caller, { act: 'catalogue.save', matterCode: code, details });
    await remember?.(tx, input);
    return input;
  });
}
