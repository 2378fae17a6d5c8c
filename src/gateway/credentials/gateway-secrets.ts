import { Injectable } from '@nestjs/common';
import { ExternalSecrets } from '../../resources/secrets/external-secrets.js';
import { GatewaySettings } from '../gateway-settings.js';
import { MAX_TLS_FILE_BYTES } from '../upstream/tls-context.js';

const USE = { resourceType: 'Upstream', id: 'upstream', urls: [] } as const;

/** The secrets that the gateway may be given in files, and what else is read again when it changes. */
export type GatewaySecret =
  | 'authValue'
  | 'clientSecret'
  | 'clientKey'
  | 'clientCertificate'
  | 'identityKey'
  | 'ca'
  | 'tokenCa'
  | 'certificate'
  | 'certificateKey';

/** The gateway's own secrets, as they are now: those in files are read again when they change. */
@Injectable()
export class GatewaySecrets extends ExternalSecrets {
  private readonly given: Partial<Readonly<Record<GatewaySecret, string>>>;

  constructor({ access }: GatewaySettings) {
    const files: Readonly<Record<GatewaySecret, string | undefined>> = {
      authValue: access.authValueFile,
      clientSecret: access.clientSecretFile,
      clientKey: access.clientKeyFile,
      clientCertificate: access.clientCertificateFile,
      identityKey: access.identityKeyFile,
      ca: access.caFile,
      tokenCa: access.tokenCaFile,
      certificate: access.certificateFile,
      certificateKey: access.certificateKeyFile,
    };
    const scopes = [{ resourceType: USE.resourceType }];
    super({
      secrets: Object.entries(files).flatMap(([name, path]) =>
        path === undefined ? [] : [{ name, path, scopes, maxBytes: MAX_TLS_FILE_BYTES }],
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
