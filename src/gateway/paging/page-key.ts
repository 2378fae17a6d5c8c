import { hkdfSync, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StorageSettings } from '../../interactions/storage/storage-settings.js';
import { LinkSeals } from './link-seals.js';

const KEY_BYTES = 32;

/**
 * The key of what is given out under seal, the same on all instances: the first of them makes it and keeps it in the database.
 * Where secrets are encrypted at rest, whoever reads the database alone has not got it.
 */
@Injectable()
export class PageKey implements OnModuleInit {
  private sealed: LinkSeals | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly settings: StorageSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    const { manager } = this.database;
    await manager.query(
      'INSERT INTO upstream_page_key (id, key) VALUES (1, $1) ON CONFLICT DO NOTHING',
      [randomBytes(KEY_BYTES)],
    );
    const rows: { key: Buffer }[] = await manager.query('SELECT key FROM upstream_page_key');
    const [row] = rows;
    if (!row) throw new Error('The key of pages was not kept');
    const salt = this.settings.encryptSecret ?? '';
    this.sealed = new LinkSeals(
      Buffer.from(hkdfSync('sha256', row.key, salt, 'upstream pages', KEY_BYTES)),
    );
  }

  /** Seals with that key. */
  get seals(): LinkSeals {
    if (this.sealed) return this.sealed;
    throw new Error('The key of pages is asked for before the application runs');
  }
}
