/** An OFD package in memory, before it is sealed and zipped. */

export interface OfdPackage {
  /** Path inside the package (no leading slash) → bytes, in the order they are written. OFD.xml already names
   *  `Doc_0/Signs/Signatures.xml`; nothing below `Doc_0/Signs/` is here yet. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** ST_ID of each page in order, for the StampAnnot's PageRef. */
  readonly pageIds: readonly number[];
}
