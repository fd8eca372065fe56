/** Invented attached drawings (附图): a building site and a flat's parcel, with nothing of any real place. */
import type { Pen } from './sheet.ts';
import { openSheet } from './sheet.ts';

const DPI = 110;

/** 建设用地红线图: roads, neighbours, the red line with corner points, north arrow, scale bar. */
export async function drawSitePlan(): Promise<Uint8Array> {
  const sheet = openSheet(180, 119, DPI);
  const { pen } = sheet;
  fill(pen, '#fbfbf7', [
    [0, 0],
    [180, 0],
    [180, 119],
    [0, 119],
  ]);
  fill(pen, '#e4e4e0', [
    [0, 96],
    [180, 84],
    [180, 98],
    [0, 110],
  ]);
  fill(pen, '#e4e4e0', [
    [18, 0],
    [32, 0],
    [40, 130],
    [26, 130],
  ]);
  line(
    pen,
    '#ffffff',
    0.5,
    [
      [0, 103],
      [180, 91],
    ],
    [4, 3],
  );
  line(
    pen,
    '#ffffff',
    0.5,
    [
      [25, 0],
      [33, 130],
    ],
    [4, 3],
  );
  fill(pen, '#dcebd5', [
    [44, 6],
    [78, 6],
    [80, 24],
    [46, 26],
  ]);
  fill(pen, '#d5e6f2', [
    [150, 0],
    [180, 0],
    [180, 60],
    [163, 44],
  ]);
  const site: Points = [
    [48, 32],
    [136, 26],
    [146, 60],
    [144, 80],
    [54, 87],
  ];
  fill(pen, '#fdf1e3', site);
  for (const [x, y] of [
    [62, 42],
    [88, 40],
    [114, 38],
    [64, 64],
    [90, 62],
    [116, 60],
  ] as const) {
    fill(pen, '#e8d2b0', [
      [x, y],
      [x + 18, y - 1.2],
      [x + 18.6, y + 9],
      [x + 0.6, y + 10.2],
    ]);
    line(pen, '#8a6a3c', 0.3, [
      [x, y],
      [x + 18, y - 1.2],
      [x + 18.6, y + 9],
      [x + 0.6, y + 10.2],
      [x, y],
    ]);
  }
  line(pen, '#c8201c', 0.9, [...site, [48, 32]]);
  for (const [x, y] of site) dot(pen, '#c8201c', x, y, 1.1);
  drawNorth(pen, 168, 112);
  drawScale(pen, 100, 112, 50);
  return sheet.toPng();
}

/** 房产分户图: the walls of one flat. */
export async function drawParcelMap(): Promise<Uint8Array> {
  const sheet = openSheet(130, 155, DPI);
  const { pen } = sheet;
  fill(pen, '#ffffff', [
    [0, 0],
    [130, 0],
    [130, 155],
    [0, 155],
  ]);
  fill(pen, '#fbf6ea', [
    [24, 24],
    [106, 24],
    [106, 104],
    [70, 104],
    [70, 116],
    [24, 116],
  ]);
  const wall = '#333333';
  line(pen, wall, 1.4, [
    [24, 24],
    [106, 24],
    [106, 104],
    [70, 104],
    [70, 116],
    [24, 116],
    [24, 24],
  ]);
  line(pen, wall, 0.8, [
    [62, 24],
    [62, 58],
    [24, 58],
  ]);
  line(pen, wall, 0.8, [
    [62, 46],
    [106, 46],
  ]);
  line(pen, wall, 0.8, [
    [78, 104],
    [78, 74],
    [106, 74],
  ]);
  line(pen, wall, 0.8, [
    [24, 90],
    [48, 90],
    [48, 116],
  ]);
  for (const [x, y, r, from] of [
    [62, 58, 8, 90],
    [78, 82, 7, 90],
    [48, 90, 7, 270],
    [70, 46, 7, 0],
  ] as const) {
    pen.beginPath();
    pen.strokeStyle = '#777777';
    pen.lineWidth = 0.3;
    pen.arc(x, y, r, (from * Math.PI) / 180, ((from + 90) * Math.PI) / 180);
    pen.lineTo(x, y);
    pen.stroke();
  }
  for (const [from, to] of [
    [
      [32, 24],
      [54, 24],
    ],
    [
      [72, 24],
      [98, 24],
    ],
    [
      [24, 66],
      [24, 82],
    ],
    [
      [106, 82],
      [106, 98],
    ],
  ] as const) {
    line(pen, '#ffffff', 0.7, [from, to]);
  }
  line(pen, '#888888', 0.25, [
    [24, 14],
    [106, 14],
  ]);
  line(pen, '#888888', 0.25, [
    [14, 24],
    [14, 116],
  ]);
  for (const x of [24, 62, 106])
    line(pen, '#888888', 0.25, [
      [x, 12],
      [x, 18],
    ]);
  for (const y of [24, 58, 90, 116])
    line(pen, '#888888', 0.25, [
      [12, y],
      [18, y],
    ]);
  drawNorth(pen, 118, 36);
  drawScale(pen, 40, 136, 40);
  return sheet.toPng();
}

type Points = readonly (readonly [number, number])[];

function trace(pen: Pen, points: Points): void {
  pen.beginPath();
  // The first lineTo of a path only moves there.
  for (const [x, y] of points) pen.lineTo(x, y);
}

function fill(pen: Pen, colour: string, points: Points): void {
  pen.fillStyle = colour;
  trace(pen, points);
  pen.fill();
}

function line(pen: Pen, colour: string, lineMm: number, points: Points, dash: number[] = []): void {
  pen.strokeStyle = colour;
  pen.lineWidth = lineMm;
  pen.setLineDash(dash);
  trace(pen, points);
  pen.stroke();
  pen.setLineDash([]);
}

function dot(pen: Pen, colour: string, x: number, y: number, radius: number): void {
  pen.fillStyle = '#ffffff';
  pen.strokeStyle = colour;
  pen.lineWidth = 0.4;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

function drawNorth(pen: Pen, x: number, y: number): void {
  fill(pen, '#333333', [
    [x, y - 9],
    [x + 3, y + 3],
    [x, y + 0.6],
  ]);
  line(pen, '#333333', 0.3, [
    [x, y - 9],
    [x - 3, y + 3],
    [x, y + 0.6],
    [x + 3, y + 3],
    [x, y - 9],
  ]);
}

function drawScale(pen: Pen, x: number, y: number, length: number): void {
  for (let i = 0; i < 4; i++) {
    const from = x + (i * length) / 4;
    const to = from + length / 4;
    if (i % 2 === 0)
      fill(pen, '#333333', [
        [from, y],
        [to, y],
        [to, y + 1.4],
        [from, y + 1.4],
      ]);
  }
  line(pen, '#333333', 0.25, [
    [x, y],
    [x + length, y],
    [x + length, y + 1.4],
    [x, y + 1.4],
    [x, y],
  ]);
}
