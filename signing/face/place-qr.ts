/** A QR code (GB/T 18284) as vector squares, sharp at every size. Error correction M: 15 % of the code may be lost. */
import { create } from 'qrcode';
import type { Box } from './face.ts';
import type { FilledBoxes } from './laid-out-face.ts';

/** Clear modules around the code that GB/T 18284 §6.3.8 asks for. */
const QUIET_ZONE = 4;

/** The box holds the code with its quiet zone. */
export function placeQr(text: string, box: Box): FilledBoxes {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const [xMm, yMm, widthMm, heightMm] = box;
  const side = Math.min(widthMm, heightMm);
  const moduleMm = side / (modules.size + 2 * QUIET_ZONE);
  const left = xMm + (widthMm - side) / 2 + QUIET_ZONE * moduleMm;
  const top = yMm + (heightMm - side) / 2 + QUIET_ZONE * moduleMm;
  const boxes: Box[] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) === 0) continue;
      const start = column;
      while (column + 1 < modules.size && modules.get(row, column + 1) !== 0) column++;
      boxes.push([left + start * moduleMm, top + row * moduleMm, (column - start + 1) * moduleMm, moduleMm]);
    }
  }
  const bounds: Box = [left, top, modules.size * moduleMm, modules.size * moduleMm];
  return { kind: 'boxes', colour: [0, 0, 0], bounds, boxes };
}
