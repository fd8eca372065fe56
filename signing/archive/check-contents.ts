/** What lies in the folders of a volume: sealed files by the house's verifier, archive copies by the rules of OFD-A, and the
 *  metadata against both and against the catalogue. */
import { SigningError } from '../error.ts';
import { readOfdCustomData } from '../ofd/read-custom-data.ts';
import { childNamed, childrenNamed, parseXml, textOf, type XmlElement } from '../ofd/xml-tree.ts';
import { judgeFile } from '../verify/judge-file.ts';
import { type ArchiveCheck, archiveCheck, archivePassed } from './archive-words.ts';
import { checkOfdA } from './check-ofd-a.ts';
import type { VolumePolicy } from './check-volume.ts';
import { sm3Hex } from './manifest.ts';
import { CATALOGUE, DESCRIPTION, FOLDERS, METADATA } from './volume-paths.ts';

type Files = ReadonlyMap<string, Uint8Array>;

export function checkContents(files: Files, root: string, given: VolumePolicy): ArchiveCheck[] {
  const inFolder = (folder: string) => [...files].filter(([path]) => path.split('/')[1] === folder);
  const sealed = [...inFolder(FOLDERS.original), ...inFolder(FOLDERS['handed-out'])];
  const originals = sealed.flatMap(([where, bytes]) => judgeOriginal(where, bytes, given));
  const copies = inFolder(FOLDERS['archive-copy']).flatMap(([where, bytes]) =>
    checkOfdA(bytes).map(({ rule, where: part }) =>
      archiveCheck('archive-copies', 'OFD_A_BROKEN', { where, detail: `${rule} ${part}` }),
    ),
  );
  const metadata = checkMetadata(files, root);
  return [
    ...(originals.length > 0 ? originals : [archivePassed('originals')]),
    ...(copies.length > 0 ? copies : [archivePassed('archive-copies')]),
    ...(metadata.length > 0 ? metadata : [archivePassed('metadata')]),
  ];
}

function judgeOriginal(where: string, bytes: Uint8Array, { policy, rules }: VolumePolicy): ArchiveCheck[] {
  const report = judgeFile(bytes, { policy, rules });
  if (report.valid) return [];
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  const codes = [...new Set(failed.map(({ name, code }) => `${name}:${code ?? ''}`))];
  const detail = codes.length > 0 ? codes.join(' ') : report.verdict;
  return [archiveCheck('originals', 'ORIGINAL_INVALID', { where, detail })];
}

const mismatch = (where: string, detail: string) => archiveCheck('metadata', 'METADATA_MISMATCH', { where, detail });

function checkMetadata(files: Files, root: string): ArchiveCheck[] {
  const trees = new Map<string, XmlElement>();
  const broken: ArchiveCheck[] = [];
  for (const [path, bytes] of files) {
    if (!path.endsWith('.xml')) continue;
    try {
      trees.set(path, parseXml(bytes));
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      broken.push(archiveCheck('metadata', 'XML_MALFORMED', { where: path }));
    }
  }
  if (broken.length > 0) return broken;
  const [description, catalogue] = [trees.get(DESCRIPTION), trees.get(CATALOGUE)];
  if (!description) return [mismatch(DESCRIPTION, '缺失')];
  if (!catalogue) return [mismatch(CATALOGUE, '缺失')];
  return [
    ...checkDescription(description, catalogue, files, root),
    ...childrenNamed(catalogue, '条目').flatMap((row) => checkItem(row, trees, files)),
  ];
}

function checkDescription(description: XmlElement, catalogue: XmlElement, files: Files, root: string): ArchiveCheck[] {
  const rows = childrenNamed(catalogue, '条目');
  const folders = new Set(
    [...files.keys()].filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''),
  );
  const named = new Set(rows.map((row) => textOf(row, '档号') ?? ''));
  const same = (name: string, value: string) =>
    textOf(description, name) === value ? [] : [mismatch(DESCRIPTION, name)];
  return [
    ...same('载体编号', root),
    ...same('归档件数', String(rows.length)),
    ...[...folders].filter((folder) => !named.has(folder)).map((folder) => mismatch(CATALOGUE, folder)),
  ];
}

function checkItem(row: XmlElement, trees: ReadonlyMap<string, XmlElement>, files: Files): ArchiveCheck[] {
  const number = textOf(row, '档号') ?? '';
  const path = `${number}/${METADATA}`;
  const metadata = trees.get(path);
  if (!metadata) return [mismatch(path, '缺失')];
  const told = ['档号', '题名', '证照标识'].filter((name) => textOf(metadata, name) !== textOf(row, name));
  const list = childNamed(metadata, '文件清单');
  const listed = list ? childrenNamed(list, '文件') : [];
  const paths = new Set(listed.map((file) => `${number}/${textOf(file, '路径') ?? ''}`));
  const unlisted = [...files.keys()].filter((one) => one.startsWith(`${number}/`) && one !== path && !paths.has(one));
  return [
    ...told.map((name) => mismatch(path, name)),
    ...unlisted.map((one) => mismatch(path, one)),
    ...listed.flatMap((file) => checkListed(file, metadata, number, files)),
  ];
}

function checkListed(file: XmlElement, metadata: XmlElement, number: string, files: Files): ArchiveCheck[] {
  const path = `${number}/${textOf(file, '路径') ?? ''}`;
  const bytes = files.get(path);
  if (!bytes) return [mismatch(path, '缺失')];
  if (textOf(file, '大小') !== String(bytes.length)) return [mismatch(path, '大小')];
  if (textOf(file, 'SM3') !== sm3Hex(bytes)) return [mismatch(path, 'SM3')];
  const identifier = path.endsWith('.ofd') ? identifierIn(bytes) : undefined;
  const other = identifier !== undefined && identifier !== textOf(metadata, '证照标识');
  return other ? [mismatch(path, '证照标识')] : [];
}

/** The licence's identifier as the file states it; others' files may state none. */
function identifierIn(bytes: Uint8Array): string | undefined {
  try {
    return readOfdCustomData(bytes).get('ZZBS');
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
