/** The resource types beyond R4 that this server manages; they have controllers of their own. */
export abstract class SystemTypes {
  abstract readonly names: readonly string[];
}
