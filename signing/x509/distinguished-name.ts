/** Names of subjects and issuers (RFC 5280 §4.1.2.4). They are compared by their bytes, never by their text. */
import { childrenOf, DerFields, parseDer, TAG } from '../der/read-der.ts';
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
  readonly commonName: string;
}

const ATTRIBUTES = [
  ['country', '2.5.4.6', 'C'],
  ['province', '2.5.4.8', 'ST'],
  ['locality', '2.5.4.7', 'L'],
  ['organization', '2.5.4.10', 'O'],
  ['organizationalUnit', '2.5.4.11', 'OU'],
  ['commonName', '2.5.4.3', 'CN'],
] as const;

/** A name as it is written into certificates: the country as PrintableString, all else as UTF8String. */
export function toName(name: SubjectName): Name {
  const parts = ATTRIBUTES.flatMap(([field, type]) => {
    const value = field === 'country' ? (name.country ?? 'CN') : name[field];
    if (value === undefined) return [];
    return [{ [type]: [field === 'country' ? { printableString: value } : { utf8String: value }] }];
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

/** A name for people: "CN=…, O=…", the most particular first. Unknown attributes show their identifier. */
export function toNameText(nameDer: Uint8Array): string {
  const parts = childrenOf(parseDer(nameDer)).flatMap((rdn) =>
    childrenOf(rdn).map((attribute) => {
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
