/** Where things lie in an archive volume (归档信息包, folder form after DA/T 85 and GB/T 39362). One root folder; all paths
 *  of a manifest are below it. */
export const DESCRIPTION = '说明文件.xml';
export const CATALOGUE = '目录文件.xml';
export const METADATA = '元数据.xml';
/** SM3 and size of every other file. */
export const MANIFEST = '清单.sm3';
/** GB/T 35275 SignedData over the manifest's SM3. */
export const MANIFEST_SIGNATURE = '清单.sm3.p7s';

/** `original`: sealed, byte for byte. `archive-copy`: OFD-A made of it. `handed-out`: what a consumer was given. */
export type FileKind = 'original' | 'archive-copy' | 'handed-out' | 'printed';

export const FOLDERS: Readonly<Record<FileKind, string>> = {
  original: '原件',
  'archive-copy': '存档副本',
  'handed-out': '用证副本',
  printed: '打印件',
};
