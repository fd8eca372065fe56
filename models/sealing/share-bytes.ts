/** Bytes that many sealings need and none changes: in memory that threads share, so that they are not copied with each task. */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
