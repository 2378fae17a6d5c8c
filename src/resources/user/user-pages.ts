import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { directoryUser, type DirectoryRow, type DirectoryUser } from './directory-user.js';

/** Every User with its Roles, a page at a time; past the cache, whose Users are those that call. */
@Injectable()
export class UserPages {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The Users that follow in order of id.
   *
   * @param id that they come after; empty for the first page
   */
  async after(id: string, count: number): Promise<readonly DirectoryUser[]> {
    const rows: DirectoryRow[] = await this.dataSource.query(
      `SELECT u.resource, false AS is_first_start,
              coalesce((SELECT jsonb_agg(r.resource ORDER BY r.id)
                          FROM role r WHERE r.user_id = u.id), '[]') AS roles
         FROM "user" u WHERE u.id > $1 ORDER BY u.id LIMIT $2`,
      [id, count],
    );
    return rows.map(directoryUser);
  }
}
