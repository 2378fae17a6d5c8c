import { isJsonObject, type Json } from '../../formats/json.js';
import { textOf } from './element-values.js';
import type { ReferenceRow } from './index-rows.js';
import { referenceTarget } from './reference-target.js';
import { spellings } from './spellings.js';

/** What a reference parameter compares. */
export type Target = Omit<ReferenceRow, 'slot' | 'item'>;

/** Says that there is a reference, which leads to nothing that can be named. */
const NOWHERE: Target = { targetType: null, targetId: null, url: null };

/**
 * Where a Reference, canonical or URI leads, or which resource is embedded.
 *
 * @param baseUrl base of FHIR here
 */
export function targetsIn(type: string, value: Json, baseUrl: string): readonly Target[] {
  if (type === 'Resource') return [embedded(value)];
  const text = isJsonObject(value) ? textOf(value, 'reference') : value;
  if (typeof text !== 'string') return [NOWHERE];
  const target = referenceTarget(text, baseUrl);
  if (!target) return [NOWHERE];
  if ('url' in target) {
    const urls = type === 'canonical' ? spellings(target.url) : [target.url];
    return urls.map((url) => ({ ...NOWHERE, url }));
  }
  return [{ targetType: target.type, targetId: target.id, url: null }];
}

/** Bundle's first entry is what `composition` and `message` look at. */
function embedded(value: Json): Target {
  if (!isJsonObject(value)) return NOWHERE;
  const targetType = textOf(value, 'resourceType') ?? '';
  const targetId = textOf(value, 'id') ?? '';
  const isNamed = ID.test(targetId) && TYPE.test(targetType);
  return isNamed ? { targetType, targetId, url: null } : NOWHERE;
}

const TYPE = /^[A-Z][A-Za-z]{0,63}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
