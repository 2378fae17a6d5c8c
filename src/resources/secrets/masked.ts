import { isDraft } from './element-path.js';

const DATA_ABSENT_REASON = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

/** What stands on `_field` in place of a secret (FHIR R4, data-absent-reason `masked`). */
export function maskedExtension(): Record<string, unknown> {
  return { extension: [{ url: DATA_ABSENT_REASON, valueCode: 'masked' }] };
}

/** Whether a `_field` is the masked form and nothing else. */
export function isMasked(value: unknown): boolean {
  if (!isDraft(value) || Object.keys(value).join() !== 'extension') return false;
  const { extension } = value;
  if (!Array.isArray(extension) || extension.length !== 1) return false;
  return isMaskedExtension((extension as unknown[])[0]);
}

/** Whether an extension says that a value is masked. */
export function isMaskedExtension(entry: unknown): boolean {
  return isDraft(entry) && entry['url'] === DATA_ABSENT_REASON && entry['valueCode'] === 'masked';
}
