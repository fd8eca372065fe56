/** Everything of the handed-out files that go into one volume: the use they were handed out in, the licence they are of, and
 *  the files themselves. The sealed original is the issuer's to archive; a consumer never had it. */
import { Op } from 'sequelize';
import { type ArchivedFile, node, type XmlNode } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import type { PrintColumns } from '../print/rows.ts';
import type { CopyColumns, MatterColumns, UseColumns } from '../sharing/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import { describeHolders, describeLicence } from './describe-licence.ts';
import type { Found } from './find-issued.ts';
import { type Gathered, gatherEach } from './leave-out.ts';
import { loadDescribed } from './load-described.ts';
import type { ArchiveColumns } from './rows.ts';

/** In the order found. */
export async function gatherUsed(
  house: House,
  archive: ArchiveColumns,
  found: readonly Found[],
  numbers: readonly string[],
): Promise<Gathered> {
  const { copies, prints } = house.db.rows;
  const id = { [Op.in]: found.map(({ subject }) => subject) };
  const copied = await readRows(copies, { where: { id } });
  const printed = await readRows(prints, { where: { id } });
  const handed = new Map<string, CopyColumns | PrintColumns>([...copied, ...printed].map((row) => [row.id, row]));
  const uses = await loadUses(house, [...handed.values()]);
  const described = await loadDescribed(
    house,
    found.map(({ licenceId }) => licenceId),
  );
  const today = toShanghaiDate(archive.createdAt);
  return gatherEach(found, numbers, async ({ subject, licenceId }, number) => {
    const [row, about] = [handed.get(subject), described.get(licenceId)];
    if (!row || !about) return undefined;
    const use = uses.get(row.useId ?? '');
    return {
      number,
      title: about.entry?.name ?? about.licence.catalogueCode,
      identifier: about.licence.identifier ?? '',
      files: [await takeFile(house, row)],
      metadata: [
        describeLicence(about, today),
        describeHolders(house, about.holders, false),
        ...(use ? [describeUse(use.use, use.matter)] : []),
      ],
    };
  });
}

interface KnownUse {
  readonly use: UseColumns;
  readonly matter: MatterColumns | undefined;
}

async function loadUses(house: House, handed: readonly (CopyColumns | PrintColumns)[]): Promise<Map<string, KnownUse>> {
  const ids = [...new Set(handed.flatMap(({ useId }) => useId ?? []))];
  const rows = await readRows(house.db.rows.uses, { where: { id: { [Op.in]: ids } } });
  const codes = [...new Set(rows.map(({ matterCode }) => matterCode))];
  const matters = await readRows(house.db.rows.matters, { where: { code: { [Op.in]: codes } } });
  const byCode = new Map(matters.map((matter) => [matter.code, matter]));
  return new Map(rows.map((use) => [use.id, { use, matter: byCode.get(use.matterCode) }]));
}

function describeUse(use: UseColumns, matter: MatterColumns | undefined): XmlNode {
  return node('用证', [
    node('用证单位代码', use.organisationCode),
    node('办件号', use.caseNumber),
    node('事项代码', use.matterCode),
    node('事项名称', matter?.name),
    node('用途', use.purpose),
    node('用证者', use.callerId),
    node('申请时间', use.createdAt.toISOString()),
    node('截止时间', use.expiresAt.toISOString()),
  ]);
}

async function takeFile(house: House, row: CopyColumns | PrintColumns): Promise<ArchivedFile> {
  const bytes = await house.blobs.get(row.digest);
  const facts = [node('格式', 'PDF'), node('用途', row.purpose), node('交付时间', row.createdAt.toISOString())];
  if ('serial' in row) {
    const numbered = [...facts, node('打印编号', row.serial)];
    return { kind: 'printed', name: `${row.serial}.pdf`, bytes, facts: numbered };
  }
  return { kind: 'handed-out', name: `${row.id}.pdf`, bytes, facts };
}
