/** Files by content: the name of a file is the SM3 digest of its bytes. What is stored is never changed. */

/** 64 hex characters, SM3 of the bytes. */
export type BlobDigest = string;

export interface BlobStore {
  /** Durable once it resolves; storing the same bytes again is harmless.
   *  @param digest of the bytes, when whoever made them has computed it; every reading verifies it */
  put(bytes: Uint8Array, digest?: BlobDigest): Promise<BlobDigest>;
  /** The bytes, verified against their digest. Throws `FILE_MISSING` or `BLOB_CORRUPT`. */
  get(digest: BlobDigest): Promise<Uint8Array>;
  has(digest: BlobDigest): Promise<boolean>;
}
