import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link ForOperators}. */
export const FOR_OPERATORS = 'wardgate:for-operators';

/**
 * Marks a route as one about the server itself: a policy that allows it must speak of administration
 * (spec §7), so that one for the users of an issuer does not open it. It takes no administrator.
 */
export const ForOperators = (): MethodDecorator & ClassDecorator =>
  SetMetadata(FOR_OPERATORS, true);
