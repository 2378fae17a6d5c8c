/** How the text of an environment variable becomes a value; a text that does not fit stays text. */
export type SettingKind = 'text' | 'integer' | 'boolean' | 'duration' | 'list' | 'hosts' | 'url';

/** What is known about one setting: enough to read it, to refuse it and to describe it. */
export interface SettingMetadata {
  /** Name of the environment variable. */
  readonly variable: string;
  readonly kind: SettingKind;
  /** Plain words for operators, in the present tense. */
  readonly description: string;
  /** Completes "allowed: …"; the class-validator decorators beside it enforce the same. */
  readonly allowed: string;
  /** As it would stand in the environment; `${VARIABLE}` means the value of another setting. */
  readonly default?: string;
  /** Unit of a number, for the table of settings. */
  readonly unit?: string;
  /** The value never appears in a message. */
  readonly secret?: boolean;
  /** Older names that are still read, with a warning. */
  readonly deprecated?: readonly string[];
}

/** A group of settings: a class whose properties carry `@Setting` and class-validator decorators. */
export type SettingGroup<T extends object> = new () => T;

const metadataOfGroup = new WeakMap<object, Map<string, SettingMetadata>>();

/** Marks a property as read from an environment variable. */
export function Setting(metadata: SettingMetadata): PropertyDecorator {
  return (prototype, property) => {
    const settings = metadataOfGroup.get(prototype) ?? new Map<string, SettingMetadata>();
    settings.set(String(property), metadata);
    metadataOfGroup.set(prototype, settings);
  };
}

/** The settings of a group by property name, in the order in which they are declared. */
export function settingsOf<T extends object>(
  group: SettingGroup<T>,
): ReadonlyMap<string, SettingMetadata> {
  return metadataOfGroup.get(group.prototype as object) ?? new Map<string, SettingMetadata>();
}
