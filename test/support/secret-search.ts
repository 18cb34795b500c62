import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is looked for, by a name that a report may show. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

export interface Sighting {
  readonly canary: string;
  /** How it was written: `raw`, `base64 +1`, `hex`, `URL`, `JSON`. */
  readonly form: string;
  readonly place: string;
}

/** Every form in which a secret is found in bytes. */
export function sightings(canaries: readonly Canary[], place: string, bytes: Uint8Array): readonly Sighting[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return canaries.flatMap(({ name, value }) =>
    formsOf(value)
      .filter(({ text }) => view.includes(text))
      .map(({ form }) => ({ canary: name, form, place })),
  );
}

/** Of all files below a folder. */
export function sightingsInFolder(canaries: readonly Canary[], folder: string): readonly Sighting[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? sightings(canaries, path, readFileSync(path)) : [];
  });
}

interface Form {
  readonly form: string;
  readonly text: string;
}

export function formsOf(value: string): readonly Form[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  return [
    { form: 'raw', text: value },
    { form: 'JSON', text: JSON.stringify(value).slice(1, -1) },
    // As it stands in JSON that is itself a text in JSON.
    { form: 'JSON in JSON', text: JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1) },
    { form: 'URL', text: encodeURIComponent(value) },
    { form: 'form', text: new URLSearchParams([['', value]]).toString().slice(1) },
    { form: 'hex', text: hex },
    { form: 'HEX', text: hex.toUpperCase() },
    ...[0, 1, 2].flatMap((before) => base64Forms(bytes, before)),
  ];
}

/** Inside a longer text the base64 of a secret depends on where it begins: what it alone decides is looked for. */
function base64Forms(bytes: Buffer, before: number): readonly Form[] {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const start = Math.ceil((before * 4) / 3);
  const end = Math.floor((whole.length * 8) / 6);
  const text = whole.toString('base64').slice(start, end);
  const forUrl = text.replaceAll('+', '-').replaceAll('/', '_');
  return [
    { form: `base64 +${before}`, text },
    { form: `base64url +${before}`, text: forUrl },
  ];
}
