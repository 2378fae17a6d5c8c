import type { R4Definitions } from '../definitions/r4-definitions.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { CURRENCIES } from './currencies.js';
import type { Findings } from './findings.js';

/** The codes that may be used, by system. */
export interface CodeList {
  readonly url: string;
  has(system: string | undefined, code: string): boolean;
  /** Some of the codes, to be shown to whoever used another. */
  readonly examples: readonly string[];
}

const SHOWN_CODES = 12;
/** RFC 6838 §4.2, with parameters as RFC 2045 §5.1 has them. */
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,127}";
const MIME_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:\\s*;\\s*${TOKEN}=(?:${TOKEN}|"[^"\\\\]*"))*$`);
const UCUM = 'http://unitsofmeasure.org';

/** Value sets over codes that others define: what of them is checked. */
const EXTERNAL: ReadonlyMap<string, (code: string) => boolean> = new Map([
  ['urn:ietf:bcp:13', (code: string) => MIME_TYPE.test(code) || /^(?:json|xml|ttl)$/.test(code)],
  ['urn:iso:std:iso:4217', (code: string) => CURRENCIES.has(code)],
  // Units are made by a grammar; FHIR asks for visible ASCII at the least.
  [UCUM, (code: string) => /^[!-~]+$/.test(code)],
]);

/** The value sets that R4 requires for its elements, each read when it is first asked for. */
export class Bindings {
  private readonly lists = new Map<string, CodeList>();

  constructor(private readonly definitions: Pick<R4Definitions, 'valueSet'>) {}

  /** @returns `undefined` for a value set whose codes are not known here. */
  find(url: string): CodeList | undefined {
    const list = this.lists.get(url) ?? this.read(url);
    // Profiles ask for any URL: of those that are not R4's there is no end.
    if (list) this.lists.set(url, list);
    return list;
  }

  private read(url: string): CodeList | undefined {
    const definition = this.definitions.valueSet(url);
    if (!definition) return undefined;
    const { systems, external } = definition;
    return systems ? codeList(url, systems) : externalList(url, external ?? '');
  }
}

/** A list of codes by their systems. */
export function codeList(
  url: string,
  systems: Readonly<Record<string, readonly string[]>>,
): CodeList {
  const bySystem = new Map(Object.entries(systems).map(([name, codes]) => [name, new Set(codes)]));
  const all = [...bySystem.values()];
  return {
    url,
    has: (system, code) =>
      system === undefined
        ? all.some((codes) => codes.has(code))
        : (bySystem.get(system)?.has(code) ?? false),
    examples: all.flatMap((codes) => [...codes]).slice(0, SHOWN_CODES + 1),
  };
}

function externalList(url: string, system: string): CodeList | undefined {
  const isCode = EXTERNAL.get(system);
  if (!isCode) return undefined;
  return {
    url,
    has: (given, code) => (given === undefined || given === system) && isCode(code),
    examples: [],
  };
}

/**
 * Checks a value of an element that is bound to a value set with strength `required` (FHIR R4,
 * Terminologies §4.1.5): a code, or a Coding or Quantity with such a code, or a CodeableConcept with such a
 * coding. An element without a code but with extensions says by them why it has none.
 */
export function checkBinding(value: Json, list: CodeList, findings: Findings): void {
  if (isBound(value, list)) return;
  const { examples } = list;
  const shown = examples.slice(0, SHOWN_CODES).join(', ');
  const more = examples.length > SHOWN_CODES ? ', …' : '';
  const codes = shown === '' ? '' : `: ${shown}${more}`;
  findings.report('code-invalid', `must have a code of ${list.url}${codes}`);
}

/** Whether a value has a code of a list, or says by extensions why it has none. */
export function isBound(value: Json, list: CodeList): boolean {
  if (typeof value === 'string') return list.has(undefined, value);
  if (!isJsonObject(value)) return true;
  const coding = own(value, 'coding');
  if (Array.isArray(coding)) return coding.some((each: Json) => isBoundCoding(each, list));
  if (own(value, 'code') !== undefined) return isBoundCoding(value, list);
  return own(value, 'extension') !== undefined;
}

function isBoundCoding(coding: Json, list: CodeList): boolean {
  if (!isJsonObject(coding)) return false;
  const system = own(coding, 'system');
  const code = own(coding, 'code');
  // Without a system a code is not said to be of this one (FHIR R4, Datatypes, Coding).
  return typeof code === 'string' && typeof system === 'string' && list.has(system, code);
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
