/** The digest by which city and province compare what they hold. */
import { canonicalJson } from '../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';

export function digestMessage(
  record: unknown,
  files: readonly { readonly name: string; readonly sm3: string }[],
): string {
  return sm3Hex(canonicalJson({ record, files: files.map(({ name, sm3 }) => ({ name, sm3 })) }));
}
