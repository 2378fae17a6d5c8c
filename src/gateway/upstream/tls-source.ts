import type { SecureContext } from 'node:tls';

/** What TLS connections to one place are made with; it may be replaced while the server runs. */
export interface TlsSource {
  /** For connections that are made now; undefined where nothing is configured. */
  readonly context: SecureContext | undefined;
  /** The listener is called after {@link context} was replaced. */
  onChange(listener: () => void): void;
}
