import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link AdministratorsOnly}. */
export const ADMINISTRATORS_ONLY = 'wardgate:administrators-only';

/**
 * Limits a route to administrators (spec §7), on top of the decision about the request: it shows what
 * policies, users or requests are like, which the right to call it alone should not.
 */
export const AdministratorsOnly = (): MethodDecorator & ClassDecorator =>
  SetMetadata(ADMINISTRATORS_ONLY, true);
