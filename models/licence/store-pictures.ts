/** Pictures go to the file store; the field keeps `sm3:` and the digest. */
import type { FieldDefinition } from '../catalogue/definition.ts';
import type { House } from '../house.ts';

/** @param definitions fields whose values may be pictures in base64 */
export async function storePictures(
  house: Pick<House, 'blobs'>,
  definitions: readonly FieldDefinition[],
  fields: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const stored: Record<string, string> = { ...fields };
  for (const { key, type } of definitions) {
    const value = stored[key];
    if (type === 'image' && value) stored[key] = `sm3:${await house.blobs.put(Buffer.from(value, 'base64'))}`;
  }
  return stored;
}
