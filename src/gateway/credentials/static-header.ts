import { UpstreamCredentials } from '../upstream/upstream-credentials.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

const SENDABLE = /^[\x21-\x7e][\x20-\x7e]*$/;

/** One header with a secret, the same for every request. */
export class StaticHeader extends UpstreamCredentials {
  /** @param current the secret as it is now; undefined while it cannot be had */
  constructor(
    private readonly name: string,
    private readonly current: () => string | undefined,
  ) {
    super();
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const value = this.current();
    if (value !== undefined && SENDABLE.test(value)) return { [this.name]: value };
    throw new UpstreamFailed(
      'The credential for the FHIR server behind this one cannot be read now',
    );
  }

  refused(): boolean {
    return false;
  }
}
