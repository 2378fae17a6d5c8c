import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import { own, textOf } from './element-values.js';
import type { TokenRow } from './index-rows.js';
import { boundedText } from './normalized-text.js';

/** What a token parameter compares. */
export type Token = Pick<TokenRow, 'system' | 'code'>;

/** The tokens in a value of a FHIR type (FHIR R4, Search §3.1.1.4.10); none where it has no code. */
export function tokensIn(type: string, value: Json): readonly Token[] {
  if (typeof value === 'string') return [{ system: null, code: boundedText(value) }];
  if (typeof value === 'boolean') return [{ system: null, code: String(value) }];
  if (!isJsonObject(value)) return [];
  switch (type) {
    case 'CodeableConcept':
      return codingsOf(value).flatMap((coding) => tokensIn('Coding', coding));
    case 'Coding':
      return token(textOf(value, 'system'), textOf(value, 'code'));
    case 'Identifier':
      return token(textOf(value, 'system'), textOf(value, 'value'));
    case 'ContactPoint':
      // Its `system` is the kind of contact, which is no system of a token.
      return token(undefined, textOf(value, 'value'));
    default:
      return [];
  }
}

/** The types of an identifier with its value, as `:of-type` asks for them. */
export function typedTokens(identifier: JsonObject): readonly Token[] {
  const number = textOf(identifier, 'value') ?? '';
  return tokensIn('CodeableConcept', own(identifier, 'type') ?? null).map(({ system, code }) => ({
    system,
    code: typedCode(code ?? '', number),
  }));
}

/** The texts of what has a code: its own, those of its codings, that of an identifier's type; each once. */
export function textsOfToken(type: string, value: Json): readonly string[] {
  if (!isJsonObject(value)) return [];
  const texts = textsBeside(type, value);
  return [...new Set(texts.flatMap((text) => text ?? []))];
}

function textsBeside(type: string, value: JsonObject): readonly (string | undefined)[] {
  switch (type) {
    case 'CodeableConcept':
      return [
        textOf(value, 'text'),
        ...codingsOf(value).flatMap((coding) => textsOfToken('Coding', coding)),
      ];
    case 'Coding':
      return [textOf(value, 'display')];
    case 'Identifier': {
      const kind = own(value, 'type');
      return isJsonObject(kind) ? [textOf(kind, 'text')] : [];
    }
    default:
      return [];
  }
}

/** A code of a type of identifier and a value of one, together. */
export function typedCode(code: string, value: string): string {
  return boundedText(JSON.stringify([code, value]));
}

/** `Patient.deceased.exists() and Patient.deceased != false` */
export function deceased(patient: JsonObject): string {
  const isDead = own(patient, 'deceasedBoolean') === true;
  return String(isDead || own(patient, 'deceasedDateTime') !== undefined);
}

function codingsOf(concept: JsonObject): readonly Json[] {
  const codings = own(concept, 'coding') ?? null;
  return Array.isArray(codings) ? (codings as readonly Json[]) : [];
}

function token(system: string | undefined, code: string | undefined): readonly Token[] {
  if (system === undefined && code === undefined) return [];
  return [
    {
      system: system === undefined ? null : boundedText(system),
      code: code === undefined ? null : boundedText(code),
    },
  ];
}
