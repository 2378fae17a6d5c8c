/** How much is remembered of decisions, and for how long. */
export abstract class TracingSettings {
  /** Decisions of this instance that are remembered (WARDGATE_DECISION_TRACES). */
  abstract readonly traces: number;
  /** Memory for them, in bytes (WARDGATE_DECISION_TRACE_MEMORY). */
  abstract readonly traceBytes: number;
  /** For how long denials are stored, in ms; 0: not at all (WARDGATE_DENIAL_RETENTION). */
  abstract readonly denialRetentionMs: number;
  /** Stored denials of known callers, and of all others, at most each (WARDGATE_STORED_DENIALS). */
  abstract readonly storedDenials: number;
}
