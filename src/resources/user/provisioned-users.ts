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

/** Remembers, beside the Users themselves, which of them identity providers described, and when. */
@Injectable()
export class ProvisionedUsers {
  constructor(private readonly dataSource: DataSource) {}

  /** Notes what was written of a User; one that was not noted at its creation is never refreshed. */
  async note({ manager }: Transaction, userId: string, provisioned: Provisioned): Promise<void> {
    const { dataKeys, tokenIat } = provisioned;
    await manager.query(
      `INSERT INTO provisioned_user AS p (user_id, data_keys, token_iat) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET
         data_keys = excluded.data_keys, token_iat = greatest(p.token_iat, excluded.token_iat)`,
      [userId, dataKeys, tokenIat ?? null],
    );
  }

  /**
   * Takes it upon the caller to refresh a User: of all instances that ask, one is given it, and then
   * nobody until its age has passed again.
   *
   * @param ageMs milliseconds since the last time that it was taken
   * @param tokenIat as in {@link Provisioned}; a token that is not newer than the last one refreshes nothing
   * @returns the names of the members of `data` that the provider gave; `undefined` when nothing is to do.
   */
  async claim(
    userId: string,
    ageMs: number,
    tokenIat: number | undefined,
  ): Promise<readonly string[] | undefined> {
    // TypeORM answers an UPDATE with its rows and their number, a SELECT with the rows alone.
    const rows: { data_keys: string[] }[] = await this.dataSource.query(
      `WITH claimed AS (
         UPDATE provisioned_user SET refreshed_at = clock_timestamp()
          WHERE user_id = $1
            AND refreshed_at <= clock_timestamp() - $2::double precision * interval '1 millisecond'
            AND ($3::double precision IS NULL OR token_iat IS NULL OR token_iat < $3)
          RETURNING data_keys
       )
       SELECT data_keys FROM claimed`,
      [userId, ageMs, tokenIat ?? null],
    );
    return rows[0]?.data_keys;
  }
}
