/** What policies with `engine: sql` depend on, as the composition root provides it. */
export abstract class SqlPolicySettings {
  /** Names of the relations that they may read, in lower case: one for every type of resource. */
  abstract readonly relations: readonly string[];
  /** Why other types have none; undefined where all have one. */
  abstract readonly whyOthersAreMissing: string | undefined;
  /** Time that one statement may take. */
  abstract readonly timeoutMs: number;
}
