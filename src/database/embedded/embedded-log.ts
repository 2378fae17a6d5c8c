/** Where the embedded database reports; every line is safe to show to an operator. */
export interface EmbeddedLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
