import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestApp } from './test-app.js';

/** Not part of this repository: synthetic records by Synthea, as transaction Bundles. */
const FOLDER = join(
  process.env['WARDGATE_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'synthea-r4',
);

/** Whether the records are here. */
export const hasSynthea = existsSync(FOLDER);

/** A resource as JSON. */
export type Resource = Readonly<Record<string, unknown>> & {
  readonly resourceType: string;
  readonly id: string;
};

/** Hospitals and practitioners first, as their README asks, then as many patients. */
export function syntheaFiles(patients = Infinity): readonly string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const rank = (name: string) => ['hospital', 'practitioner'].findIndex((w) => name.startsWith(w));
  return [
    ...names.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b)),
    ...names
      .filter((name) => rank(name) < 0)
      .sort()
      .slice(0, patients),
  ].map((name) => join(FOLDER, name));
}

/**
 * Loads records by transaction.
 *
 * @returns what was sent, with the ids and references that the server gave it
 */
export async function loadSynthea(app: TestApp, patients: number): Promise<readonly Resource[]> {
  const loaded: Resource[] = [];
  for (const file of syntheaFiles(patients)) {
    const text = readFileSync(file, 'utf8');
    const reply = await app.call('POST', '/fhir', {
      asRoot: true,
      body: text,
      headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal' },
    });
    if (reply.status !== 200) throw new Error(`${file}: ${reply.status} ${reply.text}`);
    const sent = JSON.parse(text) as { entry: { fullUrl: string; resource: Resource }[] };
    const { entry } = reply.json as unknown as { entry: { response: { location: string } }[] };
    const references = new Map(
      sent.entry.map(({ fullUrl }, at) => [fullUrl, referenceOf(entry[at]?.response.location)]),
    );
    for (const { fullUrl, resource } of sent.entry) {
      const id = references.get(fullUrl)?.split('/')[1] ?? '';
      loaded.push({ ...(resolved(resource, references) as Resource), id });
    }
  }
  return loaded;
}

/** `Type/id` of what a transaction created. */
export function referenceOf(location = ''): string {
  return /([A-Z]\w+\/[^/]+)\/_history\/1$/.exec(location)?.[1] ?? '';
}

/** A resource with the references to others of its Bundle as they must have become. */
export function resolved(value: unknown, references: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return references.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, references));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolved(member, references)]),
  );
}

/** Every id that a search finds, page by page, in order; includes are left out. */
export async function idsFound(app: TestApp, path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let url: string | undefined = path;
  while (url !== undefined) {
    const reply = await app.call('GET', url, { asRoot: true });
    if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${reply.text}`);
    const bundle = reply.json as unknown as {
      link: { relation: string; url: string }[];
      entry?: { resource: Resource; search: { mode: string } }[];
    };
    for (const { resource, search } of bundle.entry ?? []) {
      if (search.mode === 'match') ids.push(resource.id);
    }
    url = bundle.link.find(({ relation }) => relation === 'next')?.url.replace(app.baseUrl, '');
  }
  return ids;
}
