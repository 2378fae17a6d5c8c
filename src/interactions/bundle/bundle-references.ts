import type { BundleEntry } from './bundle-entry.js';
import type { ReferenceTargets } from './rewrite-references.js';

const RELATIVE = /^[A-Z][A-Za-z]{0,63}\/[A-Za-z0-9\-.]{1,64}$/;
const RESTFUL = /^(https?:\/\/[^?#]+\/)[A-Z][A-Za-z]{0,63}\/[A-Za-z0-9\-.]{1,64}$/;

/** Where the references within a Bundle lead. */
export interface ResolvedReferences {
  /** `Type/id` by `fullUrl`, or another name of something new that holds within the Bundle. */
  readonly byFullUrl: ReadonlyMap<string, string>;
  /** `Type/id` by conditional reference. */
  readonly byCondition: ReadonlyMap<string, string>;
}

/**
 * The targets of what one entry refers to. A relative reference means an entry of the Bundle if that one's
 * `fullUrl` is the reference put to the base of this one's (FHIR R4, Bundle §2.36.4); else one of the server.
 */
export function targetsOf(
  { fullUrl }: Pick<BundleEntry, 'fullUrl'>,
  { byFullUrl, byCondition }: ResolvedReferences,
): ReferenceTargets {
  const base = RESTFUL.exec(fullUrl ?? '')?.[1];
  return {
    reference: (text) => {
      const found = byFullUrl.get(text) ?? byCondition.get(text);
      if (found !== undefined || base === undefined || !RELATIVE.test(text)) return found ?? text;
      return byFullUrl.get(base + text) ?? text;
    },
    link: (text) => byFullUrl.get(text) ?? text,
  };
}
