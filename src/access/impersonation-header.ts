/** Header that names the User or Client as whom an administrator wants to act (spec §8). */
export const IMPERSONATION_HEADER = 'su';

/** What a request says about it; nothing of it is checked yet. */
export interface WishToActAs {
  /** Value of the header. */
  readonly whom: string;
  readonly requestId: string;
}
