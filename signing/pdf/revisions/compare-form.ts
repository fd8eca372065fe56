/** What became of the form (ISO 32000-1 §12.7.2, §12.7.4.5): the list of fields may grow at its end, by signatures; fields
 *  may be filled in; what is signed stays. */
import { integerOf, nameOf, type PdfDict, type PdfValue } from '../syntax/pdf-value.ts';
import { objectOf } from './changed-objects.ts';
import { type Comparison, forbidden } from './comparison.ts';
import { hasPlace, staysInPlace } from './field-look.ts';
import { changedKeys, isSame } from './same-value.ts';

const EMPTY: PdfDict = { kind: 'dict', entries: new Map() };
/** What a form made for the first signature may say beside its fields. */
const NEW_FORM_KEYS = new Set(['Fields', 'SigFlags', 'DA', 'DR', 'Type']);

/** @throws the code of a change that is never permitted */
export function compareForm(comparison: Comparison, was: PdfDict | undefined, is: PdfDict | undefined): void {
  const { before, after } = comparison;
  if (was !== undefined && is === undefined) throw forbidden('FORM_CHANGED');
  if (is === undefined) return;
  for (const key of changedKeys(was ?? EMPTY, is)) {
    const value = after.resolve(is.entries.get(key));
    const harmless =
      key === 'Fields' ||
      (key === 'SigFlags' && integerOf(value) !== undefined) ||
      (key === 'NeedAppearances' && !(value.kind === 'boolean' && value.value));
    if (!harmless && (was !== undefined || !NEW_FORM_KEYS.has(key))) throw forbidden('FORM_CHANGED');
  }
  const added = addedItems(before.resolve(was?.entries.get('Fields')), after.resolve(is.entries.get('Fields')));
  if (added === undefined) throw forbidden('FORM_CHANGED');
  const names = new Set(comparison.names);
  for (const item of added) addField(comparison, item, names);
}

/** What a list gained at its end; undefined when it changed otherwise. */
function addedItems(was: PdfValue, is: PdfValue): readonly PdfValue[] | undefined {
  const old = was.kind === 'array' ? was.items : was.kind === 'null' ? [] : undefined;
  if (old === undefined) return undefined;
  if (is.kind !== 'array') return old.length === 0 && is.kind === 'null' ? [] : undefined;
  return old.every((item, at) => isSame(item, is.items[at])) ? is.items.slice(old.length) : undefined;
}

/** Keys of a new signature field that is its own annotation (tables 164, 188, 220, 232). */
const FIELD_KEYS = new Set(
  'Type Subtype FT T TU TM V Ff F P Rect AP AS MK DA Q BS Border NM M H Lock SV Contents StructParent'.split(' '),
);

/** A new field must be a new object, for a signature, under a name of its own. */
function addField(comparison: Comparison, item: PdfValue, names: Set<string>): void {
  const { after, changed, newFields, found } = comparison;
  const dict = after.plainDict(item);
  if (item.kind !== 'ref' || dict === undefined || !changed.added.has(item.number)) throw forbidden('FORM_CHANGED');
  const partial = after.resolve(dict.entries.get('T'));
  const name = partial.kind === 'string' ? Buffer.from(partial.bytes).toString('latin1') : '';
  const known = [...dict.entries.keys()].every((key) => FIELD_KEYS.has(key));
  const isSignature = nameOf(after.resolve(dict.entries.get('FT'))) === 'Sig';
  if (!known || !isSignature || name === '' || names.has(name)) throw forbidden('FORM_CHANGED');
  names.add(name);
  newFields.add(item.number);
  // even when it shows nothing yet: it could be filled later
  if (hasPlace(after, dict)) found.placed = true;
  const unseenStamp = isDocumentTimeStamp(comparison, dict) && !isSeen(comparison, dict);
  if (unseenStamp) found.timeStamps = true;
  else found.signatures = true;
}

function isDocumentTimeStamp({ after }: Comparison, field: PdfDict): boolean {
  const value = after.dict(field.entries.get('V'));
  return value !== undefined && nameOf(after.resolve(value.entries.get('SubFilter'))) === 'ETSI.RFC3161';
}

function isSeen({ after }: Comparison, field: PdfDict): boolean {
  return hasPlace(after, field) && after.resolve(field.entries.get('AP')).kind !== 'null';
}

/** What signing changes in an empty field, and filling in another. */
const SIGNING_KEYS = new Set('V AP AS F M MK DA'.split(' '));
const FILLING_KEYS = new Set('V AP AS I M'.split(' '));

/** An object that is a field of the signed form. @returns false when it is none */
export function compareField(comparison: Comparison, number: number): boolean {
  const { before, after, found } = comparison;
  const node = comparison.nodes.get(number);
  if (node === undefined) return false;
  const [was, is] = [objectOf(before, number), after.plainDict(refOf(comparison, number))];
  if (was.kind !== 'dict' || is === undefined) throw forbidden('FORM_CHANGED');
  const keys = changedKeys(was, is);
  if (node.type === 'Sig') {
    if (node.value !== undefined)
      throw forbidden(hasValue(comparison, is) ? 'SIGNED_FIELD_CHANGED' : 'SIGNATURE_STRIPPED');
    if (keys.some((key) => !SIGNING_KEYS.has(key))) throw forbidden('FORM_CHANGED');
    // its place was signed, and is seen: what is shown must be nowhere else
    if (hasPlace(after, is) && !staysInPlace(after, was, is)) found.placed = true;
    if (isDocumentTimeStamp(comparison, is) && !isSeen(comparison, is)) found.timeStamps = true;
    else found.signatures = true;
    return true;
  }
  if (keys.some((key) => !FILLING_KEYS.has(key)) || !isPlainValue(comparison, is.entries.get('V'))) {
    throw forbidden('FORM_CHANGED');
  }
  found.filled.push(node.name);
  return true;
}

function hasValue({ after }: Comparison, field: PdfDict): boolean {
  return after.resolve(field.entries.get('V')).kind === 'dict';
}

/** A text, a name, or a list of texts: nothing that could be anything else. */
function isPlainValue({ after }: Comparison, value: PdfValue | undefined): boolean {
  const resolved = after.resolve(value);
  const plain = (one: PdfValue): boolean => ['string', 'name', 'null'].includes(after.resolve(one).kind);
  return resolved.kind === 'array' ? resolved.items.every(plain) : plain(resolved);
}

export function refOf({ after }: Pick<Comparison, 'after'>, number: number): PdfValue {
  const entry = after.entries.get(number);
  return { kind: 'ref', number, generation: entry?.kind === 'offset' ? entry.generation : 0 };
}
