/** Put a volume together (归档信息包): a folder an item with its files and metadata, description and catalogue of the whole,
 *  the manifest, and its signature. Only the signature differs between two makings of the same content. */
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { GmSignRequest } from '../ofd/sign-gm-content.ts';
import { PackedFile } from '../zip/packed-file.ts';
import { writePackage } from '../zip/write-package.ts';
import { makeArchiveCopy } from './make-archive-copy.ts';
import { sm3Hex, writeManifest } from './manifest.ts';
import { signManifest } from './sign-manifest.ts';
import {
  CATALOGUE,
  DESCRIPTION,
  type FileKind,
  FOLDERS,
  MANIFEST,
  MANIFEST_SIGNATURE,
  METADATA,
} from './volume-paths.ts';
import { node, writeXml, type XmlNode } from './write-xml.ts';

export interface ArchivedFile {
  readonly kind: Exclude<FileKind, 'archive-copy'>;
  /** With its ending: `.ofd` or `.pdf`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What is known of it: the judgement on it, to whom it was handed. */
  readonly facts: readonly XmlNode[];
}

export interface ArchivedItem {
  /** 档号. */
  readonly number: string;
  readonly title: string;
  readonly identifier: string;
  readonly files: readonly ArchivedFile[];
  /** Licence, holders, records: all but what the volume itself knows. */
  readonly metadata: readonly XmlNode[];
}

export interface VolumeFacts {
  /** 载体编号; the root folder. */
  readonly number: string;
  readonly batch: string;
  readonly purpose: '产生' | '使用';
  readonly madeAt: Date;
  readonly body: { readonly code: string; readonly name: string };
  readonly year: string;
}

export interface Volume {
  readonly zip: Uint8Array;
  /** SM3 of the manifest: of all content. */
  readonly contentSm3: string;
  readonly files: number;
}

type Files = Map<string, Uint8Array>;

/** @throws as `openGmSigner` */
export async function composeVolume(
  facts: VolumeFacts,
  items: readonly ArchivedItem[],
  signer: GmSignRequest,
): Promise<Volume> {
  const files: Files = new Map();
  for (const item of items) {
    addItem(files, item);
    // much is done for each item: others get their turn in between
    await setImmediate();
  }
  const size = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  files.set(CATALOGUE, writeCatalogue(facts, items));
  files.set(DESCRIPTION, writeDescription(facts, items.length, files.size, size));
  const manifest = writeManifest(files);
  files.set(MANIFEST, manifest);
  files.set(MANIFEST_SIGNATURE, await signManifest(manifest, signer));
  const rooted = [...files].map(([path, bytes]) => [`${facts.number}/${path}`, asItLies(path, bytes)] as const);
  return { zip: writePackage(new Map(rooted), 'unix'), contentSm3: sm3Hex(manifest), files: files.size };
}

function addItem(files: Files, item: ArchivedItem): void {
  const rows: XmlNode[] = [];
  const put = (kind: FileKind, name: string, bytes: Uint8Array, facts: readonly XmlNode[]) => {
    const path = `${FOLDERS[kind]}/${name}`;
    files.set(`${item.number}/${path}`, bytes);
    const described = [node('路径', path), node('大小', bytes.length), node('SM3', sm3Hex(bytes))];
    rows.push(node('文件', [...described, ...facts], { 类别: FOLDERS[kind] }));
  };
  for (const { kind, name, bytes, facts } of item.files) {
    put(kind, name, bytes, facts);
    if (kind !== 'original' || !name.endsWith('.ofd')) continue;
    const copy = makeArchiveCopy(bytes);
    if ('ofd' in copy) put('archive-copy', name, copy.ofd, [node('格式', 'OFD-A')]);
    else rows.push(node('存档副本未制作', copy.reason, { 原件: name }));
  }
  const root = [node('档号', item.number), node('题名', item.title), node('证照标识', item.identifier)];
  const metadata = node('归档元数据', [...root, ...item.metadata, node('文件清单', rows)], { 版本: '1' });
  files.set(`${item.number}/${METADATA}`, writeXml(metadata));
}

function writeCatalogue(facts: VolumeFacts, items: readonly ArchivedItem[]): Uint8Array {
  const rows = items.map((item, index) =>
    node('条目', [
      node('序号', index + 1),
      node('档号', item.number),
      node('题名', item.title),
      node('证照标识', item.identifier),
      node('文件数', item.files.length),
    ]),
  );
  return writeXml(node('目录文件', rows, { 载体编号: facts.number }));
}

function writeDescription(facts: VolumeFacts, items: number, files: number, bytes: number): Uint8Array {
  return writeXml(
    node('说明文件', [
      node('载体编号', facts.number),
      node('批次号', facts.batch),
      node('载体类型', '在线归档信息包（ZIP）'),
      node('制作时间', facts.madeAt.toISOString()),
      node('制作系统', '证库 Zhengku'),
      node('移交单位', facts.body.name),
      node('移交单位代码', facts.body.code),
      node('归档类型', facts.purpose),
      node('年度', facts.year),
      node('归档件数', items),
      // the catalogue among them; description, manifest and signature are not
      node('归档文件数量', files),
      node('文件容量', `${bytes} 字节`),
      node('摘要算法', 'SM3'),
      node('签名格式', 'GB/T 35275，SM2'),
    ]),
  );
}

/** Packages and PDF files are compressed already. */
function asItLies(path: string, bytes: Uint8Array): PackedFile {
  const stored = /\.(ofd|pdf)$/.test(path) ? ([{ method: 0, crc: crc32(bytes), packed: bytes }] as const) : [];
  return new PackedFile(bytes, ...stored);
}
