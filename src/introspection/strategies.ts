import { Injectable } from '@nestjs/common';
import { AspxauthStrategy } from './aspxauth/aspxauth.strategy.js';
import { JwtStrategy } from './jwt/jwt.strategy.js';
import { OpaqueStrategy } from './opaque/opaque.strategy.js';

/** How a credential is judged, by the type of the introspector. */
@Injectable()
export class Strategies {
  constructor(
    readonly jwt: JwtStrategy,
    readonly opaque: OpaqueStrategy,
    readonly aspxauth: AspxauthStrategy,
  ) {}
}
