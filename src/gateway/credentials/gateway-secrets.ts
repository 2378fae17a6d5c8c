import { Injectable } from '@nestjs/common';
import { ExternalSecrets } from '../../resources/secrets/external-secrets.js';
import { GatewaySettings } from '../gateway-settings.js';

const USE = { resourceType: 'Upstream', id: 'upstream', urls: [] } as const;

/** The secrets that the gateway may be given in files. */
export type GatewaySecret = 'authValue' | 'clientSecret' | 'clientKey' | 'identityKey';

/** The gateway's own secrets, as they are now: those in files are read again when they change. */
@Injectable()
export class GatewaySecrets extends ExternalSecrets {
  private readonly given: Partial<Readonly<Record<GatewaySecret, string>>>;

  constructor({ access }: GatewaySettings) {
    const files: Readonly<Record<GatewaySecret, string | undefined>> = {
      authValue: access.authValueFile,
      clientSecret: access.clientSecretFile,
      clientKey: access.clientKeyFile,
      identityKey: access.identityKeyFile,
    };
    super({
      secrets: Object.entries(files).flatMap(([name, path]) =>
        path === undefined ? [] : [{ name, path, scopes: [{ resourceType: USE.resourceType }] }],
      ),
    });
    const { authValue, clientSecret } = access;
    this.given = {
      ...(authValue === undefined ? {} : { authValue }),
      ...(clientSecret === undefined ? {} : { clientSecret }),
    };
  }

  /** The secret; undefined while its file cannot be read. */
  current(name: GatewaySecret): string | undefined {
    return this.given[name] ?? this.value(name, USE);
  }
}
