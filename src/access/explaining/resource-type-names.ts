/** The types of clinical resources, as their routes take them. */
export abstract class ResourceTypeNames {
  abstract readonly names: readonly string[];
}
