/** Names of subjects and issuers (RFC 5280 §4.1.2.4). They are compared by their bytes, never by their text. */
import { childrenOf, DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toOid } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { Name } from './peculiar.ts';

export interface SubjectName {
  /** Two letters; CN when left out. */
  readonly country?: string;
  readonly province?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  /** serialNumber of X.520, to tell apart subjects of one name. Never a person's identity number. */
  readonly serialNumber?: string;
  readonly commonName: string;
}

const ATTRIBUTES = [
  ['country', '2.5.4.6', 'C'],
  ['province', '2.5.4.8', 'ST'],
  ['locality', '2.5.4.7', 'L'],
  ['organization', '2.5.4.10', 'O'],
  ['organizationalUnit', '2.5.4.11', 'OU'],
  ['serialNumber', '2.5.4.5', 'SERIALNUMBER'],
  ['commonName', '2.5.4.3', 'CN'],
] as const;

const PRINTABLE: ReadonlySet<string> = new Set(['country', 'serialNumber']);

/** A name as it is written into certificates: country and serial number as PrintableString, all else as
 *  UTF8String. @throws CERTIFICATE_UNFIT for a character that a PrintableString does not hold */
export function toName(name: SubjectName): Name {
  const parts = ATTRIBUTES.flatMap(([field, type]) => {
    const value = field === 'country' ? (name.country ?? 'CN') : name[field];
    if (value === undefined) return [];
    if (PRINTABLE.has(field) && !/^[A-Za-z0-9 '()+,\-./:=?]+$/.test(value)) {
      throw new SigningError('CERTIFICATE_UNFIT', 'not a PrintableString', { field });
    }
    return [{ [type]: [PRINTABLE.has(field) ? { printableString: value } : { utf8String: value }] }];
  });
  return new Name(parts);
}

/** The name of an issuer, to be written again to the byte.
 * @throws CERTIFICATE_UNFIT when its text is not what its encoding says, and would not come back the same */
export function repeatName(nameDer: Uint8Array): Name {
  const name = new Name(nameDer);
  if (Buffer.compare(new Uint8Array(name.toArrayBuffer()), nameDer) === 0) return name;
  throw new SigningError('CERTIFICATE_UNFIT', 'the name of the issuer cannot be written again to the byte');
}

/** The attributes of a relative name: a SET that is never empty (X.501 §9.3). */
function attributesOf(rdn: DerNode): DerNode[] {
  const attributes = rdn.tag === TAG.SET ? childrenOf(rdn) : [];
  if (attributes.length === 0) throw new SigningError('MALFORMED', 'a name with a part that is none');
  return attributes;
}

/** A name for people: "CN=…, O=…", the most particular first. Unknown attributes show their identifier.
 *  @throws MALFORMED */
export function toNameText(nameDer: Uint8Array): string {
  const parts = childrenOf(parseDer(nameDer)).flatMap((rdn) =>
    attributesOf(rdn).map((attribute) => {
      const fields = new DerFields(attribute);
      const type = toOid(fields.take(TAG.OID));
      const value = fields.takeAny();
      const label = ATTRIBUTES.find(([, known]) => known === type)?.[2] ?? type;
      const encoding = value.tag === 0x1e ? 'utf16le' : 'utf8';
      const bytes = Buffer.from(value.value);
      if (encoding === 'utf16le' && bytes.length % 2 === 0) bytes.swap16();
      return `${label}=${bytes.toString(encoding)}`;
    }),
  );
  return parts.reverse().join(', ');
}
