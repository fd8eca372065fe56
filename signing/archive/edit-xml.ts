/** Change one place of an XML part as others wrote it, and leave every other character as it stands. */
import { SigningError } from '../error.ts';

function unwritable(): SigningError {
  return new SigningError('UNSUPPORTED', 'an XML part cannot be changed faithfully', { reason: 'XML_UNUSUAL' });
}

/** @throws UNSUPPORTED when it is not there exactly once */
export function replaceText(text: string, what: RegExp, by: string): string {
  const found = [...text.matchAll(new RegExp(what.source, `${what.flags}g`))];
  if (found.length !== 1) throw unwritable();
  return text.replace(what, by);
}

/** Without the elements of a name, which hold text only. */
export function removeElements(text: string, name: string): string {
  const open = new RegExp(`<([\\w.-]+:)?${name}\\b[^<>]*>[^<]*</\\1${name}\\s*>`, 'g');
  const left = text.replace(open, '');
  if (new RegExp(`<(?:[\\w.-]+:)?${name}\\b`).test(left)) throw unwritable();
  return left;
}

/** Put an element before the first of these tags (`/X`: the end of X) that is there, under that tag's own prefix.
 *  @throws UNSUPPORTED when none is there, or it is there more than once */
export function insertBefore(text: string, tags: readonly string[], element: (prefix: string) => string): string {
  for (const tag of tags) {
    const slash = tag.startsWith('/') ? '/' : '';
    const name = tag.replace('/', '');
    const found = [...text.matchAll(new RegExp(`<${slash}((?:[\\w.-]+:)?)${name}(?=[\\s/>])`, 'g'))];
    const [first, second] = found;
    if (!first) continue;
    if (second && slash) throw unwritable();
    return text.slice(0, first.index) + element(first[1] ?? '') + text.slice(first.index);
  }
  throw unwritable();
}
