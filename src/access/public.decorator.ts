import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Public}. */
export const PUBLIC = 'wardgate:public';

/**
 * Opens a route to everybody, without credential and without decision.
 *
 * @param reason Why that is right; a test lists every open route with it.
 */
export const Public = (reason: string): MethodDecorator & ClassDecorator =>
  SetMetadata(PUBLIC, reason);
