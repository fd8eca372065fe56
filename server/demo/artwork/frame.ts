/** Frames: a band of interlaced waves with rosettes in the corners, a band of meanders (回纹), or plain rules. */
import { drawRosette } from './rosette.ts';
import type { Pen } from './sheet.ts';
import { strokeCurve } from './sheet.ts';

export interface FrameStyle {
  readonly kind: 'waves' | 'meander' | 'rules';
  readonly marginMm: number;
  readonly bandMm: number;
  readonly dark: string;
  readonly middle: string;
  readonly light: string;
}

type Side = { readonly length: number; readonly place: () => void };

export function drawFrame(pen: Pen, widthMm: number, heightMm: number, style: FrameStyle): void {
  const { marginMm: m, bandMm: b } = style;
  const outer = [m, m, widthMm - 2 * m, heightMm - 2 * m] as const;
  const inner = [m + b, m + b, widthMm - 2 * (m + b), heightMm - 2 * (m + b)] as const;
  if (style.kind !== 'rules') {
    pen.fillStyle = style.light;
    pen.beginPath();
    pen.rect(...outer);
    pen.rect(...inner);
    pen.fill('evenodd');
    for (const side of sidesOf(pen, widthMm, heightMm, m, b)) {
      pen.save();
      side.place();
      if (style.kind === 'waves') drawWaves(pen, side.length, b, style);
      else drawMeanders(pen, side.length, b, style);
      pen.restore();
    }
  }
  rule(pen, outer, style.dark, Math.max(0.5, b / 14));
  rule(pen, grow(outer, 1.2), style.middle, 0.25);
  rule(pen, inner, style.dark, Math.max(0.35, b / 26));
  rule(pen, grow(inner, -1.1), style.middle, 0.2);
  if (style.kind !== 'rules') drawCorners(pen, widthMm, heightMm, style);
}

/** The four sides between the corners, each turned so that it runs along x from 0, the band from y 0 downwards. */
function sidesOf(pen: Pen, widthMm: number, heightMm: number, m: number, b: number): Side[] {
  const across = widthMm - 2 * (m + b);
  const down = heightMm - 2 * (m + b);
  const turn = (x: number, y: number, angle: number) => () => {
    pen.translate(x, y);
    pen.rotate(angle);
  };
  return [
    { length: across, place: turn(m + b, m, 0) },
    { length: down, place: turn(widthMm - m, m + b, Math.PI / 2) },
    { length: across, place: turn(widthMm - m - b, heightMm - m, Math.PI) },
    { length: down, place: turn(m, heightMm - m - b, -Math.PI / 2) },
  ];
}

function drawWaves(pen: Pen, length: number, b: number, style: FrameStyle): void {
  const periods = Math.max(1, Math.round(length / (b * 1.6)));
  const steps = periods * 24;
  const curves = 6;
  pen.lineWidth = 0.22;
  for (let curve = 0; curve < curves; curve++) {
    const phase = (curve / curves) * 2 * Math.PI;
    pen.strokeStyle = curve % 2 === 0 ? style.dark : style.middle;
    strokeCurve(pen, steps, (step) => {
      const t = (step / steps) * periods * 2 * Math.PI;
      const sway = 0.3 * Math.sin(t + phase) + 0.12 * Math.sin(2 * t - phase);
      return [(step / steps) * length, b * (0.5 + sway)];
    });
  }
}

function drawMeanders(pen: Pen, length: number, b: number, style: FrameStyle): void {
  const count = Math.max(1, Math.round(length / b));
  const unit = length / count;
  pen.strokeStyle = style.middle;
  pen.lineWidth = b / 11;
  for (let i = 0; i < count; i++) {
    pen.beginPath();
    MEANDER.forEach(([x, y], j) => {
      const point = [(i + x) * unit, y * b] as const;
      if (j === 0) pen.moveTo(...point);
      else pen.lineTo(...point);
    });
    pen.stroke();
  }
}

/** One key of the meander in its unit square. */
const MEANDER: readonly (readonly [number, number])[] = [
  [0, 0.82],
  [0.1, 0.82],
  [0.1, 0.18],
  [0.86, 0.18],
  [0.86, 0.66],
  [0.34, 0.66],
  [0.34, 0.4],
  [0.62, 0.4],
  [0.62, 0.5],
];

function drawCorners(pen: Pen, widthMm: number, heightMm: number, style: FrameStyle): void {
  const { marginMm: m, bandMm: b } = style;
  for (const x of [m + b / 2, widthMm - m - b / 2]) {
    for (const y of [m + b / 2, heightMm - m - b / 2]) {
      pen.fillStyle = style.light;
      pen.fillRect(x - b / 2, y - b / 2, b, b);
      rule(pen, [x - b / 2, y - b / 2, b, b], style.dark, 0.4);
      drawRosette(pen, x, y, b * 0.44, { colour: style.dark, petals: 8, curves: 4, depth: 0.28, lineMm: 0.2 });
      pen.fillStyle = style.middle;
      pen.beginPath();
      pen.arc(x, y, b * 0.09, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

type Rectangle = readonly [x: number, y: number, width: number, height: number];

function rule(pen: Pen, box: Rectangle, colour: string, lineMm: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = lineMm;
  pen.strokeRect(...box);
}

function grow([x, y, width, height]: Rectangle, by: number): Rectangle {
  return [x - by, y - by, width + 2 * by, height + 2 * by];
}
