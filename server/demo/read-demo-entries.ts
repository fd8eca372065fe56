/** The demonstration's catalogue entries, issuing bodies and samples (design of the data: `entries/*.json`), with base
 *  images and attached drawings drawn and put in place as base64, as the API takes them. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drawBaseImages } from './draw-base-images.ts';

export interface DemoField {
  readonly key: string;
  readonly type: string;
  readonly codes?: readonly { readonly code: string; readonly name: string }[];
}

/** What a catalogue entry's file holds, as far as the demonstration looks into it. */
export interface DemoDefinition {
  readonly code: string;
  readonly name: string;
  readonly issuingBody: string;
  readonly commitment: boolean;
  /** Holders are compared with the registries before issue. */
  readonly registryComparison?: boolean;
  readonly fields: readonly DemoField[];
  /** The face's description; the demonstration hands it on unread. */
  readonly face: unknown;
  readonly baseImages: Readonly<Record<string, string>>;
}

export interface DemoHolder {
  readonly name: string;
  readonly type: 'natural' | 'legal';
  readonly number: string;
  readonly numberType: string;
}

export interface DemoSample {
  readonly holders: readonly DemoHolder[];
  readonly fields: Readonly<Record<string, string>>;
  readonly validFrom?: string;
  readonly validTo?: string;
}

export interface DemoEntry {
  /** Name of the file without its ending: `business-licence`. */
  readonly name: string;
  readonly definition: DemoDefinition;
  readonly sample: DemoSample;
}

export interface DemoData {
  readonly bodies: readonly { readonly code: string; readonly name: string; readonly level: string }[];
  readonly entries: readonly DemoEntry[];
}

const FOLDER = fileURLToPath(new URL('./entries/', import.meta.url));
const OTHERS = new Set(['bodies.json', 'samples.json']);

export async function readDemoEntries(): Promise<DemoData> {
  const images = await drawBaseImages();
  const samples: Readonly<Record<string, DemoSample>> = await readJson('samples.json');
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json') && !OTHERS.has(file)).sort();
  const entries = await Promise.all(
    files.map(async (file) => {
      const definition: DemoDefinition = await readJson(file);
      const sample = samples[definition.code];
      if (sample === undefined) throw new RangeError(`no sample for ${file}`);
      return {
        name: file.replace(/\.json$/, ''),
        definition: { ...definition, baseImages: placePictures(definition.baseImages, images) },
        sample: { ...sample, fields: placeDrawings(definition, sample, images) },
      };
    }),
  );
  return { bodies: await readJson('bodies.json'), entries };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(FOLDER + file, 'utf8')) as T;
}

function placePictures(
  names: Readonly<Record<string, string>>,
  images: ReadonlyMap<string, Uint8Array>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([key, file]) => [key, toBase64(images.get(file), file)]));
}

function placeDrawings(definition: DemoDefinition, sample: DemoSample, images: ReadonlyMap<string, Uint8Array>) {
  const fields = { ...sample.fields };
  for (const { key, type } of definition.fields) {
    const file = fields[key];
    if (type === 'image' && file !== undefined) fields[key] = toBase64(images.get(file), file);
  }
  return fields;
}

function toBase64(bytes: Uint8Array | undefined, file: string): string {
  if (bytes === undefined) throw new RangeError(`no picture ${file}`);
  return Buffer.from(bytes).toString('base64');
}
