/** How a signature field looks: the seal's picture in the middle of the field (ISO 32000-1 §12.5.5). */
import { SigningError } from '../error.ts';
import { readImage } from '../face/read-image.ts';
import { asciiString, dict, name, numbers } from './make-value.ts';
import type { ObjectSink } from './object-sink.ts';
import type { PdfRef } from './syntax/pdf-value.ts';

export interface FieldSize {
  /** In the page's units, as the reader sees the page upright. */
  readonly width: number;
  readonly height: number;
  /** The page is shown turned clockwise by so many degrees: 0, 90, 180 or 270. */
  readonly turned: number;
}

/** A form XObject as large as the field.
 * @param wanted width of the picture in the page's units; undefined: as large as the field allows
 * @throws UNSUPPORTED when the picture is neither PNG nor JPEG */
export function writeSealAppearance(
  sink: ObjectSink,
  picture: Uint8Array,
  image: PdfRef,
  { width, height, turned }: FieldSize,
  wanted = width,
): PdfRef {
  const facts = readImage(picture);
  if (facts === undefined) throw new SigningError('UNSUPPORTED', 'the seal’s picture is neither PNG nor JPEG');
  const { widthPx, heightPx } = facts;
  const scale = Math.min(wanted / widthPx, width / widthPx, height / heightPx);
  const [w, h] = [widthPx * scale, heightPx * scale];
  const place = [w, 0, 0, h, (width - w) / 2, (height - h) / 2].map(rounded);
  const [cos, sin] = [[1, 0, -1, 0][turned / 90] ?? 1, [0, 1, 0, -1][turned / 90] ?? 0];
  const form = dict({
    Type: name('XObject'),
    Subtype: name('Form'),
    BBox: numbers([0, 0, rounded(width), rounded(height)]),
    // The reader's program fits what is turned into the field's rectangle by itself.
    Matrix: turned === 0 ? undefined : numbers([cos, sin, 0 - sin, cos, 0, 0]),
    Resources: dict({ XObject: dict({ Seal: image }) }),
  });
  return sink.add(form, asciiString(`q ${place.join(' ')} cm /Seal Do Q`).bytes);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
