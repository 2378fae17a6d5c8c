import { IsOptional, Matches } from 'class-validator';

import { Setting } from './setting.js';
import { Satisfies, isFileOrHttps } from './setting-rules.js';

const RESOURCE_ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * Who administers a database that was empty, without effect on one that was not; and what every start
 * applies.
 */
export class FirstStartSettings {
  @Setting({
    variable: 'BOX_ROOT_CLIENT_ID',
    kind: 'text',
    description: 'Id of the Client that is made at the first start and may do everything.',
    allowed: 'a resource id: 1 to 64 of A-Z, a-z, 0-9, `-` and `.`',
    default: 'root',
    deprecated: ['AIDBOX_CLIENT_ID'],
  })
  @Matches(RESOURCE_ID)
  readonly rootClientId!: string;

  @Setting({
    variable: 'BOX_ROOT_CLIENT_SECRET',
    kind: 'text',
    description: 'Its secret; without one, a random secret is made and kept in the data folder.',
    allowed: 'any text',
    secret: true,
    deprecated: ['AIDBOX_CLIENT_SECRET'],
  })
  @IsOptional()
  readonly rootClientSecret?: string;

  @Setting({
    variable: 'BOX_ADMIN_ID',
    kind: 'text',
    description: 'Id of the User that is made at the first start and may do everything.',
    allowed: 'a resource id: 1 to 64 of A-Z, a-z, 0-9, `-` and `.`',
    default: 'admin',
    deprecated: ['AIDBOX_ADMIN_ID'],
  })
  @Matches(RESOURCE_ID)
  readonly adminId!: string;

  @Setting({
    variable: 'BOX_ADMIN_PASSWORD',
    kind: 'text',
    description:
      'Its password; without one, a random password is made and kept in the data folder.',
    allowed: 'any text',
    secret: true,
    deprecated: ['AIDBOX_ADMIN_PASSWORD'],
  })
  @IsOptional()
  readonly adminPassword?: string;

  @Setting({
    variable: 'BOX_INIT_BUNDLE',
    kind: 'text',
    description:
      'Batch or transaction Bundle that is applied at every start, before the port opens. A transaction that fails stops the start.',
    allowed: 'a path, or a URL that begins with file:// or https://',
    secret: true,
  })
  @IsOptional()
  @Satisfies(isFileOrHttps)
  readonly initBundle?: string;
}
