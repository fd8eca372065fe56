/** An OFD package in memory, while it is drawn, sealed and signed; `writePackage` makes a file of it at the end. */
import type { PackedFile } from '../zip/packed-file.ts';
import type { SignatureList } from './signature-list.ts';

export interface OfdPackage {
  /** Path inside the package (no leading slash) → file, in the order they are written. OFD.xml already names the list
   *  of signatures. */
  readonly files: ReadonlyMap<string, PackedFile>;
  /** ST_ID of each page in order, for the StampAnnot's PageRef. */
  readonly pageIds: readonly number[];
  /** Undefined: nobody has signed yet, and the list will be ours. */
  readonly signatures?: SignatureList;
}
