/** What a body may cost before it is refused. */
export interface BodyLimits {
  /** Bytes of any body. */
  readonly maxBytes: number;
  /** Bytes of a YAML body; reading YAML takes some fifty times as long as reading JSON. */
  readonly maxYamlBytes: number;
  /** Objects and arrays within one another. */
  readonly maxDepth: number;
  /** Values of all kinds, after YAML aliases are resolved. */
  readonly maxNodes: number;
}

/** 20 MiB of JSON or 256 KiB of YAML, 100 levels (a Questionnaire takes two per item), a million values. */
export const DEFAULT_BODY_LIMITS: BodyLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxYamlBytes: 256 * 1024,
  maxDepth: 100,
  maxNodes: 1_000_000,
};
