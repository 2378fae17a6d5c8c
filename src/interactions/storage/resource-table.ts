/** Where the versions of one resource type are kept. Names are literals of the code, never input. */
export interface ResourceTable {
  readonly type: string;
  /** Quoted name of the table of current versions. */
  readonly current: string;
  /** Quoted name of the table of superseded versions and tombstones. */
  readonly history: string;
  /** System resources keep secrets beside the resource and announce every change. */
  readonly isConfiguration: boolean;
}

/** Clinical types that other resources are validated by. */
const DEFINITIONS: ReadonlySet<string> = new Set(['CodeSystem', 'StructureDefinition', 'ValueSet']);

/** Whether changes of a clinical type are announced, as those of configuration are. */
export function isAnnounced(type: string): boolean {
  return DEFINITIONS.has(type);
}

/** The table of a clinical type; all of them share one. */
export function clinicalTable(type: string): ResourceTable {
  return {
    type,
    current: 'clinical_resource',
    history: 'clinical_resource_history',
    isConfiguration: false,
  };
}

/** The table of a system type, named after it: `AccessPolicy` is in `access_policy`. */
export function systemTable(type: string): ResourceTable {
  const name = type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  return { type, current: `"${name}"`, history: 'system_resource_history', isConfiguration: true };
}
