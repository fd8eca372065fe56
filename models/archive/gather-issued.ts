/** Everything of the issued licences that go into one volume, with the same few questions however many they are: rows first,
 *  then the sealed files one by one, each judged as it is taken. */
import { Op } from 'sequelize';
import { type ArchivedFile, node } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import type { LicenceColumns, LicenceFileColumns } from '../licence/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import { loadMaterial } from '../verification/trust.ts';
import type { TrustMaterial } from '../verification/verifier.ts';
import { describeFields, describeHolders, describeLicence, describeRecords } from './describe-licence.ts';
import type { Found } from './find-issued.ts';
import { type Gathered, gatherEach } from './leave-out.ts';
import { groupBy, loadDescribed } from './load-described.ts';
import type { ArchiveColumns } from './rows.ts';

/** In the order found; `numbers` are their archive numbers (档号). */
export async function gatherIssued(
  house: House,
  archive: ArchiveColumns,
  found: readonly Found[],
  numbers: readonly string[],
): Promise<Gathered> {
  const licenceId = { [Op.in]: found.map((one) => one.licenceId) };
  const { changes, licenceFiles, reviews } = house.db.rows;
  const described = await loadDescribed(
    house,
    found.map((one) => one.licenceId),
  );
  const files = groupBy(await readRows(licenceFiles, { where: { licenceId }, order: [['id', 'ASC']] }));
  const reviewed = groupBy(await readRows(reviews, { where: { licenceId }, order: [['id', 'ASC']] }));
  const changed = groupBy(await readRows(changes, { where: { licenceId }, order: [['sequence', 'ASC']] }));
  const material = await loadMaterial(house);
  const judging = { material, at: archive.createdAt };
  const today = toShanghaiDate(archive.createdAt);
  return gatherEach(found, numbers, async (one, number) => {
    const about = described.get(one.licenceId);
    if (!about) return undefined;
    const records = describeRecords(reviewed.get(one.licenceId) ?? [], changed.get(one.licenceId) ?? []);
    return {
      number,
      title: about.entry?.name ?? about.licence.catalogueCode,
      identifier: about.licence.identifier ?? '',
      files: await takeFiles(house, judging, about.licence, files.get(one.licenceId) ?? []),
      metadata: [
        describeLicence(about, today),
        ...describeFields(about),
        describeHolders(house, about.holders, true),
        ...records,
      ],
    };
  });
}

async function takeFiles(
  house: House,
  { material, at }: { readonly material: TrustMaterial; readonly at: Date },
  licence: LicenceColumns,
  rows: readonly LicenceFileColumns[],
): Promise<ArchivedFile[]> {
  const newest = Math.max(...rows.map(({ version }) => version));
  const files: ArchivedFile[] = [];
  for (const { digest, format, version } of rows) {
    if (version !== newest) continue;
    const bytes = await house.blobs.get(digest);
    const report = await house.verifier.judge({ bytes: Uint8Array.from(bytes), material, at });
    const judged = node('归档时验证', [
      node('时间', at.toISOString()),
      node('有效', report.valid),
      node('可信', report.trusted === null ? '未判断' : report.trusted),
      node('结论', report.verdict),
      node('规则', `${report.rules.name} ${report.rules.version}`),
    ]);
    const facts = [node('格式', format.toUpperCase()), node('版本', version), judged];
    files.push({ kind: 'original', name: `${licence.identifier}.${format}`, bytes, facts });
  }
  return files;
}
