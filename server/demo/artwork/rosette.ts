/** Rosettes and nets of fine lines, as security printing has them. */
import type { Pen, Sheet } from './sheet.ts';
import { strokeCurve } from './sheet.ts';

export interface RosetteStyle {
  readonly colour: string;
  readonly petals: number;
  readonly curves: number;
  /** Share of the radius that the petals take. */
  readonly depth: number;
  readonly lineMm: number;
}

export function drawRosette(pen: Pen, x: number, y: number, radius: number, style: RosetteStyle): void {
  pen.strokeStyle = style.colour;
  pen.lineWidth = style.lineMm;
  const steps = Math.max(120, style.petals * 24);
  for (let curve = 0; curve < style.curves; curve++) {
    const phase = (curve / style.curves) * 2 * Math.PI;
    strokeCurve(pen, steps, (step) => {
      const angle = (step / steps) * 2 * Math.PI;
      const r = radius * (1 - style.depth + style.depth * Math.cos(style.petals * angle + phase));
      return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    });
  }
}

/** A large pale flower in the middle of a page: rings of rosettes. */
export function drawMedallion(pen: Pen, x: number, y: number, radius: number, colour: string): void {
  const lineMm = Math.max(0.14, radius / 480);
  drawRosette(pen, x, y, radius, { colour, petals: 24, curves: 4, depth: 0.1, lineMm });
  drawRosette(pen, x, y, radius * 0.78, { colour, petals: 16, curves: 6, depth: 0.18, lineMm });
  drawRosette(pen, x, y, radius * 0.46, { colour, petals: 12, curves: 5, depth: 0.3, lineMm });
  drawRosette(pen, x, y, radius * 0.16, { colour, petals: 8, curves: 3, depth: 0.45, lineMm });
}

/** Waving lines over a box. */
export function drawNet(
  sheet: Sheet,
  box: readonly [number, number, number, number],
  style: { readonly colour: string; readonly stepMm: number; readonly waveMm: number; readonly lengthMm: number },
): void {
  const [left, top, width, height] = box;
  const { pen } = sheet;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.strokeStyle = style.colour;
  pen.lineWidth = 0.16;
  const steps = Math.ceil(width / 1.5);
  for (let y = top - style.waveMm; y < top + height + style.waveMm; y += style.stepMm) {
    strokeCurve(pen, steps, (step) => {
      const x = left + (step / steps) * width;
      const wave = Math.sin((x / style.lengthMm) * 2 * Math.PI) * Math.cos(((y - top) / height) * 3 * Math.PI);
      return [x, y + style.waveMm * wave];
    });
  }
  pen.restore();
}
