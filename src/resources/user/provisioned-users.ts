import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Transaction } from '../../interactions/storage/transaction.js';

/** What of a User an identity provider gave. */
export interface Provisioned {
  /** Names of the members of `User.data` that it gave. */
  readonly dataKeys: readonly string[];
  /** `iat`, in seconds, of the token that they came with; `undefined` where its age does not matter. */
  readonly tokenIat: number | undefined;
}

/** The right to refresh a User, until somebody is given it anew. */
export interface RefreshClaim {
  /** Names of the members of `User.data` that the provider gave. */
  readonly dataKeys: readonly string[];
  /** When it was given, in seconds, as the database writes them. */
  readonly claimedAt: string;
}

/** Remembers, beside the Users themselves, which of them identity providers described, and when. */
@Injectable()
export class ProvisionedUsers {
  constructor(private readonly dataSource: DataSource) {}

  /** Notes what a User was created with; one that was not noted then is never refreshed. */
  async note({ manager }: Transaction, userId: string, provisioned: Provisioned): Promise<void> {
    const { dataKeys, tokenIat } = provisioned;
    await manager.query(
      'INSERT INTO provisioned_user (user_id, data_keys, token_iat) VALUES ($1, $2, $3)',
      [userId, dataKeys, tokenIat ?? null],
    );
  }

  /**
   * Notes what a User was refreshed with.
   *
   * @returns whether the claim still holds; if not nothing is noted, and nothing may be written.
   */
  async renew(
    { manager }: Transaction,
    userId: string,
    { claimedAt }: RefreshClaim,
    { dataKeys, tokenIat }: Provisioned,
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `WITH renewed AS (
         UPDATE provisioned_user
            SET data_keys = $3, token_iat = greatest(token_iat, $4::double precision)
          WHERE user_id = $1 AND extract(epoch FROM refreshed_at) = $2::numeric
          RETURNING user_id
       )
       SELECT user_id FROM renewed`,
      [userId, claimedAt, dataKeys, tokenIat ?? null],
    );
    return rows.length > 0;
  }

  /**
   * Takes it upon the caller to refresh a User: of all instances that ask, one is given it, and then
   * nobody until its age has passed again.
   *
   * @param ageMs milliseconds since the last time that it was taken
   * @param tokenIat as in {@link Provisioned}; a token that is not newer than the last one refreshes nothing
   * @returns `undefined` when nothing is to do.
   */
  async claim(
    userId: string,
    ageMs: number,
    tokenIat: number | undefined,
  ): Promise<RefreshClaim | undefined> {
    // TypeORM answers an UPDATE with its rows and their number, a SELECT with the rows alone.
    const rows: { data_keys: string[]; claimed_at: string }[] = await this.dataSource.query(
      `WITH claimed AS (
         UPDATE provisioned_user SET refreshed_at = clock_timestamp()
          WHERE user_id = $1
            AND refreshed_at <= clock_timestamp() - $2::double precision * interval '1 millisecond'
            AND ($3::double precision IS NULL OR token_iat IS NULL OR token_iat < $3)
          RETURNING data_keys, extract(epoch FROM refreshed_at)::text AS claimed_at
       )
       SELECT data_keys, claimed_at FROM claimed`,
      [userId, ageMs, tokenIat ?? null],
    );
    return rows[0] && { dataKeys: rows[0].data_keys, claimedAt: rows[0].claimed_at };
  }
}
