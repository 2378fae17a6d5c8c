import type { TokenIntrospector } from '../resources/token-introspector/token-introspector.js';
import type { Introspection } from './introspection.js';

/** One kind of token: how an introspector of that kind judges it. */
export interface IntrospectionStrategy<I extends TokenIntrospector, Token> {
  /**
   * Judges one token by one introspector, which routing chose for it.
   *
   * @throws IntrospectionUnavailable when the authority cannot be reached. That is never
   * `active: false`.
   */
  introspect(token: Token, introspector: I): Promise<Introspection>;
}
