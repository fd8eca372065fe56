/** A sheet to draw ornaments on: millimetres, origin top-left. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { createCanvas } from '@napi-rs/canvas';

export type Pen = SKRSContext2D;

export interface Sheet {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly pen: Pen;
  toJpeg(quality: number): Promise<Uint8Array>;
  toPng(): Promise<Uint8Array>;
}

const MM_PER_INCH = 25.4;

export function openSheet(widthMm: number, heightMm: number, dpi: number): Sheet {
  const scale = dpi / MM_PER_INCH;
  const canvas = createCanvas(Math.round(widthMm * scale), Math.round(heightMm * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(scale, scale);
  return {
    widthMm,
    heightMm,
    pen,
    toJpeg: async (quality) => new Uint8Array(await canvas.encode('jpeg', quality)),
    toPng: async () => new Uint8Array(await canvas.encode('png')),
  };
}

/** Stroke a curve through the points of a function. */
export function strokeCurve(pen: Pen, steps: number, at: (step: number) => readonly [number, number]): void {
  pen.beginPath();
  pen.moveTo(...at(0));
  for (let step = 1; step <= steps; step++) pen.lineTo(...at(step));
  pen.stroke();
}
