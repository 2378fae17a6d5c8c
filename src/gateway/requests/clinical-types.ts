import { BundleTypes, type BundledType } from '../../interactions/bundle/bundle-types.js';

/** The types of Bundle entries for the upstream: those of R4, never system resources, which stay here. */
export function clinicalTypes(types: BundleTypes): BundleTypes {
  return {
    baseUrl: types.baseUrl,
    find: (name): BundledType | undefined => {
      const found = types.find(name);
      return found?.isSystem ? undefined : found;
    },
  };
}
